"""The service record of a case: customer, service, follow-up, result, feedback, satisfaction, closed loop, department.

Words are masked unless the caller settled that they may be read; the customer's name and contacts too, and on a
single sheet always.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from huiyin.base.texts import in_words
from huiyin.cases import bodies, told
from huiyin.cases.models import Case, CaseQuerySet, Entry, EntryBody, Promise
from huiyin.cases.record_words import CLOSED_BY, OUTCOMES, SERVICES
from huiyin.customers.models import Identity
from huiyin.rules import book as rulebook

AT_ONCE = 200
SILENT = "silence"
_RESULT = "case.resolved"
_CONTACTS = ("phone", "email")
_FEEDBACK = ("case.confirmed", "case.disputed", "outcome.told")
_FOLLOW_UP = (
    "message.received",
    "message.sent",
    "note.added",
    "progress.noted",
    "callback.tried",
    "collaboration.answered",
)
_SAID = (*_FOLLOW_UP, *_FEEDBACK, _RESULT, "task.opened")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done or said after the first."""

    at: datetime
    who: str
    sentence: str
    text: str


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise of the case; `late` says that it was not kept in time, None that it still runs."""

    name: str
    due: datetime
    late: bool | None


@dataclass(frozen=True, slots=True)
class Record:
    """`closed` is when; `closed_loop` whether somebody confirmed the result, `closed_by` how, in code."""

    case: Case
    service: str
    customer: str
    contacts: tuple[str, ...]
    asked: str
    follow_up: tuple[Step, ...]
    result: str
    feedback: str
    outcome: str
    closed_by: str
    promises: tuple[Owed, ...]

    @property
    def closed_loop(self) -> bool:
        return self.case.status == Case.CLOSED and self.closed_by not in ("", SILENT)

    @property
    def service_words(self) -> str:
        return str(SERVICES[self.service])

    @property
    def outcome_words(self) -> str:
        return str(OUTCOMES.get(self.outcome, ""))

    @property
    def closed_by_words(self) -> str:
        return str(CLOSED_BY.get(self.closed_by, ""))

    @property
    def category_words(self) -> str:
        return in_words(rulebook.current().name_of(self.case.category)) if self.case.category else ""


def of(case: Case, *, plain: bool = False) -> Record:
    """Return the record of one case; `plain` only for who may read personal values in it."""
    return next(_records([case], plain=plain))


def of_many(cases: CaseQuerySet, *, plain: bool = False) -> Iterator[Record]:
    """Yield the records of these cases in order: five queries for each 200.

    `plain` shows all personal values; the caller settled the right to it and leaves the audit row.
    """
    chosen = cases.with_people().select_related("department")
    rows = iter((chosen.prefetch_related("customer__identities") if plain else chosen).iterator(AT_ONCE))
    while group := list(islice(rows, AT_ONCE)):
        yield from (_named(record) if plain else record for record in _records(group, plain=plain))


def _records(cases: Sequence[Case], *, plain: bool) -> Iterator[Record]:
    entries: dict[int, list[Entry]] = {case.pk: [] for case in cases}
    rows = Entry.objects.filter(case__in=entries, kind__in=_SAID).exclude(audience="supervision")
    for entry in rows.order_by("case_id", "seq"):
        entries[entry.case_id].append(entry)
    words = {
        (body.case_id, body.seq): body.text if plain else bodies.masked(body.text, body.spans)
        for body in EntryBody.objects.filter(case__in=entries)
    }
    names = told.names_of([entry for group in entries.values() for entry in group])
    contacts = _contacts(cases)
    owed = _owed(entries)
    for case in cases:
        said = [(entry, words.get((case.pk, entry.seq), "")) for entry in entries[case.pk]]
        yield _record(case, said, names, contacts.get(case.customer_id, ()), owed.get(case.pk, ()))


def _named(record: Record) -> Record:
    customer = record.case.customer
    if customer is None:
        return record
    rows = sorted(customer.identities.all(), key=lambda row: row.pk)
    contacts = tuple(row.value.reveal() for row in rows if row.kind in _CONTACTS)
    return replace(record, customer=customer.name.reveal(), contacts=contacts)


def _record(
    case: Case,
    said: Sequence[tuple[Entry, str]],
    names: Mapping[str, str],
    contacts: Iterable[str],
    owed: Iterable[Owed],
) -> Record:
    last = {entry.kind: (entry, text) for entry, text in said}
    feedback = [text for entry, text in said if entry.kind in _FEEDBACK and text]
    confirmed = last.get("case.confirmed")
    how = case.closed_loop or (str(confirmed[0].payload.get("how", "")) if confirmed else "")
    top = rulebook.current().top_of(case.category)
    return Record(
        case=case,
        service=top if top in SERVICES else "other",
        customer=str(case.customer.name) if case.customer else "",
        contacts=tuple(contacts),
        asked=said[0][1] if said else "",
        follow_up=tuple(_step(entry, text, names) for entry, text in said[1:] if entry.kind in _FOLLOW_UP),
        result=last[_RESULT][1] if _RESULT in last else "",
        feedback=feedback[-1] if feedback else "",
        outcome=case.outcome,
        closed_by=how if case.status == Case.CLOSED else "",
        promises=tuple(owed),
    )


def _step(entry: Entry, text: str, names: Mapping[str, str]) -> Step:
    who = names.get(entry.by_ref, entry.by_ref) if entry.by_kind == "staff" else ""
    return Step(entry.at, who, told.sentence(entry, names), text)


def _contacts(cases: Iterable[Case]) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = {}
    customers = {case.customer_id for case in cases} - {None}
    for row in Identity.objects.filter(customer__in=customers, kind__in=_CONTACTS).order_by("id"):
        found.setdefault(row.customer_id, []).append(str(row.value))
    return found


def _owed(cases: Iterable[int]) -> dict[int, list[Owed]]:
    found: dict[int, list[Owed]] = {}
    rows = Promise.objects.filter(case__in=list(cases)).exclude(state=Promise.CANCELLED)
    for promise in rows.order_by("due_at", "id"):
        late = {Promise.BROKEN: True, Promise.KEPT: False}.get(promise.state)
        owed = Owed(told.promise_name(promise.kind), promise.due_at, late)
        found.setdefault(promise.case_id, []).append(owed)
    return found
