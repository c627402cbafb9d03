"""Passing a case on: to another team, to somebody in the team, back to the queue. Never bounced, never lost.

Who was asked first stays the owner and keeps seeing the case until it is closed, whoever works on it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from huiyin.base import announce, tx
from huiyin.base.actor import Actor
from huiyin.cases import acceptance, entries, lifecycle, promises, recent, reckoning
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import ASSIGNED, Case, Promise
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import REASON_CHARS, Invalid, checked
from huiyin.rules import book as rulebook
from huiyin.staff import viewer as viewers
from huiyin.staff.models import Grant, Staff, Team
from huiyin.staff.viewer import Scope, Viewer

PASSED_ON_IN = (Case.NEW, Case.OPEN, Case.WAITING)


def transfer(
    case: Case,
    team: Team,
    reason: str,
    *,
    to: Staff | None = None,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """Pass the case on to another team, to a person in it or to its queue; return it as it now stands.

    A new case is first taken by the person who got it: they were the first asked, and answer for it. A waiting one
    goes on. Raises Invalid (`reason`, `team`: unknown, same, about_somebody; `to`: cannot_take,
    other_categories), Stale, MoveNotAllowed.
    """
    reason = checked(reason, field="reason", limit=REASON_CHARS)
    with tx.write():
        locked = _passable(case, "transfer", version)
        _refuse_team(team, locked)
        if to is not None:
            _refuse_unable(to, team, locked, at=at)
        if locked.status == Case.NEW and _was_asked(locked, by):
            lifecycle.move(case, "accept", by=by, at=at)
        told = {"team": team.code, "from": locked.team.code, "to": to.number if to else ""}
        _hand(case, {"team": team, "handler": to}, Draft("case.transferred", told, reason), by=by, at=at)
    return case


def reassign(
    case: Case, to: Staff, reason: str = "", *, by: Actor, at: datetime, version: int | None = None
) -> Case:
    """Give the case to somebody else in its team; nothing happens when they work on it already.

    Raises Invalid (`to`: cannot_take, other_categories; `reason`: too_long), Stale, MoveNotAllowed.
    """
    if reason.strip():
        reason = checked(reason, field="reason", limit=REASON_CHARS)
    with tx.write():
        locked = lock(case, version)
        if not can_be_given(locked):
            raise MoveNotAllowed("reassign", locked.status)
        if locked.handler_id == to.pk:
            return case
        _refuse_unable(to, locked.team, locked, at=at)
        before = recent.topics_of([locked])[case.pk]
        lifecycle.assign(case, to, (), by=by, at=at, text=reason.strip())
        announce.changed(before, "case.changed", {"case": case.number})
    return case


def give_back(case: Case, reason: str, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Put the case back into its team's queue; it is not offered to this person again. A waiting one goes on.

    Raises Invalid (`reason`), Stale, and MoveNotAllowed when nobody works on it.
    """
    reason = checked(reason, field="reason", limit=REASON_CHARS)
    with tx.write():
        locked = _passable(case, "give_back", version)
        if locked.handler_id is None:
            raise MoveNotAllowed("give_back", locked.status)
        told = Draft("case.given_back", {"team": locked.team.code}, reason)
        _hand(case, {"handler": None}, told, by=by, at=at)
    return case


def team_of(code: str) -> Team:
    """Return the team to which something is passed on. Raises Invalid (`team`: unknown)."""
    found = Team.objects.filter(code=code, retired_at=None).first()
    if found is None:
        raise Invalid(team="unknown")
    return found


def person_of(number: str) -> Staff:
    """Return who is named to take something. Raises Invalid (`to`: cannot_take), as for somebody who may not."""
    found = Staff.objects.filter(number=number.strip(), kind="person").first()
    if found is None:
        raise Invalid(to="cannot_take")
    return found


def can_be_passed_on(case: Case) -> bool:
    """Say whether the case can go to another team or back to the queue as it stands."""
    return case.status in PASSED_ON_IN and can_be_given(case)


def can_be_given(case: Case) -> bool:
    """Say whether somebody else can be given the case. A task that a lead assigned is theirs to decide on."""
    return case.is_open and case.kind != ASSIGNED


def gives_work(viewer: Viewer, case: Case) -> bool:
    """Say whether the viewer gives this case to others: their right reaches its team, not only this case."""
    return viewer.may("case.reassign") and any(
        scope.reach in ("team", "all") and _reaches(scope, case) for scope in viewer.scopes
    )


def may_pass_on(viewer: Viewer, case: Case) -> bool:
    """Say whether the viewer may transfer this case: they work on it, it waits in their queue, or they give work.

    The owner of a case that went to another team still sees it, but does not work on it any more.
    """
    if case.kind == ASSIGNED:
        return acceptance.may_decide(case, viewer)
    waits = case.handler_id is None and any(_reaches(scope, case) for scope in viewer.scopes)
    return (waits and viewer.may("case.work")) or may_give_back(viewer, case)


def may_give_back(viewer: Viewer, case: Case) -> bool:
    """Say whether the viewer may put it back into the queue: it is theirs, or they give work.

    Whoever holds an assigned task objects to it instead.
    """
    if case.kind == ASSIGNED:
        return acceptance.may_decide(case, viewer)
    is_theirs = case.handler_id == viewer.staff_id
    return viewer.may("case.work") and (is_theirs or gives_work(viewer, case))


def refuse_unable(
    person: Staff, team: Team, *, site: int, category: str, at: datetime, field: str = "to"
) -> None:
    """Do nothing when this person works on such cases of this team at this site: active, with the right, within reach.

    Raises Invalid at the field: cannot_take, or other_categories when their roles are for other categories only. Nobody
    is excepted: who was named would see the case for being its handler, outside all that they may reach.
    """
    seen = viewers.of(person, at=at)
    there = [scope for scope in seen.scopes if scope.holds(team.pk, site)]
    if not (person.is_active and person.kind == "person" and seen.may("case.work") and there):
        raise Invalid(**{field: "cannot_take"})
    if not any(scope.holds(team.pk, site, category) for scope in there):
        raise Invalid(**{field: "other_categories"})


def workers_of(team: Team, *, site: int, category: str, at: datetime) -> list[Staff]:
    """Return who works on such cases of this team at this site, by their numbers, for a page where one is chosen."""
    standing = Q(until=None) | Q(until__gt=at)
    rows = Grant.objects.filter(
        standing, team__in=_line(team), staff__is_active=True, staff__kind="person"
    ).select_related("role", "staff")
    there = [grant for grant in rows if not grant.sites or site in grant.sites]
    fitting = [one for one in there if not one.categories or _lies_in(category, one.categories)]
    working = {grant.staff for grant in fitting if "case.work" in grant.role.permissions}
    return sorted(working, key=lambda person: person.number)


def _reaches(scope: Scope, case: Case) -> bool:
    return scope.holds(case.team_id, case.site_id, case.category)


def _lies_in(category: str, codes: Collection[str]) -> bool:
    return category in rulebook.current().within(codes)


def _passable(case: Case, name: str, version: int | None) -> Case:
    locked = lock(case, version)
    if not can_be_passed_on(locked):
        raise MoveNotAllowed(name, locked.status)
    return locked


def _refuse_team(team: Team, case: Case) -> None:
    if team.retired_at is not None:
        raise Invalid(team="unknown")
    if team.pk == case.team_id:
        raise Invalid(team="same")
    if not team.supervision and case.about.exists():
        # Supervision works on it as long as it is about one of us.
        raise Invalid(team="about_somebody")


def _refuse_unable(to: Staff, team: Team, case: Case, *, at: datetime) -> None:
    # Whom the case is about is asked last and answered like any other, so that asking tells nobody.
    refuse_unable(to, team, site=case.site_id, category=case.category, at=at)
    if case.about.filter(pk=to.pk).exists():
        raise Invalid(to="cannot_take")


def _was_asked(case: Case, by: Actor) -> bool:
    asked = case.handler_id in (None, by.id) and by.kind == "staff"
    return asked and Staff.objects.filter(number=by.ref, kind="person").exists()


def _hand(case: Case, changes: dict[str, Any], told: Draft, *, by: Actor, at: datetime) -> None:
    locked = lock(case, None)
    before = recent.topics_of([locked])[case.pk]
    if locked.status == Case.WAITING:
        lifecycle.move(case, "resume", by=by, at=at, reason="passed_on")
        locked = lock(case, None)
    if changes["handler"] and locked.owner_id is None and locked.status != Case.NEW:
        changes = {
            **changes,
            "owner": changes["handler"],
        }  # a program accepted it: the first to have it owns it
    change(case, locked, changes, at=at)
    case.refresh_from_db()
    promises.hand_over(case)
    if "team" in changes:
        _hand_to_other_leads(case)
        reckoning.follow_team(case, by=by, at=at)
    to = changes["handler"]
    placed = Draft("case.assigned", {"to": to.number, "because": []}) if to else None
    entries.append(case, [told, placed] if placed else [told], by=by, at=at)
    # Whoever had it on the screen until now is told as well.
    announce.changed(before, "case.changed", {"case": case.number})


def _hand_to_other_leads(case: Case) -> None:
    policies = {policy.code: policy for policy in rulebook.current().policies if policy.debtor == "lead"}
    for promise in Promise.objects.filter(promises.OWED, case=case, policy__in=policies):
        debtor = promises.debtor_of(case, policies[promise.policy])
        Promise.objects.filter(pk=promise.pk).update(debtor=debtor)


def _line(team: Team) -> list[int]:
    line: list[int] = []
    step: Team | None = team
    while step is not None:
        line.append(step.pk)
        step = step.parent
    return line
