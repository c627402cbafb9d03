"""The tasks that facts cause. Each takes `at`, reads what it needs, and calls one verb; each may run again."""

import contextlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from huiyin.base import files, once, tx
from huiyin.base.actor import ASKER, CLOCK, Actor
from huiyin.base.outbox import task
from huiyin.base.outbox.worker import sweep
from huiyin.cases import completing, drafts, lifecycle, links, plans, recalling, reckoning, relieving
from huiyin.cases.finishing import MESSAGE
from huiyin.cases.models import ASSIGNED, Case, Entry, EntryBody
from huiyin.channels import deliver as channel
from huiyin.channels.models import Account
from huiyin.dispatch import offer
from huiyin.intake import accept
from huiyin.intake.models import InboxItem
from huiyin.notices import digest
from huiyin.notices.tell import tell
from huiyin.staff.models import Session, SignInFailure, Staff

KEPT_RAW = timedelta(days=30)
GREETS_FOR = timedelta(hours=1)  # later nobody wants to hear that their message has come
KEPT_FAILURES = timedelta(days=1)


class StillWaiting(Exception):
    """The message cannot be understood yet."""


@task("fast", outside=True)
def serve_queue(*, at: datetime) -> None:
    """Offer what waits to whoever has room: each case in its own transaction, the choosing in none."""
    offer.serve_queue(at=at)


@task("fast", outside=True)
def relieve(*, at: datetime) -> None:
    """Take off people what they may not work on any more: each case in its own transaction."""
    relieving.sweep(at=at)


@task("fast", outside=True)
def retry_inbox(*, item: int, at: datetime) -> None:
    """Try again to understand a message; raises so that the task comes again until it is understood or quarantined."""
    found = InboxItem.objects.select_related("account__site").get(pk=item)
    if found.state == InboxItem.WAITING and not accept.retry(found, at=at):
        found.refresh_from_db(fields=["state", "error"])
        if found.state == InboxItem.WAITING:
            raise StillWaiting(found.error)


@task("webhook", outside=True)
def deliver(*, case: int, ref: str, at: datetime) -> None:
    """Send to the channel what was written to the customer. The key of the delivery is the entry's own name."""
    found = Case.objects.get(pk=case)
    if not found.channel:
        return  # a task without a channel: nobody outside waits for it
    account = Account.objects.get(code=found.channel)
    seq = int(ref.rpartition(":")[2])
    entry = Entry.objects.get(case=found, seq=seq)
    if entry.kind == "greeting.sent" and at - entry.at > GREETS_FOR:
        channel.let_go(account, f"{found.number}.{seq}", "outdated", at=at)
        return
    if entry.kind == recalling.SENT and seq in recalling.recalled_of(found):
        return  # taken back before it left
    body = {
        "event": entry.kind,
        "case": found.number,
        "seq": seq,
        "status": found.status,
        "text": EntryBody.objects.filter(case=found, seq=seq).values_list("text", flat=True).first() or "",
        "files": entry.payload.get("files", []),
        "follow_url": links.url(found),
        "at": entry.at.isoformat(),
    }
    if entry.kind == recalling.RECALLED:
        body["recalled_seq"] = entry.payload["seq"]
    channel.deliver(
        account, body, key=f"{found.number}.{seq}", case_number=found.number, entry_seq=seq, at=at
    )


@task("fast")
def ask_missing(*, case: int, ref: str, at: datetime) -> None:
    """Ask the customer for what the case needs, unless somebody did or it is known by now."""
    found = Case.objects.select_related("customer").get(pk=case)
    with suppress(completing.NothingToAsk, lifecycle.MoveNotAllowed), tx.attempt():
        completing.ask(found, by=ASKER, at=at)


@task("fast")
def tell_assigned(*, case: int, ref: str, to: str, at: datetime) -> None:
    found = Case.objects.get(pk=case)
    tell(_people([to]), "case.assigned", cause=ref, case_number=found.number, at=at)


@task("fast")
def tell_disputed(*, case: int, ref: str, how: str = "customer", at: datetime) -> None:
    found = Case.objects.select_related("handler", "team__lead").get(pk=case)
    if found.kind == ASSIGNED:
        receiver = [found.handler_id] if found.handler_id else []
        tell(receiver, "task.returned", cause=ref, case_number=found.number, at=at)
        return
    kind = "case.answered_back" if how == MESSAGE else "case.disputed"
    tell(_concerned(found), kind, cause=ref, case_number=found.number, at=at)


@task("fast")
def tell_reopened(*, case: int, ref: str, by: str, at: datetime) -> None:
    """Tell who works on it and who leads them, but not who opened it again."""
    found = Case.objects.select_related("handler", "team__lead").get(pk=case)
    tell(_concerned(found) - set(_people([by])), "case.reopened", cause=ref, case_number=found.number, at=at)


@task("clock")
def tell_due(*, told: list[list[Any]], counts: dict[str, dict[str, int]], at: datetime) -> None:
    """Tell debtors and leads what the clock did in one step: one by one, or each person once when it is many."""
    digest.tell_due([digest.Due(*one) for one in told], counts, at=at)


@task("fast", outside=True)
def open_turns(*, at: datetime) -> None:
    """Open the turns of plans whose time has come."""
    plans.open_turns(at=at)


@task("heavy", outside=True)
def reckon(*, at: datetime) -> None:
    """Let what runs follow the policies and calendars, once after each change of the configuration."""
    reckoning.follow_configuration(by=CLOCK, at=at)


@task("clock", outside=True)
def tidy(*, at: datetime) -> None:
    """Remove what has served its time: done tasks, the raw inbox, ended sessions, old failures, drafts, lost files."""
    sweep(at)
    files.sweep(at)
    once.sweep(at)
    drafts.sweep(at)
    with tx.write():
        InboxItem.objects.filter(state=InboxItem.DONE, received_at__lt=at - KEPT_RAW).delete()
        Session.objects.filter(expire_date__lt=at).delete()
        SignInFailure.objects.filter(at__lt=at - KEPT_FAILURES).delete()


@task("fast")
def answer_child(*, parent: int, ref: str, number: str, resolve: bool, by: str, at: datetime) -> None:
    """Answer one case of a group with the group's text; a second run finds its own answer and does nothing."""
    child = Case.objects.get(number=number)
    text = EntryBody.objects.values_list("text", flat=True).get(case=parent, seq=int(ref.rpartition(":")[2]))
    actor = Actor("staff", by, Staff.objects.values_list("pk", flat=True).get(number=by))
    if not child.is_open or child.parent_id != parent:
        return  # it was settled or taken out of the group meanwhile
    lifecycle.reply(child, text, by=actor, at=at, client_id=ref)
    child.refresh_from_db()
    if resolve and child.status in (Case.OPEN, Case.WAITING):
        # What still lacks something stays open with its answer; whoever works on it sees why when solving it.
        with contextlib.suppress(lifecycle.Invalid, lifecycle.OpenRequest), tx.attempt():
            lifecycle.move(child, "resolve", by=actor, at=at, text=text)


def _people(numbers: Iterable[str]) -> list[int]:
    return list(Staff.objects.filter(number__in=list(numbers)).values_list("pk", flat=True))


def _concerned(case: Case) -> set[int]:
    concerned = {case.handler_id, case.team.lead_id} - {None}
    return {pk for pk in concerned if pk is not None} - set(case.about.values_list("pk", flat=True))
