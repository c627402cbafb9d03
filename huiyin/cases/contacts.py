"""Calls and chat sessions: which one a message belongs to, what each is owed, and when it was answered.

A greeting and a first reply are promised to each of them, so that a second call in one case has its own time.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from huiyin.base import rows, secrets, tx
from huiyin.base.actor import GREETER, INTAKE, Actor
from huiyin.cases import entries, promises
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Contact, Entry, Promise
from huiyin.engines.placeholders import Template
from huiyin.rules import book as rulebook
from huiyin.rules import decide

JOINS_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Arrival:
    """On which live wire a message came, and the wire's name for the call or session; empty: it tells none.

    `greeting` is what the customer of a later contact is told at once.
    """

    channel: str
    kind: str
    session: str = ""
    greeting: Template | None = None


def first(case: Case, arrival: Arrival, *, at: datetime) -> Contact:
    """Return the contact that opens this new case; neither is stored yet."""
    return _new(case, 1, arrival, at)


def of_message(case: Case, arrival: Arrival, *, at: datetime) -> tuple[Contact, bool]:
    """Return the contact that a message to this locked case belongs to, and whether it begins with it.

    A running one has not ended and is younger than 24 hours. A message that names its session belongs to the running
    contact of that session, any other to the newest running one of its channel.
    """
    running = of(case).filter(channel=arrival.channel, ended_at=None, offered_at__gt=at - JOINS_FOR)
    if arrival.session:
        running = running.filter(session=digest(arrival.channel, arrival.session))
    known = running.order_by("-pk").first()
    if known is not None:
        return known, False
    contact = _new(case, Contact.objects.filter(case=case).count() + 1, arrival, at)
    rows.insert([contact])
    return contact, True


def begin(contact: Contact, arrival: Arrival, *, owes: bool, at: datetime) -> None:
    """Tell that a later contact of a case began and, if it `owes`, promise it a greeting and a first reply."""
    case = contact.case
    assert case is not None
    owed = _promised(contact, at=at) if owes else []
    greeted = [one for one in owed if one.kind == "greeting"] if arrival.greeting else []
    for promise in greeted:
        promise.state, promise.fulfilled_at, promise.next_at = Promise.KEPT, at, None
    with tx.write():
        rows.insert(owed)
        promises.refresh(case)
        entries.append(case, [began(contact, owed), *map(promises.opened, owed)], by=INTAKE, at=at)
        if owes and arrival.greeting is not None:
            text = arrival.greeting.fill({"case.number": case.number})
            kept = [
                Draft("promise.kept", {"promise": p.kind, "due": p.due_at.isoformat(), "late": False})
                for p in greeted
            ]
            sent = Draft("greeting.sent", {"channel": case.channel}, text, (), contact)
            entries.append(case, [sent, *kept], by=GREETER, at=at)


def began(contact: Contact, owed: Sequence[Promise]) -> Draft:
    """Return the entry that tells that a contact began, and which of these promises it is owed."""
    return told("began", contact, promises=[one.kind for one in owed if one.kind in Contact.OWES])


def told(what: str, contact: Contact, **more: Any) -> Draft:
    """Return the entry `contact.…` about this contact."""
    payload = {"no": contact.no, "channel": contact.channel_kind, **more}
    return Draft(f"contact.{what}", payload, contact=contact)


def answer(case: Case, *, by: Actor, at: datetime) -> Contact | None:
    """Mark as answered every contact of the case that waits for it; return the one in which a person's words are said.

    What is owed to them the caller keeps. They reach the customer wherever they wait, so they answer all of these.
    """
    running = list(of(case).filter(ended_at=None).order_by("pk"))
    waiting = [one.pk for one in running if one.answered_at is None]
    if waiting:
        person = by.id if by.kind == "staff" else None
        Contact.objects.filter(pk__in=waiting).update(answered_at=at, person=person)
    newest = running[-1] if running else None
    return newest if newest and (newest.pk in waiting or newest.offered_at > at - JOINS_FOR) else None


def of(case: Case) -> QuerySet[Contact]:
    """Return the contacts of the case and of cases merged into it: one query to find these, as a rule."""
    found = level = [case.pk]
    while level := list(
        Case.objects.filter(merged_into__in=level).exclude(pk__in=found).values_list("pk", flat=True)
    ):
        found = found + level
    return Contact.objects.filter(case__in=found)


def begun_in(given: Iterable[Entry]) -> dict[int, Contact]:
    """Return the contacts that began with these entries, which the reader may read, by the entry's number: one query.

    None where none began.
    """
    places = {e.contact_id: e.seq for e in given if e.kind == "contact.began" and e.contact_id}
    found = Contact.objects.filter(pk__in=list(places)).select_related("person") if places else ()
    return {places[one.pk]: one for one in found}


def cases_of(sessions: Collection[tuple[str, str]], *, at: datetime) -> dict[tuple[str, str], Case]:
    """Return the case of each of these sessions (channel, name) that runs: two queries, none for none."""
    named = {(channel, digest(channel, name)): (channel, name) for channel, name in sessions}
    if not named:
        return {}
    young = Contact.objects.filter(ended_at=None, offered_at__gt=at - JOINS_FOR).exclude(case=None)
    running_ones = young.filter(session__in=[session for _, session in named]).order_by("pk")
    found = {(row.channel, row.session): row.case_id for row in running_ones}
    cases = Case.objects.with_people().in_bulk([pk for pk in found.values() if pk is not None])
    return {named[key]: cases[pk] for key, pk in found.items() if key in named and pk in cases}


def digest(channel: str, session: str) -> str:
    """Return how the name of a session is stored: a wire may use a phone number for it. Empty stays empty."""
    return secrets.digest("contact-session", f"{channel}:{session}") if session else ""


def _new(case: Case, no: int, arrival: Arrival, at: datetime) -> Contact:
    session = digest(arrival.channel, arrival.session)
    return rows.new(
        Contact,
        case=case,
        no=no,
        channel=arrival.channel,
        channel_kind=arrival.kind,
        session=session,
        queue=case.team,
        offered_at=at,
    )


def _promised(contact: Contact, *, at: datetime) -> list[Promise]:
    case, book = contact.case, rulebook.current()
    assert case is not None
    wanted = decide.applicable(
        book, channel=contact.channel_kind, category=case.category, priority=case.priority
    )
    return [
        promises.draft(case, policy, book, at=at, contact=contact)
        for policy in wanted
        if policy.kind in Contact.OWES
    ]
