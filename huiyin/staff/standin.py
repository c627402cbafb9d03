"""Standing in (替岗): whoever leads lends a role of their own for a time; it ends by hand-back or by time."""

from datetime import datetime, timedelta

from django.db.models import Q

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff import chain
from huiyin.staff.models import Grant, Role, Staff, Team
from huiyin.staff.refusal import Refusal
from huiyin.staff.viewer import branch_of

LONGEST = timedelta(days=92)
_REACHES = ("none", "own", "team", "all")


def lend(
    lender: Staff,
    to: Staff,
    *,
    role: Role,
    team: Team,
    until: datetime,
    by: Actor,
    at: datetime,
    instead_of: Staff | None = None,
) -> Grant:
    """Lend a role for a team until a time. Only within what the lender holds lastingly or was given, never borrowed.

    The categories and sites of the lender's own grant go with it. Raises Refusal.
    """
    if to.pk == lender.pk:
        raise Refusal("lend_to_self")
    if not to.is_active or to.kind != "person":
        raise Refusal("not_active", who=to.number)
    if until <= at:
        raise Refusal("past")
    if until > at + LONGEST:
        raise Refusal("lend_too_long")
    own = _covering(lender, role, team, at)
    if own is None:
        raise Refusal("lend_not_yours")
    with tx.write():
        if Grant.objects.filter(_standing(at), staff=to, role=role, team=team).exists():
            raise Refusal("has_it_already", who=to.number)
        Grant.objects.filter(staff=to, role=role, team=team).delete()  # what has run out makes room
        lent = Grant.objects.create(
            staff=to,
            role=role,
            team=team,
            categories=own.categories,
            sites=own.sites,
            until=min(until, own.until) if own.until else until,
            lent_by=lender,
            stands_in_for=instead_of,
        )
        fields = [
            f"role:{role.code}",
            f"team:{team.code}",
            *([f"for:{instead_of.number}"] if instead_of else []),
        ]
        audit.write("role.lent", f"staff:{to.number}", by=by, at=at, fields=fields)
    return lent


def hand_back(grant: Grant, *, by: Actor, at: datetime) -> None:
    """End a lending before its time; a second call does nothing. Raises Refusal for what was not lent."""
    if grant.lent_by_id is None:
        raise Refusal("not_lent")
    _end([grant], "role.handed_back", by=by, at=at)


def end_run_out(*, by: Actor, at: datetime) -> int:
    """Take away the lendings whose time is over (they give nothing any more) and record it; return how many."""
    over = Grant.objects.exclude(lent_by=None).filter(until__lte=at)
    return _end(list(over.select_related("staff", "role", "team")[:500]), "role.lending_over", by=by, at=at)


def end_of(staff: Staff, *, by: Actor, at: datetime) -> None:
    """End every lending from or to this person."""
    rows = Grant.objects.exclude(lent_by=None).filter(Q(staff=staff) | Q(lent_by=staff))
    _end(list(rows.select_related("staff", "role", "team")), "role.handed_back", by=by, at=at)


def concerning(staff: Staff, *, at: datetime) -> list[Grant]:
    """Return what this person lends or has borrowed at `at`."""
    rows = Grant.objects.exclude(lent_by=None).filter(_standing(at), Q(staff=staff) | Q(lent_by=staff))
    return list(rows.select_related("staff", "role", "team", "lent_by").order_by("until"))


def can_be_lent(lender: Staff, *, at: datetime) -> list[Grant]:
    """Return the grants from which this person may lend."""
    rows = Grant.objects.filter(_standing(at), staff=lender, lent_by=None).select_related("role", "team")
    return [grant for grant in rows if "role.lend" in grant.role.permissions]


def leads_of(staff: Staff, *, at: datetime) -> set[int]:
    """Return who leads this person: for each of their teams the nearest lead who is somebody else."""
    teams = Team.objects.filter(pk__in=Grant.objects.filter(_standing(at), staff=staff).values("team"))
    above = (next((lead for lead in chain.leads_above(team) if lead.pk != staff.pk), None) for team in teams)
    return {lead.pk for lead in above if lead is not None}


def _standing(at: datetime) -> Q:
    return Q(until=None) | Q(until__gt=at)


def _covering(lender: Staff, role: Role, team: Team, at: datetime) -> Grant | None:
    for own in can_be_lent(lender, at=at):
        within = own.team_id is None or team.pk in branch_of(own.team_id)
        rights = set(role.permissions) <= set(own.role.permissions)
        if within and rights and _REACHES.index(role.reach) <= _REACHES.index(own.role.reach):
            return own
    return None


def _end(grants: list[Grant], action: str, *, by: Actor, at: datetime) -> int:
    ended = 0
    with tx.write():
        for grant in grants:
            if Grant.objects.filter(pk=grant.pk).delete()[0]:
                ended += 1
                fields = [f"role:{grant.role.code}", f"team:{grant.team.code if grant.team else None}"]
                audit.write(action, f"staff:{grant.staff.number}", by=by, at=at, fields=fields)
    return ended
