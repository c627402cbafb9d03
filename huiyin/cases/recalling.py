"""Taking back one's own chat reply within two minutes: the customer reads it no more, colleagues still do."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, promises
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.lifecycle import FIRST_ANSWERS
from huiyin.cases.models import Case, Contact, Entry, Promise
from huiyin.channels import undelivered
from huiyin.channels.models import Delivery
from huiyin.engines.reason import Reason

WITHIN = timedelta(minutes=2)
CHAT = "chat"
SENT, RECALLED = "message.sent", "message.recalled"


class CannotRecall(Exception):
    """This message cannot be taken back; `code`: not_yours, not_chat, too_late, recalled_already, not_sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def recall(case: Case, seq: int, *, by: Actor, at: datetime) -> Entry:
    """Take back the reply with this number; what has not been sent yet is never sent.

    A first answer that was promised is owed again, unless another reply stands. Raises CannotRecall.
    """
    with tx.write():
        lock(case, None)
        said = Entry.objects.filter(case=case, seq=seq, kind=SENT).first()
        if said is None:
            raise CannotRecall("not_sent")
        if seq in recalled_of(case):
            raise CannotRecall("recalled_already")
        if (why := _refusal(case.channel_kind, said, by, at)) is not None:
            raise CannotRecall(why)
        (told,) = entries.append(case, [Draft(RECALLED, {"seq": seq, "channel": case.channel})], by=by, at=at)
        waiting = Delivery.objects.filter(case_number=case.number, entry_seq=seq, state=Delivery.WAITING)
        waiting.update(state=Delivery.DEAD, reason=undelivered.kept(Reason("recalled")))
        _owe_again(case, said, by=by, at=at)
    return told


def may(channel_kind: str, entry: Entry, *, by: Actor, at: datetime) -> bool:
    """Say whether this person may still take this entry back, if they have not done so."""
    return entry.kind == SENT and _refusal(channel_kind, entry, by, at) is None


def recalled_in(given: Iterable[Entry]) -> set[int]:
    """Return the numbers of the messages that these entries take back."""
    return {int(entry.payload["seq"]) for entry in given if entry.kind == RECALLED}


def recalled_of(case: Case) -> set[int]:
    """Return the same of a whole case: one query for a chat, none for what cannot be taken back."""
    if case.channel_kind != CHAT:
        return set()
    return recalled_in(Entry.objects.filter(case=case, kind=RECALLED))


def _refusal(channel_kind: str, entry: Entry, by: Actor, at: datetime) -> str | None:
    if entry.by_kind != by.kind or entry.by_ref != by.ref:
        return "not_yours"
    if channel_kind != CHAT:
        return "not_chat"
    return "too_late" if at > entry.at + WITHIN else None


def _owe_again(case: Case, said: Entry, *, by: Actor, at: datetime) -> None:
    stands = Entry.objects.filter(case=case, kind=SENT).exclude(seq__in=recalled_of(case))
    last = stands.order_by("-at").values_list("at", flat=True).first()
    kept = Promise.objects.filter(case=case, kind__in=FIRST_ANSWERS, fulfilled_at=said.at).exclude(
        kind="greeting"
    )
    again = []
    for promise in kept.select_related("contact"):
        if last is not None and (promise.contact is None or last >= promise.contact.offered_at):
            continue
        if promise.contact is not None:
            Contact.objects.filter(pk=promise.contact.pk).update(answered_at=None, person=None)
        broke = Entry.objects.filter(case=case, kind="promise.broken", payload__id=str(promise.uuid)).exists()
        # One that the clock had not broken yet runs on: if it is late by now, the clock breaks it at once.
        Promise.objects.filter(pk=promise.pk).update(
            state=Promise.BROKEN if broke else Promise.RUNNING,
            broken_at=promise.broken_at if broke else None,
            next_at=None if broke else promise.due_at,
            fulfilled_at=None,
        )
        again.append(promises.opened(promise))
    if again:
        promises.refresh(case)
        entries.append(case, again, by=by, at=at)
