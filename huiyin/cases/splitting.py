"""One message that speaks of two matters: the second becomes a case of its own, linked to the first."""

from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import bodies, entries
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, CaseLink, Entry, EntryBody
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.opening import Opening, open_many
from huiyin.channels.models import Account
from huiyin.engines.reason import Reason
from huiyin.rules import book as rulebook
from huiyin.rules import decide as deciding
from huiyin.rules.understand import understand


class NoSuchMessage(Exception):
    """The entry is no message of the customer with words in it."""


def split(case: Case, seq: int, *, title: str, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Open a case for the customer's message number `seq`, which stays where it is too; return the new case.

    Both cases say where the other is. The new one goes to whoever works on the first. Raises NoSuchMessage,
    MoveNotAllowed when the case is void, Stale.
    """
    with tx.write():
        locked = lock(case, version)
        if locked.status == Case.VOID or locked.customer is None:
            raise MoveNotAllowed("split", locked.status)
        body = EntryBody.objects.filter(case=case, seq=seq).first()
        if body is None or not Entry.objects.filter(case=case, seq=seq, kind="message.received").exists():
            raise NoSuchMessage(seq)
        change(case, locked, {}, at=at)
        opened = open_many([_opening(locked, body, title, by, at)], rulebook.current(), at=at)[0].case
        CaseLink.objects.create(one=case, two=opened, kind="split", at=at)
        entries.append(case, [Draft("case.split", {"number": opened.number})], by=by, at=at)
        entries.append(opened, [Draft("case.linked", {"number": case.number})], by=by, at=at)
    return opened


def _opening(case: Case, body: EntryBody, title: str, by: Actor, at: datetime) -> Opening:
    book = rulebook.current()
    account = Account.objects.select_related("site").get(code=case.channel)
    understood = understand(book, subject=title, text=body.text, at=at, zone=case.site.zone)
    assert case.customer is not None
    known = deciding.Circumstances(channel=account.kind, customer_level=case.customer.level, has_contact=True)
    return Opening(
        site=case.site,
        team=case.team,
        customer=case.customer,
        account=account,
        decision=deciding.decide(book, understood, known),
        emotion=understood.emotion.code,
        first=Draft("message.received", {"channel": account.code, "files": []}, body.text, body.spans),
        title=title.strip() or case.title,
        language=case.language,
        weight=case.weight,
        handler=case.handler,
        chosen=(Reason("split_from", {"case": case.number}),),
        by=by,
        follows=case,
    )


def messages_of(case: Case) -> list[tuple[int, str]]:
    """Return the customer's messages that can be split: number and first words, personal values masked."""
    said = Entry.objects.filter(case=case, kind="message.received").values_list("seq", flat=True)
    words = bodies.of(case, plain=False)
    return [(seq, " ".join(words[seq].text.split())[:60]) for seq in sorted(said) if seq in words]
