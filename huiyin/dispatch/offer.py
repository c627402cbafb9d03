"""Choosing a person for each case with the reasons, and serving the queue when somebody has room."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from huiyin.base import tx
from huiyin.base.actor import DISPATCH
from huiyin.base.question import Question, columns, made
from huiyin.cases import lifecycle
from huiyin.cases.models import AgentLoad, Case, Entry
from huiyin.duty.models import Presence
from huiyin.engines import assign
from huiyin.engines.reason import Reason
from huiyin.rules import book as rulebook
from huiyin.staff.models import Grant, Staff, Team

QUEUE_BATCH = 50
# By number: teams, and the sites and categories there.
_Limits = Mapping[str, Sequence[tuple[str, Sequence[int], Sequence[str]]]]


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets a case, or None: it queues; `because` says why."""

    handler: Staff | None
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one case asks for. `site` is a row number, `excluded` are numbers of people it must not go to."""

    team: Team
    site: int
    category: str
    customer_level: str
    weight: Decimal
    excluded: frozenset[str] = frozenset()


def choose(wanted: Sequence[Wanted], *, at: datetime) -> list[Choice]:
    """Return a choice for each case, in order, each seeing the load that the ones before it add. Writes nothing."""
    people, limits = _candidates(at)
    choices = []
    for want in wanted:
        if limits:
            want = replace(want, excluded=want.excluded | _beyond_reach(want, limits))
        ranking = rank(want, [candidate for candidate, _ in people.values()])
        best = ranking.best
        if best is None:
            choices.append(Choice(None, (Reason("nobody_free"),)))
            continue
        candidate, staff = people[best.key]
        people[best.key] = (assign.after_taking(candidate, _need(want), at=at), staff)
        choices.append(Choice(staff, assign.why(ranking, best.key)))
    return choices


def rank(want: Wanted, candidates: Sequence[assign.Candidate]) -> assign.Ranking:
    """Return everyone ranked or refused with reasons: the answer to “why me?” and “why not?”."""
    return assign.rank(_need(want), candidates)


def serve_queue(*, at: datetime) -> int:
    """Offer queued cases, the one whose promise breaks first before the others; return how many found somebody."""
    queued = list(
        Case.objects.queued()
        .by_next_promise()
        .select_related("team", "customer")
        .prefetch_related("about")[:QUEUE_BATCH]
    )
    return give(queued, at=at) if queued else 0


def give(queued: Sequence[Case], *, at: datetime) -> int:
    """Give each of these cases to the best person with room; one that went on since it was read is left alone."""
    served = 0
    gave_back = _who_gave_back(queued)
    choices = choose([wanted_by(case, gave_back.get(case.pk, frozenset())) for case in queued], at=at)
    for case, choice in zip(queued, choices, strict=True):
        if choice.handler is not None:
            with tx.write(), suppress(lifecycle.Stale, lifecycle.MoveNotAllowed), tx.attempt():
                served += lifecycle.assign(
                    case, choice.handler, choice.because, by=DISPATCH, at=at, version=case.version
                )
    return served


def wanted_by(case: Case, gave_back: frozenset[str] = frozenset()) -> Wanted:
    """Return what a stored case asks for; the people it is about and those who gave it back are left out."""
    return Wanted(
        team=case.team,
        site=case.site_id,
        category=case.category,
        customer_level=case.customer.level if case.customer else "normal",
        weight=case.weight,
        excluded=gave_back | {staff.number for staff in case.about.all()},
    )


def _who_gave_back(queued: Sequence[Case]) -> dict[int, frozenset[str]]:
    """Return by case the numbers of those who put it back into the queue it is in now: one query."""
    rows = Entry.objects.filter(case__in=queued, kind="case.given_back").select_related("case__team")
    found: dict[int, set[str]] = {}
    for entry in rows:
        if entry.payload["team"] == entry.case.team.code:
            found.setdefault(entry.case_id, set()).add(entry.by_ref)
    return {case: frozenset(people) for case, people in found.items()}


def _need(want: Wanted) -> assign.Need:
    return assign.Need(
        team=want.team.code,
        category=want.category,
        customer_level=want.customer_level,
        weight=want.weight,
        excluded=want.excluded,
    )


def _beyond_reach(want: Wanted, limits: _Limits) -> set[str]:
    """Return the numbers of those whose roles in the team leave out this site or this category."""
    above = set(rulebook.current().line_of(want.category))

    def holds(team: str, sites: Sequence[int], categories: Sequence[str]) -> bool:
        is_there = team == want.team.code and (not sites or want.site in sites)
        return is_there and (not categories or not above.isdisjoint(categories))

    return {number for number, reach in limits.items() if not any(holds(*one) for one in reach)}


def _candidates(at: datetime) -> tuple[dict[str, tuple[assign.Candidate, Staff]], _Limits]:
    """Return the people who are online with their load, and the limits of those who have some.

    Two queries, one when there is nobody.
    """
    width = len(columns(AgentLoad))
    loads: dict[str, AgentLoad] = {}
    for values in _ONLINE.ask():
        row = made(AgentLoad, values[:width])
        row.staff = made(Staff, values[width:])
        loads[row.staff.number] = row
    teams: dict[int, set[str]] = {}
    held = _workers(loads, at)
    for staff_id, team, *_ in held:
        teams.setdefault(staff_id, set()).add(team)
    limited = {staff_id for staff_id, _, sites, categories in held if sites or categories}
    found = {
        number: (_candidate(row, frozenset(teams.get(row.staff_id, ())), at), row.staff)
        for number, row in loads.items()
        if row.staff_id in teams
    }
    return found, {
        staff.number: [(team, at, of) for staff_id, team, at, of in held if staff_id == staff.pk]
        for _, staff in found.values()
        if staff.pk in limited
    }


def _workers(
    loads: dict[str, AgentLoad], at: datetime
) -> list[tuple[int, str, Sequence[int], Sequence[str]]]:
    found = _GRANTED.ask(people=sorted(row.staff_id for row in loads.values()), at=at)
    return [(staff, team, at, of) for staff, team, at, of, rights in found if "case.work" in rights]


def _online() -> QuerySet[AgentLoad, tuple[Any, ...]]:
    loads = AgentLoad.objects.filter(staff__presence__state=Presence.ONLINE, staff__is_active=True)
    return loads.values_list(*columns(AgentLoad), *columns(Staff, "staff__"))


def _granted(people: Any, at: Any) -> QuerySet[Grant, tuple[Any, ...]]:
    standing = Q(until=None) | Q(until__gt=at)
    grants = Grant.objects.filter(standing, staff__id__in=people).exclude(team=None)
    return grants.values_list("staff_id", "team__code", "sites", "categories", "role__permissions")


_ONLINE, _GRANTED = Question(_online), Question(_granted)


def _candidate(row: AgentLoad, teams: frozenset[str], at: datetime) -> assign.Candidate:
    return assign.Candidate(
        key=row.staff.number,
        teams=teams,
        seniority=row.staff.seniority,
        load=row.load,
        cap=row.cap,
        overloaded=row.rests_until is not None and row.rests_until > at,
        last_assigned_at=row.last_assigned_at,
        assigned_today=row.assigned_today if row.assigned_on == at.date() else 0,
    )
