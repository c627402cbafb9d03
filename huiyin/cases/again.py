"""A closed case that is not over: it goes on for thirty days, later another case follows it."""

from dataclasses import replace
from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.base.texts import in_words
from huiyin.cases import entries, lifecycle
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, CaseLink
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.opening import Opening, open_many
from huiyin.cases.typed import checked
from huiyin.channels.models import Account
from huiyin.engines import placeholders
from huiyin.engines.reason import Reason
from huiyin.rules import book as rulebook
from huiyin.rules import decide as deciding
from huiyin.rules.book import Book
from huiyin.rules.understand import SILENT, understand


def again(case: Case, text: str, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Go on with a closed case and return the case in which it goes on: itself, or the open one that follows it.

    A customer's words are a message; a colleague's are the reason. Whoever writes twice writes twice in the same case.
    Raises Invalid without words, Stale, and MoveNotAllowed for a case that is void or of no customer.
    """
    text = checked(text)
    with tx.write():
        locked = lock(case, version)
        if locked.status == Case.VOID:
            raise MoveNotAllowed("reopen", locked.status)
        goes_on = locked if locked.is_open or lifecycle.may_reopen(locked, at=at) else follower(locked)
        if goes_on is None:
            return _open(locked, text, by, at)
        if by.kind == "customer":
            lifecycle.receive(goes_on, _message(goes_on, text), by=by, at=at)
        elif goes_on.status == Case.CLOSED:
            lifecycle.move(goes_on, "reopen", by=by, at=at, reason="", text=text)
        else:
            lifecycle.note(goes_on, text, by=by, at=at)
    return goes_on


def follower(case: Case) -> Case | None:
    """Return the newest case in work that follows this one."""
    return Case.objects.in_work().with_people().filter(follows=case).order_by("-id").first()


def tell_both(before: Case, after: Case, *, by: Actor, at: datetime) -> None:
    """Let a case and the one just opened to follow it name each other; once for each pair."""
    with tx.write():
        _, made = CaseLink.objects.get_or_create(one=before, two=after, kind="follows", defaults={"at": at})
        if made:
            entries.append(before, [Draft("case.continued", {"number": after.number})], by=by, at=at)
            entries.append(after, [Draft("case.follows", {"number": before.number})], by=by, at=at)


def _open(case: Case, text: str, by: Actor, at: datetime) -> Case:
    if case.customer is None or not case.channel:
        raise MoveNotAllowed("reopen", case.status)
    book = rulebook.current()
    (made,) = open_many([_opening(case, text, book, by, at)], book, at=at)
    tell_both(case, made.case, by=by, at=at)
    return made.case


def _opening(case: Case, text: str, book: Book, by: Actor, at: datetime) -> Opening:
    account = Account.objects.get(code=case.channel)
    understood = understand(book, subject="", text=text, at=at, zone=case.site.zone)
    if understood.category == SILENT:
        understood = replace(understood, category=case.category)
    assert case.customer is not None
    known = deciding.Circumstances(channel=account.kind, customer_level=case.customer.level, has_contact=True)
    decision = deciding.decide(book, understood, known)
    written = by.kind == "customer"
    greeting = _greeting(book, case.language) if written else None
    if greeting is None:
        decision = replace(decision, policies=tuple(p for p in decision.policies if p.kind != "greeting"))
    return Opening(
        site=case.site,
        team=case.team,
        customer=case.customer,
        account=account,
        decision=decision,
        emotion=understood.emotion.code,
        first=_message(case, text) if written else Draft("note.added", {"client_id": "", "files": []}, text),
        title=case.title,
        language=case.language,
        weight=case.weight,
        handler=None,
        chosen=(Reason("continues", {"case": case.number}),),
        by=by,
        follows=case,
        greeting=greeting,
    )


def _message(case: Case, text: str) -> Draft:
    return Draft("message.received", {"channel": case.channel, "files": []}, text)


def _greeting(book: Book, language: str) -> placeholders.Template | None:
    wording = book.wordings.get("greeting")
    return placeholders.parse(in_words(wording, language), ("case.number",)) if wording else None
