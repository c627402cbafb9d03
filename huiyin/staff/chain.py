"""The escalation chain: a team's lead, then its parent's, up the tree; a deputy stands in for a lead who is away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from huiyin.staff.models import Grant, Staff, Team


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as the chain needs them: the row and the employee number."""

    id: int
    number: str


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
    grants = Grant.objects.filter(
        Q(until=None) | Q(until__gt=at), team=None, staff__is_active=True, staff__kind="person"
    ).select_related("role", "staff")
    there = (grant for grant in grants.order_by("staff__number") if not grant.sites or site in grant.sites)
    found = [grant for grant in there if "approve" in grant.role.permissions]
    found.sort(key=lambda grant: "case.work" not in grant.role.permissions)
    return list(dict.fromkeys(grant.staff for grant in found))


def by_team() -> Mapping[int, tuple[Lead, ...]]:
    """Return the same for every team at once: two queries, however many teams there are."""
    teams = {team.pk: team for team in Team.objects.select_related("lead").prefetch_related("deputies")}

    def above(step: int | None) -> tuple[Lead, ...]:
        found: list[Lead] = []
        while step is not None:
            lead = _acting(teams[step])
            if lead is not None and lead.pk not in {one.id for one in found}:
                found.append(Lead(lead.pk, lead.number))
            step = teams[step].parent_id
        return tuple(found)

    return {team: above(team) for team in teams}


def _acting(team: Team) -> Staff | None:
    if team.lead is not None and team.lead.is_active:
        return team.lead
    standing_in = (deputy for deputy in team.deputies.all() if deputy.is_active)
    return min(standing_in, key=lambda deputy: deputy.pk, default=None)
