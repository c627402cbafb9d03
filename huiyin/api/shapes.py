"""What the API says of things: one function per noun, used by every operation that answers it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.timezone import get_default_timezone

from huiyin.cases import bodies, listed, told
from huiyin.cases.models import Case, Contact, Entry, Promise
from huiyin.cases.owing import Made
from huiyin.rules import book as rulebook
from huiyin.rules.book import Book


def case_shape(
    case: Case,
    promises: Iterable[Promise],
    *,
    book: Book | None = None,
    tags: Iterable[str] | None = None,
) -> dict[str, Any]:
    """Return a case as the API tells it; personal values masked.

    Lists hand the rule book down, to ask for it once; who knows the tags hands those down.
    """
    top = (book or rulebook.current()).top_of(case.category)
    customer = case.customer
    return {
        "number": case.number,
        "url": f"{settings.HUIYIN.public_url}/desk/cases/{case.number}",
        "kind": case.kind,
        "title": case.title,
        "category": top,
        "subcategory": None if top == case.category else case.category,
        "priority": case.priority,
        "emotion": case.emotion,
        "status": case.status,
        "waiting_for": case.waiting_for or None,
        "snoozed_until": stamp(case.snoozed_until),
        "tags": [row.tag for row in case.tags.all()] if tags is None else list(tags),
        "owner": case.owner.number if case.owner else None,
        "handler": case.handler.number if case.handler else None,
        "team": case.team.code,
        "site": case.site.code,
        "channel": case.channel,
        "customer": {"number": customer.number, "name": str(customer.name), "level": customer.level}
        if customer
        else None,
        "language": case.language,
        "department": case.department.code if case.department else None,
        "is_complex": case.is_complex,
        "is_outbound": case.is_outbound,
        "missing": case.missing,
        "likely_same": case.likely_number,
        "promises": [promise_shape(promise) for promise in promises],
        "escalation_level": case.escalation_level,
        "procedure": case.procedure or None,
        "stage": case.stage or None,
        "goal": case.goal or None,
        "goal_met": case.goal_met,
        "outcome": case.outcome or None,
        "closed_how": case.closed_loop or None,
        "confirms_by_silence_at": stamp(case.silence_at),
        "follows": case.follows_number,
        "version": case.version,
        "opened_at": stamp(case.opened_at),
        "resolved_at": stamp(case.resolved_at),
        "closed_at": stamp(case.closed_at),
    }


def case_shapes(cases: Sequence[Case], *, book: Book) -> list[dict[str, Any]]:
    """Return the cases of a list, in order, with what `listed` says beside them: two queries for all."""
    owed, tags = listed.promises_of(cases), listed.tags_of(cases)
    return [case_shape(case, owed[case.pk], book=book, tags=tags[case.pk]) for case in cases]


def promise_shape(promise: Promise) -> dict[str, Any]:
    return {
        "id": str(promise.uuid),
        "kind": promise.kind,
        "state": promise.state,
        "due_at": stamp(promise.due_at),
        "first_due": stamp(promise.first_due),
        "fulfilled_at": stamp(promise.fulfilled_at),
        "provisional": promise.provisional,
    }


def contact_shape(contact: Contact) -> dict[str, Any]:
    """Return a call or chat session; the wire's name for it is nobody's to read: it may be a phone number."""
    return {
        "id": str(contact.uuid),
        "no": contact.no,
        "channel": contact.channel,
        "queue": contact.queue.code if contact.queue else None,
        "person": contact.person.number if contact.person else None,
        "offered_at": stamp(contact.offered_at),
        "answered_at": stamp(contact.answered_at),
        "ended_at": stamp(contact.ended_at),
        "outcome": contact.outcome or None,
    }


def proposed_shape(made: Made) -> dict[str, Any]:
    """Return what a reply promises, as `POST /cases/{number}/promises` takes it; nothing was recorded yet."""
    return {"kind": made.kind, "due_at": stamp(made.due), "text": made.about}


def entry_shape(case: Case, entry: Entry, words: bodies.Words, *, recalled: bool = False) -> dict[str, Any]:
    """Return an entry; `words` are already as the caller may read them, `recalled` ones no customer reads."""
    return {
        "id": f"{case.number}.{entry.seq}",
        "seq": entry.seq,
        "kind": entry.kind,
        "audience": entry.audience,
        "by": {"kind": entry.by_kind, "ref": entry.by_ref},
        "at": stamp(entry.at),
        "sentence": told.sentence(entry),
        "text": words.text,
        "recalled": recalled,
        "payload": {key: value for key, value in entry.payload.items() if key != "client_id"},
    }


def stamp(at: datetime | None) -> str | None:
    """Return a time as RFC 3339 with the offset of the organisation's zone."""
    return at.astimezone(get_default_timezone()).isoformat(timespec="seconds") if at else None
