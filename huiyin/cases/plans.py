"""Plans: something that comes again, each turn opened as its own task, and a missed one that does not pile up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.base import tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.cases import acceptance, lifecycle, tasking, turns
from huiyin.cases.models import Case, Occurrence, Plan, Promise
from huiyin.cases.moves import MOVES, MoveNotAllowed
from huiyin.cases.typed import Invalid, checked
from huiyin.customers.models import Customer
from huiyin.engines import businesstime
from huiyin.rules import book as rulebook
from huiyin.rules import terms
from huiyin.staff import chain
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer

AHEAD = timedelta(days=7)
RULES = ("person", "lead", "dedicated")
AT_ONCE = 100
MOST_WORKING_DAYS = 60


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan to be. `phases`: [{rule: RRULE, days}], one after the other from `starts` on; `until` may end it.

    `debtor_rule`: person (`debtor`), lead (of the team), dedicated (the customer's own agent, else the lead).
    `working_days`: a turn is due at the end of the last of so many working days after its day; None: at the turn.
    """

    kind: str
    title: str
    team: Team
    phases: Sequence[Mapping[str, Any]]
    starts: datetime
    debtor_rule: str = "lead"
    debtor: Staff | None = None
    customer: Customer | None = None
    until: datetime | None = None
    working_days: int | None = None


def make(planned: Planned, *, by: Actor, at: datetime) -> Plan:
    """Store the plan and return it; each call makes another. Its turns begin after `at`. Raises Invalid."""
    title = checked(planned.title, field="title", limit=tasking.TITLE_CHARS)
    if planned.debtor_rule not in RULES or (planned.debtor_rule == "person") != (planned.debtor is not None):
        raise Invalid(debtor="rule")
    if planned.debtor_rule == "dedicated" and planned.customer is None:
        raise Invalid(customer="missing")
    if planned.until is not None and planned.until <= max(planned.starts, at):
        raise Invalid(until="not_after_start")
    if planned.working_days is not None and not 1 <= planned.working_days <= MOST_WORKING_DAYS:
        raise Invalid(working_days="working_days")
    try:
        phases = turns.checked(planned.phases)
    except turns.BadRule as error:
        raise Invalid(phases=str(error)) from None
    with tx.write():
        return Plan.objects.create(
            kind=checked(planned.kind, field="kind", limit=40),
            title=title,
            team=planned.team,
            customer=planned.customer,
            debtor=planned.debtor,
            debtor_rule=planned.debtor_rule,
            made_by_id=by.id,
            phases=phases,
            starts_at=planned.starts,
            until=planned.until,
            working_days=planned.working_days,
            opened_up_to=at,
        )


def may_plan(viewer: Viewer, team: Team) -> bool:
    """Say whether the viewer may make and change plans of this team: they give work to others there."""
    return acceptance.may_assign(viewer, team)


def teams_of(viewer: Viewer) -> list[Team]:
    """Return the teams that the viewer may plan for, by their codes."""
    return [team for team in Team.objects.filter(retired_at=None).order_by("code") if may_plan(viewer, team)]


def customer_of(number: str, viewer: Viewer) -> Customer | None:
    """Return the customer of this number if the viewer sees a case of theirs."""
    seen = Case.objects.visible_to(viewer).filter(customer__number=number)
    return Customer.objects.filter(pk__in=seen.values("customer")).first()


def change(plan: Plan, verb: str, *, at: datetime) -> Plan:
    """Pause, resume or end a plan; a turn that fell into the pause is left out. Raises MoveNotAllowed."""
    with tx.write():
        now = Plan.objects.select_for_update().get(pk=plan.pk)
        state = state_of(now)
        if verb not in _FROM or state not in _FROM[verb]:
            raise MoveNotAllowed(verb, state)
        if verb == "pause":
            now.paused_at = at
        elif verb == "resume":
            now.paused_at, now.opened_up_to = None, max(now.opened_up_to, at)
        else:
            now.ended_at = at
        now.save(update_fields=["paused_at", "ended_at", "opened_up_to"])
    return now


def state_of(plan: Plan) -> str:
    """Return running, paused or ended."""
    if plan.ended_at is not None:
        return "ended"
    return "paused" if plan.paused_at is not None else "running"


def next_turn(plan: Plan, *, at: datetime) -> datetime | None:
    """Return the next turn of a running plan within the coming 366 days, None when there is none."""
    return next(iter(_turns(plan, after=max(plan.opened_up_to, at), until=at + timedelta(days=366))), None)


def open_turns(*, at: datetime) -> int:
    """Open the turns whose time to be opened has come; return how many cases were opened. Harmless to call again.

    A turn opens when the one before it is over, at most seven days ahead. Of turns that passed during a stop only
    the latest is opened, and breaks; the others are recorded without a case.
    """
    due = Plan.objects.running().filter(opened_up_to__lte=at, starts_at__lte=at + AHEAD).order_by("id")
    plans = list(due.values_list("pk", flat=True))
    return sum(_open_next(plan, at) for plan in plans)


def _open_next(pk: int, at: datetime) -> int:
    with tx.write():
        plan = (
            Plan.objects.select_for_update(of=("self",))
            .select_related("team__site", "customer__dedicated", "debtor")
            .get(pk=pk)
        )
        if state_of(plan) != "running" or plan.opened_up_to > at:
            return 0
        found = list(_turns(plan, after=plan.opened_up_to, until=at + AHEAD))
        past = [turn for turn in found if turn <= at]
        opening = ([past[-1]] if past else []) + [turn for turn in found if turn > at][:1]
        for turn in past[:-1]:
            Occurrence.objects.get_or_create(plan=plan, due=turn, defaults={"case_number": ""})
        for turn in opening:
            _end_missed(plan, at)
            _open(plan, turn, at)
        if plan.until is not None and plan.until <= at:
            plan.ended_at = at
        plan.opened_up_to = max([plan.opened_up_to, *found[: len(past)], *opening])
        plan.save(update_fields=["opened_up_to", "ended_at"])
    return len(opening)


def _open(plan: Plan, turn: datetime, at: datetime) -> None:
    due, provisional = _due(plan, turn)
    task = tasking.Task(
        kind=plan.kind,
        title=plan.title,
        team=plan.team,
        due=due,
        not_before=None if due == turn else turn,
        provisional=provisional,
        handler=_debtor(plan),
        customer=plan.customer,
        plan=str(plan.uuid),
    )
    case = tasking.open_task(task, by=CLOCK, at=at)
    Occurrence.objects.create(plan=plan, due=turn, case_number=case.number)


def _due(plan: Plan, turn: datetime) -> tuple[datetime, bool]:
    """Return when the turn is due, and whether that waits for the holidays of a year nobody announced."""
    days = plan.working_days
    if days is None:
        return turn, False
    book = rulebook.current()
    hours = terms.hours_of(book, book.calendar_of(plan.team_id, plan.team.site.calendar))
    return terms.announced_or_plain(hours, lambda calendar: businesstime.due_in_days(turn, days, calendar))


def _end_missed(plan: Plan, at: datetime) -> None:
    """Void what is left of turns before the last one: they stay broken, and in nobody's list.

    The last one may still be done late; so at most one missed turn stands beside the coming one.
    """
    earlier = plan.occurrences.values_list("case_number", flat=True).order_by("-due")[1:10]
    numbers = [number for number in earlier if number]
    for case in Case.objects.filter(number__in=numbers, status__in=MOVES["void"].leaves):
        missed = Promise.objects.filter(case=case, kind=plan.kind, due_at__lte=at, fulfilled_at=None)
        if missed.exists() and not missed.filter(state=Promise.RUNNING).exists():
            lifecycle.move(case, "void", by=CLOCK, at=at, reason="missed")


def _debtor(plan: Plan) -> Staff | None:
    if plan.debtor_rule == "person" and plan.debtor is not None and plan.debtor.is_active:
        return plan.debtor
    dedicated = plan.customer.dedicated if plan.customer is not None else None
    if plan.debtor_rule == "dedicated" and dedicated is not None and dedicated.is_active:
        return dedicated
    return next(iter(chain.leads_above(plan.team)), None)


def _turns(plan: Plan, *, after: datetime, until: datetime) -> Any:
    last = until if plan.until is None else min(until, plan.until)
    zone = ZoneInfo(plan.team.site.zone)
    return turns.between(plan.phases, starts=plan.starts_at, after=after, until=last, zone=zone)


_FROM = {"pause": ("running",), "resume": ("paused",), "end": ("running", "paused")}
