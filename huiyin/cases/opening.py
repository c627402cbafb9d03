"""Opening cases, one or many in the same few statements. Only `lifecycle` and the intake call this."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from huiyin.base import rows, tx
from huiyin.base.actor import DISPATCH, GREETER, INTAKE, Actor
from huiyin.cases import contacts, entries, load, promises, sameness
from huiyin.cases.contacts import Arrival
from huiyin.cases.entries import Draft
from huiyin.cases.models import NEVER, PRIORITY_RANK, Case, Contact, Promise
from huiyin.cases.numbers import next_numbers
from huiyin.channels.models import Account
from huiyin.customers.models import Customer
from huiyin.engines.placeholders import Template
from huiyin.engines.reason import Reason
from huiyin.rules import words
from huiyin.rules.book import Book
from huiyin.rules.decide import Decision
from huiyin.rules.finishing import goal_of
from huiyin.rules.models import PromisePolicy
from huiyin.staff.models import Site, Staff, Team

TITLE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything that makes a new case. `handler` None queues it; `chosen` says why.

    `greeting` is what the customer is told at once; it keeps the greeting that is promised, never the first reply.
    It stands in the opening itself because it is one more row there, and a transaction of its own anywhere else.
    `customer` and `account` None, in what a colleague noticed: a task that nobody outside waits for.
    `arrival`: it begins with a call or a chat session, the first contact of the case.
    A handler without `chosen` was named by hand and carries the case even when full; `opened_by` says who opened it.
    """

    site: Site
    team: Team
    customer: Customer | None
    account: Account | None
    decision: Decision
    emotion: str
    first: Draft
    title: str
    language: str
    weight: Decimal
    handler: Staff | None
    chosen: tuple[Reason, ...]
    by: Actor
    follows: Case | None = None
    greeting: Template | None = None
    opened_by: Actor = INTAKE
    owner: Staff | None = None
    is_outbound: bool = False
    kind: str = "service"
    family: str = "service"
    arrival: Arrival | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A new case with what is promised on it and the reasons of the decision."""

    case: Case
    promises: tuple[Promise, ...]
    because: tuple[Reason, ...]


def open_many(openings: Sequence[Opening], book: Book, *, at: datetime) -> list[Opened]:
    """Open one case for each, in order, each with its promises, its reasons and its handler's load.

    A handler who turns out to be full by now is left out and the case queues. Statements: one each for
    cases, promises, entries, bodies and tasks, one for their contacts if there are any, and one for each handler.
    """
    if not openings:
        return []
    with tx.write():
        openings = _with_room([_kept_from_whom_it_is_about(one) for one in openings], at)
        numbers = _numbers([opening.site for opening in openings], at)
        cases = [_case(o, number, book, at) for o, number in zip(openings, numbers, strict=True)]
        sameness.mark(cases, at=at)
        began = [_contact(case, o, at) for case, o in zip(cases, openings, strict=True)]
        owed = [_promises(case, o, book, at, c) for case, o, c in zip(cases, openings, began, strict=True)]
        timelines = [
            (case, 1, _timeline(case, opening, promised, contact))
            for case, opening, promised, contact in zip(cases, openings, owed, began, strict=True)
        ]
        for case, _, drafts in timelines:
            case.entry_seq = len(drafts)
        rows.insert(cases)
        for case, opening in zip(cases, openings, strict=True):
            if opening.follows is not None:
                case.about.set(opening.follows.about.all())
        rows.insert([contact for contact in began if contact is not None])
        rows.insert([promise for promised in owed for promise in promised])
        entries.append_numbered(timelines, at=at)
    return [
        Opened(case, tuple(promised), (*opening.decision.because, *opening.chosen))
        for case, promised, opening in zip(cases, owed, openings, strict=True)
    ]


def _numbers(sites: Sequence[Site], at: datetime) -> list[str]:
    """Return a number for each, of its own site's day."""
    taken = {site: iter(next_numbers(site, count, at=at)) for site, count in Counter(sites).items()}
    return [next(taken[site]) for site in sites]


def _kept_from_whom_it_is_about(opening: Opening) -> Opening:
    """What follows a case about somebody stays with the team that had it, and away from them."""
    about = set(opening.follows.about.values_list("pk", flat=True)) if opening.follows is not None else set()
    if not about or opening.follows is None:
        return opening
    handler = opening.handler if opening.handler and opening.handler.pk not in about else None
    return replace(opening, team=opening.follows.team, handler=handler)


def _with_room(openings: Sequence[Opening], at: datetime) -> list[Opening]:
    kept = []
    for opening in openings:
        handler = opening.handler
        if (
            handler is not None
            and opening.family == "service"
            and not load.take(handler.pk, opening.weight, at=at, forced=not opening.chosen)
        ):
            opening = replace(opening, handler=None, chosen=(Reason("full_meanwhile"),))
        kept.append(opening)
    return kept


def _case(opening: Opening, number: str, book: Book, at: datetime) -> Case:
    procedure = book.procedure_of(opening.decision.category)
    return rows.new(
        Case,
        kind=opening.kind,
        family=opening.family,
        procedure=procedure,
        stage=book.procedures[procedure].start if procedure else "",
        number=number,
        site=opening.site,
        team=opening.team,
        customer=opening.customer,
        channel=opening.account.code if opening.account else "",
        channel_kind=opening.account.kind if opening.account else "",
        category=opening.decision.category,
        goal=goal_of(book, opening.decision.category),
        priority=opening.decision.priority,
        priority_rank=PRIORITY_RANK[opening.decision.priority],
        emotion=opening.emotion,
        missing=list(opening.decision.missing),
        handler=opening.handler,
        owner=opening.owner,
        is_outbound=opening.is_outbound,
        title=opening.title[:TITLE_CHARS],
        language=opening.language,
        weight=opening.weight,
        follows=opening.follows,
        opened_at=at,
    )


def _contact(case: Case, opening: Opening, at: datetime) -> Contact | None:
    return contacts.first(case, opening.arrival, at=at) if opening.arrival is not None else None


def _promises(
    case: Case, opening: Opening, book: Book, at: datetime, contact: Contact | None
) -> list[Promise]:
    owed = [
        promises.draft(case, policy, book, at=at, contact=contact if policy.kind in Contact.OWES else None)
        for policy in (*opening.decision.policies, *_of_first_stage(case, book))
    ]
    for promise in owed:
        if promise.kind == "greeting" and opening.greeting is not None:
            promise.state, promise.fulfilled_at, promise.next_at = Promise.KEPT, at, None
    case.next_due = min((promise.due_at for promise in owed if promise.is_owed), default=NEVER)
    return owed


def _of_first_stage(case: Case, book: Book) -> list[PromisePolicy]:
    if not case.procedure:
        return []
    stage = book.procedures[case.procedure].stage(case.stage)
    return [policy for policy in map(book.policy, stage.promises) if policy]


def _timeline(
    case: Case, opening: Opening, owed: Sequence[Promise], contact: Contact | None
) -> list[tuple[Draft, Actor]]:
    decision = opening.decision
    opened = {
        "category": decision.category,
        "priority": decision.priority,
        "team": opening.team.code,
        "missing": list(decision.missing),
        "because": words.stored(decision.because),
        "promises": [{"kind": promise.kind, "due": promise.due_at.isoformat()} for promise in owed],
    }
    chosen = words.stored(opening.chosen)
    placed = Draft("case.queued", {"team": opening.team.code, "because": chosen})
    if opening.handler is not None:
        placed = Draft("case.assigned", {"to": opening.handler.number, "because": chosen})
    placed_by = DISPATCH if opening.chosen else opening.opened_by
    begun = [
        (replace(opening.first, contact=contact) if contact else opening.first, opening.by),
        *([(contacts.began(contact, owed), opening.opened_by)] if contact else ()),
        (Draft("case.opened", opened), opening.opened_by),
        (placed, placed_by),
    ]
    return begun + _greeted(case, opening, owed, contact)


def _greeted(
    case: Case, opening: Opening, owed: Sequence[Promise], contact: Contact | None
) -> list[tuple[Draft, Actor]]:
    if opening.greeting is None:
        return []
    text = opening.greeting.fill({"case.number": case.number})
    kept = [
        Draft("promise.kept", {"promise": promise.kind, "due": promise.due_at.isoformat(), "late": False})
        for promise in owed
        if promise.state == Promise.KEPT
    ]
    return [
        (draft, GREETER)
        for draft in (Draft("greeting.sent", {"channel": case.channel}, text, (), contact), *kept)
    ]
