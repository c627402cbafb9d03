"""The escalation chain: a team's lead, then its parent's, up the tree, then who approves for the whole house.

A deputy stands in for a lead who is away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from huiyin.staff import viewer
from huiyin.staff.models import Grant, Staff, Team
from huiyin.staff.viewer import Scope


@dataclass(frozen=True, slots=True)
class Lead:
    """Somebody above a case: the row, the employee number, and what their roles that show cases are limited to."""

    id: int
    number: str
    limits: tuple[Scope, ...] = ()

    def may_see(self, site: int, category: str) -> bool:
        """Say whether such a case lies within; whose roles show no cases sees in short what is raised to them."""
        return not self.limits or any(limit.holds_elsewhere(site, category) for limit in self.limits)


@dataclass(frozen=True, slots=True)
class Chain:
    """Everybody above every team, as they stand at one moment."""

    leads: Mapping[int, tuple[Lead, ...]]
    approvers: tuple[tuple[Lead, frozenset[int]], ...]

    def above(self, team: int, *, site: int, category: str) -> tuple[Lead, ...]:
        """Return who may see such a case from this team upwards, each once, nearest first, managers after leads."""
        there = [lead for lead, sites in self.approvers if not sites or site in sites]
        everybody = dict.fromkeys([*self.leads[team], *there])
        return tuple(lead for lead in everybody if lead.may_see(site, category))


def read(*, at: datetime) -> Chain:
    """Return the chain of all teams at once: three queries, however many teams there are."""
    teams = {team.pk: team for team in Team.objects.select_related("lead").prefetch_related("deputies")}
    acting = {pk: lead for pk, team in teams.items() if (lead := _acting(team)) is not None}
    wanted = Q(team=None) | Q(staff__in={lead.pk for lead in acting.values()})
    grants = list(_standing(at).filter(wanted))

    def line(step: int | None) -> Iterable[int]:
        while step is not None:
            yield step
            step = teams[step].parent_id

    known = _leads([*acting.values(), *(grant.staff for grant in grants)], grants)
    leads = {
        team: tuple(dict.fromkeys(known[acting[pk].pk] for pk in line(team) if pk in acting))
        for team in teams
    }
    approving = _approving(grants)
    return Chain(leads, tuple((known[grant.staff_id], frozenset(grant.sites)) for grant in approving))


def leads_above(team: Team) -> list[Staff]:
    """Return who leads from this team upwards, each once, nearest first."""
    found: list[Staff] = []
    step: Team | None = team
    while step is not None:
        lead = _acting(step)
        if lead is not None and lead not in found:
            found.append(lead)
        step = step.parent
    return found


def approvers(*, site: int | None = None, at: datetime) -> list[Staff]:
    """Return who may approve for the whole house, or for this site too, those who work on cases before those above."""
    found = _approving(_standing(at).filter(team=None))
    return list(dict.fromkeys(grant.staff for grant in found if not grant.sites or site in grant.sites))


def _standing(at: datetime) -> QuerySet[Grant]:
    grants = Grant.objects.filter(
        Q(until=None) | Q(until__gt=at), staff__is_active=True, staff__kind="person"
    )
    return grants.select_related("role", "staff").order_by("staff__number")


def _approving(grants: Iterable[Grant]) -> list[Grant]:
    found = [grant for grant in grants if grant.team_id is None and "approve" in grant.role.permissions]
    return sorted(found, key=lambda grant: "case.work" not in grant.role.permissions)


def _leads(people: Iterable[Staff], grants: Sequence[Grant]) -> dict[int, Lead]:
    limits: dict[int, list[Scope]] = {}
    for grant in grants:
        if "case.read" in grant.role.permissions:
            limits.setdefault(grant.staff_id, []).append(viewer.limits_of(grant))
    return {one.pk: Lead(one.pk, one.number, tuple(limits.get(one.pk, ()))) for one in people}


def _acting(team: Team) -> Staff | None:
    if team.lead is not None and team.lead.is_active:
        return team.lead
    standing_in = (deputy for deputy in team.deputies.all() if deputy.is_active)
    return min(standing_in, key=lambda deputy: deputy.pk, default=None)
