"""Who accepts or returns the result of an assigned task: who may give work to others there, never its receiver."""

from datetime import datetime

from huiyin.base.actor import Actor
from huiyin.cases import observations
from huiyin.cases.entries import Draft
from huiyin.cases.models import ASSIGNED, Case
from huiyin.cases.moves import MoveNotAllowed
from huiyin.staff import viewer
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer


def refuse_others(case: Case, move: str, *, by: Actor, at: datetime) -> None:
    """Raise MoveNotAllowed when this actor may not decide on the result of this case; others cases pass."""
    if case.kind != ASSIGNED or move not in ("confirm", "dispute"):
        return
    person = Staff.objects.filter(number=by.ref).first() if by.kind == "staff" else None
    if person is None or not may_decide(case, viewer.of(person, at=at)):
        raise MoveNotAllowed(move, case.status)


def may_decide(case: Case, viewer: Viewer) -> bool:
    """Say whether this person accepts, returns and changes the task."""
    return case.handler_id != viewer.staff_id and may_assign(viewer, case.team)


def may_assign(viewer: Viewer, team: Team) -> bool:
    """Say whether the viewer gives work to others in this team."""
    reach = [scope for scope in viewer.scopes if scope.reach in ("team", "all")]
    inside = any(scope.holds(team.pk, team.site_id) for scope in reach)
    return viewer.may("case.reassign") and inside


def handed_in(case: Case, move: str) -> list[Draft]:
    """Return the entry by which whoever assigned the task, or noticed the matter, is told of its result."""
    if case.kind == ASSIGNED and move == "resolve":
        return [Draft("task.handed_in")]
    return observations.told_at(case, move)
