"""Ending an account or a team without leaving work behind: all of it is moved, or nothing happens."""

from dataclasses import dataclass
from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import handing_on
from huiyin.cases.models import AgentLoad, Case
from huiyin.customers import dedication
from huiyin.duty import overload, presence
from huiyin.duty.models import Presence
from huiyin.staff import leaving, teams, viewer
from huiyin.staff.models import Staff, Team
from huiyin.staff.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who takes what somebody leaves: `to` the work, or the queue; `customers` those they were there for.

    Without `customers` it is `to`; `customers_of_nobody` says that these have no person of their own then.
    """

    to: Staff | None = None
    to_queue: bool = False
    customers: Staff | None = None
    customers_of_nobody: bool = False


NOBODY = Heirs()


@dataclass(frozen=True, slots=True)
class Moved:
    """How many cases and customers changed hands."""

    cases: int
    customers: int


def leave(staff: Staff, heirs: Heirs = NOBODY, *, by: Actor, at: datetime) -> Moved:
    """End an account; what the person carried, and the customers they were there for, go to their heirs.

    Raises Refusal when something is left for which nobody was chosen, or whoever was cannot take it over; then
    nothing was changed.
    """
    to = heirs.to
    with tx.write():
        handing_on.stop_offers(staff)
        carried = handing_on.carried_by(staff)
        if carried and to is None and not heirs.to_queue:
            raise Refusal(
                "still_carries", cases=carried.cases, promises=carried.promises, requests=carried.requests
            )
        cases = handing_on.cases_of(staff)
        if to is not None:
            _refuse_unable(to, staff, cases, at)
        for case in cases:
            handing_on.hand_on(case, staff, to, by=by, at=at)
        customers = dedication.leave(staff, _for_customers(staff, heirs), by=by, at=at)
        handing_on.let_go(staff, by=by, at=at)
        if staff.kind == "person":
            overload.end_of(staff, by=by, at=at)
            presence.change(staff, Presence.OFFLINE, by=by, at=at)
        leaving.leave(staff, to=to, by=by, at=at)
    return Moved(len(cases), customers)


def come_back(staff: Staff, *, by: Actor, at: datetime) -> str:
    """Let somebody who left in again, able to be given cases; return the one-time password. Raises Refusal."""
    with tx.write():
        password = leaving.come_back(staff, by=by, at=at)
        AgentLoad.objects.filter(staff=staff).update(cap=AgentLoad._meta.get_field("cap").default)
    return password


def retire_team(team: Team, *, by: Actor, at: datetime) -> None:
    """Retire a team that has no open cases; a second call changes nothing. Raises Refusal."""
    with tx.write():
        count = Case.objects.in_work().filter(team=team).count()
        if count:
            raise Refusal("team_in_use", count=count)
        teams.retire(team, by=by, at=at)


def _for_customers(leaver: Staff, heirs: Heirs) -> Staff | None:
    taker = None if heirs.customers_of_nobody else heirs.customers or heirs.to
    count = dedication.count_of(leaver)
    if count and taker is None and not heirs.customers_of_nobody:
        raise Refusal("still_cares", customers=count)
    if taker is not None and not (taker.is_active and taker.kind == "person" and taker.pk != leaver.pk):
        raise Refusal("cannot_take", who=taker.number)
    return taker


def _refuse_unable(to: Staff, leaver: Staff, cases: list[Case], at: datetime) -> None:
    able = to.is_active and to.kind == "person" and to.pk != leaver.pk
    seen = viewer.of(to, at=at)
    works = seen.may("case.work") or not cases
    about = any(one.pk == to.pk for case in cases for one in case.about.all())
    if not (able and works) or about:
        raise Refusal("cannot_take", who=to.number)
    # Cases may go to another team with who takes them over, never to who is limited to other categories or sites.
    if not all(
        any(scope.holds_elsewhere(case.site_id, case.category) for scope in seen.scopes) for case in cases
    ):
        raise Refusal("outside_limits", who=to.number)
