"""The one door: every change of a case's state, people or clocks goes through here.

Each change locks the row, checks what it leaves and the version that was seen, and writes by compare-and-set:
two people cannot both finish a case, on SQLite or PostgreSQL.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from huiyin.base import tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.base.models import Blob
from huiyin.cases import (
    acceptance,
    attached,
    completing,
    contacts,
    drafts,
    entries,
    finishing,
    hearing,
    load,
    mentions,
    promises,
    settling,
    taking,
    waiting,
)
from huiyin.cases.changing import change, lock
from huiyin.cases.contacts import Arrival
from huiyin.cases.entries import Draft
from huiyin.cases.finishing import Step
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import MOVES, MoveNotAllowed, Stale
from huiyin.cases.opening import Opening, open_many
from huiyin.cases.pending import OpenRequest
from huiyin.cases.settling import FIRST_ANSWERS
from huiyin.cases.typed import TEXT_LIMIT, Invalid, checked
from huiyin.engines.classify import Emotion
from huiyin.engines.reason import Reason
from huiyin.rules import words
from huiyin.staff.models import Staff

__all__ = [
    "FIRST_ANSWERS",
    "TEXT_LIMIT",
    "Invalid",
    "MoveNotAllowed",
    "OpenRequest",
    "Opening",
    "Stale",
    "open_many",
]


def receive(
    case: Case,
    first: Draft,
    *,
    by: Actor,
    at: datetime,
    emotion: Emotion | None = None,
    given: Collection[str] = (),
    arrival: Arrival | None = None,
) -> Entry:
    """Add a customer's message and return its entry; a case that waits for them, sleeps, is solved or closed goes on.

    What it brings is missing no more; `given` names what it holds for certain. Mere thanks open nothing again; who says
    that it is solved confirms it. A threat raises the case; `emotion` None: it is heard from the words. `arrival`: it
    came in a call or a chat, which may begin with it. Raises MoveNotAllowed for a case closed too long ago: `again`
    opens another.
    """
    emotion = hearing.heard(first.text) if emotion is None else emotion
    with tx.write():
        locked = lock(case, None)
        contact, begins = contacts.of_message(case, arrival, at=at) if arrival else (None, False)
        first = replace(first, contact=contact)
        entry, *_ = entries.append(case, [first, *hearing.threats(emotion)], by=by, at=at)
        hearing.take_in(case, locked, emotion, at=at)
        completing.fill(case, locked, first.text, given=given, by=by, at=at)
        meant = hearing.meant(first, locked)
        if contact and arrival and begins:
            contacts.begin(contact, arrival, owes=not meant, at=at)
        elif not meant:
            promises.await_reply(case, by=by, at=at)
        if waiting.ends_with_message(locked):
            move(case, "resume", by=by, at=at, reason="message")
        elif locked.status == Case.RESOLVED and meant != hearing.THANKS:
            name, how = ("confirm", "channel") if meant else ("dispute", finishing.MESSAGE)
            move(case, name, by=by, at=at, how=how)
        elif locked.status == Case.CLOSED and not meant:
            move(case, "reopen", by=by, at=at, reason="message")
    return entry


def may_reopen(case: Case, *, at: datetime) -> bool:
    """Say whether this closed case may still be opened again; later another one follows it."""
    within = MOVES["reopen"].within
    ended = case.closed_at or at
    return case.status == Case.CLOSED and (within is None or at <= ended + within)


def reply(
    case: Case,
    text: str,
    *,
    by: Actor,
    at: datetime,
    client_id: str = "",
    version: int | None = None,
    files: Sequence[Blob] = (),
) -> Entry:
    """Answer the customer: a new case is accepted by it, and what is owed as a first answer is kept.

    `files` are stored but have no row yet. A second call with the same `client_id` returns the entry of the first.
    Raises Invalid, Stale, MoveNotAllowed.
    """
    text = attached.words(text, files)
    with tx.write():
        locked = lock(case, version)
        if said := _said_already(case, "message.sent", client_id):
            return said
        if locked.status in (Case.CLOSED, Case.VOID):
            raise MoveNotAllowed("reply", locked.status)
        if locked.customer_id is None:
            raise Invalid(customer="missing")
        if locked.status == Case.NEW:
            move(case, "accept", by=by, at=at)
        told = {"channel": case.channel, "client_id": client_id, "files": attached.take(case, files)}
        contact = contacts.answer(case, by=by, at=at)
        (entry,) = entries.append(case, [Draft("message.sent", told, text, contact=contact)], by=by, at=at)
        promises.keep(case, FIRST_ANSWERS, by=by, at=at)
        drafts.sent(case, by=by)
    return entry


def note(
    case: Case, text: str, *, by: Actor, at: datetime, client_id: str = "", files: Sequence[Blob] = ()
) -> Entry:
    """Add words that only staff read; whoever is named in them with @ is told, and let in only by a decision.

    `files` as in `reply`. A second call with the same `client_id` returns the entry of the first.
    """
    text = attached.words(text, files)
    with tx.write():
        lock(case, None)
        if said := _said_already(case, "note.added", client_id):
            return said
        written = Draft("note.added", {"client_id": client_id, "files": attached.take(case, files)}, text)
        (entry,) = entries.append(case, [written], by=by, at=at)
        mentions.record(case, text, entry.seq, by=by, at=at)
        drafts.sent(case, by=by)
    return entry


def move(
    case: Case, name: str, *, by: Actor, at: datetime, version: int | None = None, text: str = "", **told: Any
) -> Case:
    """Make one move of the life cycle and everything that belongs to it; return the case as it now stands.

    `version` is the one the caller saw; None skips that check, for customers and clocks. What `told` holds for
    resolve, confirm and dispute stands in `finishing`. Raises Stale or MoveNotAllowed, Invalid when something is
    missing (result, evidence, a reason) or the text is too long, and OpenRequest when another department still owes
    something at resolve and `despite` gives no reason; then nothing was changed.
    """
    step = MOVES[name]
    if name == "resolve" or text:
        text = checked(text, field="resolution" if name == "resolve" else "text")
    if name == "wait":
        told = waiting.checked(told, at=at)
    with tx.write():
        locked = lock(case, version)
        if locked.status not in step.leaves or (by.kind == "customer" and not step.by_customer):
            raise MoveNotAllowed(name, locked.status)
        if step.within is not None and at > _left_at(locked, at) + step.within:
            raise MoveNotAllowed(name, locked.status)
        if name == "restore" and locked.merged_into_id is not None:
            # It lives on in another case: only undoing the merge helps.
            raise MoveNotAllowed(name, locked.status)
        acceptance.refuse_others(locked, name, by=by, at=at)
        done = _step(name, locked, by, at, told)
        change(case, locked, {"status": step.enters, **done.changes}, at=at)
        heard = hearing.heard(text) if text and by.kind == "customer" else None
        written = [
            *done.before,
            Draft(step.entry, done.payload, text),
            *(hearing.threats(heard) if heard else ()),
            *acceptance.handed_in(case, name),
        ]
        entries.append(case, written, by=by, at=at)
        settling.settle(case, name, by=by, at=at, told=done.payload)
        if heard:
            hearing.take_in(case, lock(case, None), heard, at=at)
        if text:
            drafts.sent(case, by=by)
    return case


def assign(
    case: Case,
    to: Staff,
    because: Sequence[Reason],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    text: str = "",
) -> bool:
    """Give the case to a person, who then owes its promises. False when `by` is no person and they take none."""
    with tx.write():
        locked = lock(case, version)
        if locked.status not in Case.IN_WORK:
            raise MoveNotAllowed("assign", locked.status)
        if by.kind == "system" and not load.has_room(to.pk, at=at):
            return False
        # A new case gets its owner when it is accepted; one that a program accepted has none until now.
        first = {"owner": to} if locked.owner_id is None and locked.status != Case.NEW else {}
        change(case, locked, {"handler": to, **first}, at=at)
        promises.hand_over(case)
        payload = {"to": to.number, "because": words.stored(tuple(because))}
        entries.append(case, [Draft("case.assigned", payload, text)], by=by, at=at)
    return True


def escalate(
    case: Case,
    *,
    to: Staff,
    cause: str,
    by: Actor = CLOCK,
    at: datetime,
    depth: int = 0,
    text: str = "",
) -> None:
    """Raise the case one level, to this person: recorded, and told by the reactions. The handler stays."""
    with tx.write():
        locked = lock(case, None)
        raised: dict[str, Any] = {"escalation_level": locked.escalation_level + 1}
        if cause in finishing.AS_COMPLAINT:
            raised["silence_at"] = None
        change(case, locked, raised, at=at)
        told = {"to": to.number, "level": case.escalation_level, "cause": cause}
        entries.append(case, [Draft("case.escalated", told, text)], by=by, at=at, depth=depth)


def _left_at(case: Case, at: datetime) -> datetime:
    """Return when the case was closed or voided."""
    ended = (
        Entry.objects.filter(case=case, kind__in=("case.confirmed", "case.voided")).order_by("-seq").first()
    )
    return ended.at if ended else at


def _step(name: str, case: Case, by: Actor, at: datetime, told: Mapping[str, Any]) -> Step:
    match name:
        case "resolve":
            return finishing.resolving(case, told, at=at)
        case "confirm":
            return finishing.confirming(case, told, by=by, at=at)
        case "dispute":
            return finishing.disputing(case, told, by=by)
    return Step(_CHANGES[name](case, by, told) if name in _CHANGES else {}, told)


_CHANGES: dict[str, Callable[[Case, Actor, Mapping[str, Any]], dict[str, Any]]] = {
    "accept": taking.people,
    "wait": lambda case, by, told: waiting.columns(told),
    "resume": lambda case, by, told: {**waiting.NOTHING},
    "reopen": lambda case, by, told: {
        "resolved_at": None,
        "closed_at": None,
        "closed_loop": "",
        "outcome": "",
        "goal_met": None,
    },
    "void": lambda case, by, told: {**waiting.NOTHING},
}


def _said_already(case: Case, kind: str, client_id: str) -> Entry | None:
    return (
        Entry.objects.filter(case=case, kind=kind, payload__client_id=client_id).first()
        if client_id
        else None
    )
