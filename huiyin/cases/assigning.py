"""Tasks that a lead assigns: given, objected to, decided on, accepted or returned. The case is the task.

Taking it and handing in its result are the moves of any case (`lifecycle`): accept and resolve.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import bodies, entries, lifecycle, owing, promises, reckoning, tasking
from huiyin.cases.acceptance import may_assign
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import ASSIGNED, Assignment, Case, Promise
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.owing import Made
from huiyin.cases.typed import Invalid, checked
from huiyin.customers.models import Customer
from huiyin.staff.models import Grant, Staff, Team
from huiyin.staff.viewer import Viewer

LONGEST = timedelta(days=366)
IN_HAND = (Case.NEW, Case.OPEN, Case.WAITING)


@dataclass(frozen=True, slots=True)
class Given:
    """What is given to whom by when; `details` say how, `team` is the receiver's."""

    receiver: Staff
    team: Team
    title: str
    details: str
    due: datetime
    customer: Customer | None = None
    priority: str = "normal"


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision changes: another time, another receiver with their team, or both."""

    due: datetime | None = None
    receiver: Staff | None = None
    team: Team | None = None


def receivers(viewer: Viewer, *, at: datetime) -> list[tuple[Staff, Team]]:
    """Return who the viewer may give tasks to, each once with a team: who works on cases in the viewer's teams.

    Never the viewer: nobody accepts their own result. Two queries.
    """
    grants = Grant.objects.filter(
        Q(until=None) | Q(until__gt=at), staff__is_active=True, staff__kind="person", team__retired_at=None
    ).exclude(team=None)
    found: dict[int, tuple[Staff, Team]] = {}
    for grant in grants.select_related("staff", "role", "team__site").order_by("staff__number", "team__code"):
        works = "case.work" in grant.role.permissions and grant.staff_id != viewer.staff_id
        there = grant.team is not None and (not grant.sites or grant.team.site_id in grant.sites)
        if works and there and grant.team is not None and may_assign(viewer, grant.team):
            found.setdefault(grant.staff_id, (grant.staff, grant.team))
    return list(found.values())


def assign(given: Given, *, by: Actor, at: datetime) -> Assignment:
    """Give a task: a case of the family `task` that its receiver owes by a promise. Each call gives another.

    Personal values in the title are masked for good. Raises Invalid.
    """
    if by.id is None or by.id == given.receiver.pk:
        raise Invalid(receiver="yourself")
    _refuse_time(given.due, at)
    title = checked(given.title, field="title", limit=tasking.TITLE_CHARS)
    task = tasking.Task(
        kind=ASSIGNED,
        title=bodies.masked(title, bodies.personal_spans(title, at=at)),
        team=given.team,
        due=given.due,
        handler=given.receiver,
        customer=given.customer,
        priority=given.priority,
        details=checked(given.details, field="details"),
    )
    with tx.write():
        case = tasking.open_task(task, by=by, at=at)
        return Assignment.objects.create(case=case, assigned_by_id=by.id, at=at)


def object_to(task: Assignment, reason: str, *, by: Actor, at: datetime, version: int | None = None) -> None:
    """Let the receiver object, with the reason; the clock runs on until somebody decides. Raises MoveNotAllowed."""
    reason = checked(reason, field="text", limit=owing.REASON_CHARS)
    with tx.write():
        case, now = _locked(task, version)
        if case.handler_id != by.id or case.status not in IN_HAND or now.objected_at is not None:
            raise MoveNotAllowed("object", case.status)
        Assignment.objects.filter(pk=now.pk).update(objected_at=at)
        _tell(case, "task.objected", reason, by=by, at=at)


def decide(
    task: Assignment, wanted: Change, text: str, *, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Keep the task as it is (nothing wanted), or change its time, its receiver or both; an objection ends with it.

    A new time replaces the old promise: what was late by then stays late. Raises Invalid, MoveNotAllowed, Stale.
    """
    with tx.write():
        case, now = _locked(task, version)
        changes = wanted.due is not None or wanted.receiver is not None
        if case.status not in IN_HAND or (now.objected_at is None and not changes):
            raise MoveNotAllowed("decide", case.status)
        Assignment.objects.filter(pk=now.pk).update(objected_at=None)
        _tell(case, "task.changed" if changes else "task.upheld", text, by=by, at=at)
        if wanted.receiver is not None:
            _give_to(case, wanted.receiver, wanted.team or case.team, by=by, at=at)
        if wanted.due is not None:
            _new_time(case, wanted.due, by=by, at=at)


def accept_result(
    task: Assignment, completeness: int, *, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Close the task: its result is there, complete to so many percent. Raises Invalid, MoveNotAllowed, Stale."""
    if not 0 <= completeness <= 100:
        raise Invalid(completeness="not_a_share")
    with tx.write():
        lifecycle.move(task.case, "confirm", by=by, at=at, version=version, how="lead")
        Assignment.objects.filter(pk=task.pk).update(completeness=completeness)


def give_back(
    task: Assignment, due: datetime, reason: str, *, by: Actor, at: datetime, version: int | None = None
) -> None:
    """Return a result to be done again by a new time, with the reason. Raises Invalid, MoveNotAllowed, Stale."""
    reason = checked(reason, field="text", limit=owing.REASON_CHARS)
    _refuse_time(due, at)
    with tx.write():
        lifecycle.move(task.case, "dispute", by=by, at=at, version=version, text=reason)
        _new_time(task.case, due, by=by, at=at)


def withdraw(task: Assignment, reason: str, *, by: Actor, at: datetime, version: int | None = None) -> None:
    """Take the task back; what it promised is cancelled, an objection ends. Raises MoveNotAllowed, Stale."""
    reason = checked(reason, field="text", limit=owing.REASON_CHARS)
    with tx.write():
        lifecycle.move(task.case, "void", by=by, at=at, version=version, text=reason, reason="withdrawn")
        Assignment.objects.filter(pk=task.pk).update(objected_at=None)


def _locked(task: Assignment, version: int | None) -> tuple[Case, Assignment]:
    lock(task.case, version)
    case = Case.objects.with_people().get(pk=task.case_id)
    return case, Assignment.objects.get(pk=task.pk)


def _tell(case: Case, kind: str, text: str, *, by: Actor, at: datetime) -> None:
    entries.append(case, [Draft(kind, {}, text.strip()[: owing.REASON_CHARS])], by=by, at=at)


def _give_to(case: Case, receiver: Staff, team: Team, *, by: Actor, at: datetime) -> None:
    if receiver.pk in (by.id, case.handler_id):
        raise Invalid(receiver="yourself" if receiver.pk == by.id else "has_it_already")
    if team.pk != case.team_id:
        change(case, lock(case, None), {"team": team}, at=at)
        reckoning.follow_team(case, by=by, at=at)
    lifecycle.assign(case, receiver, (), by=by, at=at)


def _new_time(case: Case, due: datetime, *, by: Actor, at: datetime) -> None:
    _refuse_time(due, at)
    owed = Promise.objects.owed().filter(case=case, kind=ASSIGNED)
    promises.cancel_these(case, list(owed), cause="new_time", by=by, at=at)
    case = Case.objects.with_people().get(pk=case.pk)
    owing.record(case, Made(ASSIGNED, due, case.title), by=by, at=at)


def _refuse_time(due: datetime, at: datetime) -> None:
    if not at < due <= at + LONGEST:
        raise Invalid(due_at="too_far" if due > at else "not_after_now")
