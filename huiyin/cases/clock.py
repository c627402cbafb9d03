"""What the clock does about promises: it warns, breaks, and raises the case, many at a time in a few statements."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from huiyin.base import outbox, tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.base.outbox import Happened
from huiyin.cases import entries
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Collaboration, Entry, Promise, Watcher
from huiyin.rules import book as rulebook
from huiyin.staff import chain, viewer
from huiyin.staff.chain import Chain, Lead
from huiyin.staff.models import Staff

BATCH = 200
FLOOD = 50  # so many at once are told in one notice a person
ACTED = "promises.acted"
_WEIGHT = {"case.escalated": 0, "promise.broken": 1, "promise.warned": 2}
_NEEDED = ("number", "site", "team", "category", "handler", "entry_seq", "escalation_level")


@dataclass(slots=True)
class _Step:
    """What happens to one case at once: promises with whether they broke, and the people to whom it is raised.

    `lead` leads its team, `nearest` stands next above it, `above` are those to whom it was not raised yet.
    """

    case: Case
    lead: Lead | None
    nearest: Lead | None
    above: list[Lead]
    acted: list[tuple[Promise, bool]] = field(default_factory=list)
    raised: list[tuple[Promise, Lead]] = field(default_factory=list)
    # Of promises that broke when nobody was left to raise it to.
    unraised: set[int] = field(default_factory=set)
    # Of promises that another department owes: who leads there.
    elsewhere: dict[int, Lead] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.acted) + len(self.raised)

    @property
    def first_seq(self) -> int:
        return self.case.entry_seq - self.size + 1

    def drafts(self) -> list[tuple[Draft, Actor]]:
        told = [Draft("promise.broken" if broke else "promise.warned", _told(p)) for p, broke in self.acted]
        level = self.case.escalation_level - len(self.raised) + 1
        told += [
            Draft("case.escalated", {"to": lead.number, "level": n, "cause": promise.kind})
            for n, (promise, lead) in enumerate(self.raised, level)
        ]
        return [(draft, CLOCK) for draft in told]


def act_on_due(*, at: datetime, limit: int = BATCH) -> int:
    """Break and warn of what has come due, in one transaction; return how many promises were acted on.

    What fell due goes before what only warns; of several warnings missed during a stop only the last is given. Any
    number of workers may call it at once: whoever holds the case acts, and what moved meanwhile is left alone. All
    that it causes is one task a step, so that a flood is a few tasks, not thousands.
    """
    if not Promise.objects.filter(next_at__lte=at).exists():
        return 0
    with tx.write():
        promises = _held(_due(at, limit), at)
        if not promises:
            return 0
        steps = _steps(promises, at)
        _write(promises, at)
        _number(steps)
        _let_in(steps, at)
        entries.append_numbered([(step.case, step.first_seq, step.drafts()) for step in steps], at=at)
        ref = f"clock:{steps[0].case.pk}:{steps[0].first_seq}"
        happened = Happened(ACTED, ref, 0, _tellings(steps), CLOCK, at)
        outbox.put_many(outbox.tasks_for([happened]), at=at)
    return len(promises)


def _due(at: datetime, limit: int) -> list[int]:
    ticking = Promise.objects.filter(next_at__lte=at).order_by("next_at", "id")
    found = list(ticking.filter(due_at__lte=at).values_list("pk", flat=True)[:limit])
    if len(found) < limit:
        found += ticking.filter(due_at__gt=at).values_list("pk", flat=True)[: limit - len(found)]
    return found


def _held(wanted: Sequence[int], at: datetime) -> list[Promise]:
    """Return those whose case nobody else holds. Case first, then promise: the order of every other change."""
    of_cases = Promise.objects.filter(pk__in=wanted).values("case_id")
    cases = Case.objects.filter(pk__in=of_cases).order_by("pk").only(*_NEEDED)
    cases = cases.select_for_update(skip_locked=True)
    held = {case.pk: case for case in cases}
    promises = list(
        Promise.objects.select_for_update()
        .filter(pk__in=wanted, case__in=held, next_at__lte=at)
        .order_by("next_at", "id")
    )
    for promise in promises:
        promise.case = held[promise.case_id]
    return promises


def _steps(promises: Sequence[Promise], at: datetime) -> list[_Step]:
    everybody = chain.read(at=at)
    stays = {policy.code for policy in rulebook.current().policies if not policy.climbs}
    cases = {promise.case_id: promise.case for promise in promises}
    about, told = _about(cases), _told_before(cases)
    departments = _departments(promises)
    steps = {pk: _step(case, everybody, about[pk], told[pk]) for pk, case in cases.items()}
    for promise in promises:
        step, broke = steps[promise.case_id], promise.due_at <= at
        if promise.debtor_id in about[promise.case_id]:
            promise.debtor_id = None
        step.acted.append((promise, broke))
        there = everybody.leads[departments[promise.pk]] if promise.pk in departments else ()
        if there and there[0].id not in about[promise.case_id]:
            step.elsewhere[promise.pk] = there[0]
        if broke and promise.policy not in stays:
            if step.above:
                step.raised.append((promise, step.above.pop(0)))
            else:
                step.unraised.add(promise.pk)
    return list(steps.values())


def _step(case: Case, everybody: Chain, about: set[int], told: set[str]) -> _Step:
    lead = next((one for one in everybody.leads[case.team_id] if one.id not in about), None)
    line = everybody.above(case.team_id, site=case.site_id, category=case.category)
    line = tuple(one for one in line if one.id not in about and one.id != case.handler_id)
    left = [one for one in line if one.number not in told]
    return _Step(case, lead, next(iter(line), None), left)


def _told_before(cases: Mapping[int, Case]) -> Mapping[int, set[str]]:
    """Return, for each case, the numbers of those to whom it was raised before."""
    told: dict[int, set[str]] = defaultdict(set)
    raised = [pk for pk, case in cases.items() if case.escalation_level]
    rows = Entry.objects.filter(case__in=raised, kind="case.escalated") if raised else Entry.objects.none()
    for case, number in rows.values_list("case_id", "payload__to"):
        told[case].add(number)
    return told


def _departments(promises: Sequence[Promise]) -> Mapping[int, int]:
    """Return the department that owes each promise of a request, by the promise."""
    asked = [promise.pk for promise in promises if promise.kind == "collaboration"]
    rows = Collaboration.objects.filter(promise__in=asked, kind=Collaboration.REQUEST) if asked else ()
    return {row.promise_id: row.department_id for row in rows if row.promise_id is not None}


def _about(cases: Iterable[int]) -> Mapping[int, set[int]]:
    """Return, for each case, the people it is about: they are neither told nor asked."""
    people: dict[int, set[int]] = defaultdict(set)
    rows = Case.about.through._default_manager.filter(case_id__in=list(cases))
    for case, staff in rows.values_list("case_id", "staff_id"):
        people[case].add(staff)
    return people


def _write(promises: Sequence[Promise], at: datetime) -> None:
    broken = [promise.pk for promise in promises if promise.due_at <= at]
    Promise.objects.filter(pk__in=broken).update(
        state=Promise.BROKEN, broken_at=F("due_at"), next_at=None, warnings=[]
    )
    warned = [promise for promise in promises if promise.due_at > at]
    for promise in warned:
        left = [moment for moment in promise.warnings if datetime.fromisoformat(moment) > at]
        promise.warnings, promise.next_at = left, datetime.fromisoformat(left[0]) if left else promise.due_at
    if warned:
        Promise.objects.bulk_update(warned, ["warnings", "next_at"])


def _number(steps: Sequence[_Step]) -> None:
    """Take the numbers of the entries and raise the levels: one statement for all cases alike."""
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for step in steps:
        alike[step.size, len(step.raised)].append(step.case.pk)
    for (size, raised), cases in alike.items():
        rows = Case.objects.filter(pk__in=cases)
        rows.update(
            entry_seq=F("entry_seq") + size,
            escalation_level=F("escalation_level") + raised,
            version=F("version") + (1 if raised else 0),
        )
    for step in steps:  # the rows are held, so what is added here is what stands there
        step.case.entry_seq += step.size
        step.case.escalation_level += len(step.raised)


def _let_in(steps: Sequence[_Step], at: datetime) -> None:
    """Let everybody see what was raised to them: whose role does not show it follows it from now on.

    The others follow nothing by it, or a lead would hear of each message of each case that is late.
    """
    raised: dict[int, set[int]] = defaultdict(set)
    for step in steps:
        for _, lead in step.raised:
            raised[lead.id].add(step.case.pk)
    for person in Staff.objects.filter(pk__in=raised):
        shown = Case.objects.visible_to(viewer.of(person, at=at)).filter(pk__in=raised[person.pk])
        hidden = raised[person.pk] - set(shown.values_list("pk", flat=True))
        Watcher.objects.bulk_create(
            [Watcher(case_id=case, staff=person, since=at) for case in sorted(hidden)], ignore_conflicts=True
        )


def _tellings(steps: Sequence[_Step]) -> dict[str, Any]:
    """Return whom to tell what: one by one, or only how much of what for each person when it is many."""
    told = [telling for step in steps for telling in _of(step)]
    if sum(len(step.acted) for step in steps) < FLOOD:
        return {"told": _one_a_case(told), "counts": {}}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for staff, kind, *_ in told:
        counts[str(staff)][kind] += 1
    return {"told": [], "counts": {staff: dict(kinds) for staff, kinds in counts.items()}}


def _one_a_case(told: Sequence[list[Any]]) -> list[list[Any]]:
    """Keep what weighs most of what one person would be told of one case: after a stop much comes at once."""
    heaviest: dict[tuple[int, str], list[Any]] = {}
    for telling in sorted(told, key=lambda one: _WEIGHT[one[1]]):
        heaviest.setdefault((telling[0], telling[2]), telling)
    return list(heaviest.values())


def _of(step: _Step) -> Iterator[list[Any]]:
    """Yield [person, kind, case, entry, promise, due] for each who should know."""
    number, ref = step.case.number, f"entry:{step.case.pk}:"
    for seq, (promise, broke) in enumerate(step.acted, step.first_seq):
        kind = "promise.broken" if broke else "promise.warned"
        for staff in _concerned(step, promise, broke=broke):
            yield [staff, kind, number, f"{ref}{seq}", promise.kind, promise.due_at.isoformat()]
    for seq, (promise, lead) in enumerate(step.raised, step.first_seq + len(step.acted)):
        due = promise.due_at.isoformat()
        yield [lead.id, "case.escalated", number, f"{ref}{seq}", promise.kind, due]


def _concerned(step: _Step, promise: Promise, *, broke: bool) -> list[int]:
    """Return the debtor and, for a warning, their lead; of what was broken those above hear by the chain.

    Once everybody above was told before, the nearest of them hears that one more broke. Of what another department
    owes, whoever works on the case hears too once it is late.
    """
    elsewhere = step.elsewhere.get(promise.pk)
    lead = elsewhere or (step.lead if not broke else None)
    people = {promise.debtor_id, lead.id if lead else None}
    if promise.pk in step.unraised and step.nearest is not None:
        people.add(step.nearest.id)
    if broke and promise.kind == "collaboration":
        people.add(step.case.handler_id)
    return sorted(one for one in people if one is not None)


def _told(promise: Promise) -> dict[str, Any]:
    return {"promise": promise.kind, "due": promise.due_at.isoformat(), "id": str(promise.uuid)}
