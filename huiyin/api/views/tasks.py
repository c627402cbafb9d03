"""Assigned tasks by API: given, listed, objected to, decided on, accepted or returned, and what they say of people."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import case_shape, stamp
from huiyin.base import clock, secrets, tx
from huiyin.base.problem import Problem
from huiyin.cases import acceptance, assigned_figures, assigning, lifecycle, plans
from huiyin.cases.assigning import Change, Given
from huiyin.cases.models import Assignment, Case
from huiyin.cases.typed import Invalid
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer

router = Router(auth=Bearer("cases:read"), tags=["tasks"])
_write = Bearer("cases:write")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TaskFilters(_Body):
    state: Literal["in_hand", "handed_in", "closed", "withdrawn"] | None = None
    receiver: str | None = None
    assigned_by: str | None = None
    objected: bool | None = None
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class TaskIn(_Body):
    """`customer` may be left out: not every task is about one."""

    receiver: str
    title: str = Field(min_length=1, max_length=200)
    details: str = Field(min_length=1, max_length=lifecycle.TEXT_LIMIT)
    due_at: AwareDatetime
    customer: str | None = None
    priority: Literal["urgent", "normal", "low"] = "normal"


class TaskActIn(_Body):
    """`text` is a reason or the result; `due_at` and `receiver` what a decision changes; `completeness` in percent."""

    version: int
    text: str = Field("", max_length=lifecycle.TEXT_LIMIT)
    due_at: AwareDatetime | None = None
    receiver: str | None = None
    completeness: int | None = Field(None, ge=0, le=100)


class Period(_Body):
    from_: date = Field(alias="from")
    to: date


@router.get("", response=dict, summary="Assigned tasks, what is due next first")
def list_tasks(request: HttpRequest, filters: Query[TaskFilters]) -> dict[str, Any]:
    rows = Assignment.objects.visible_to(viewer_of(request)).with_people()
    columns = {
        "case__status__in": STATES[filters.state] if filters.state else None,
        "case__handler__number": filters.receiver,
        "assigned_by__number": filters.assigned_by,
        "objected_at__isnull": None if filters.objected is None else not filters.objected,
    }
    for column, value in columns.items():
        if value is not None:
            rows = rows.filter(Q((column, value)))
    if filters.cursor:
        rows = rows.filter(_after(filters.cursor))
    found = list(rows.by_due()[: filters.limit + 1])
    page = found[: filters.limit]
    following = _cursor(page[-1]) if len(found) > filters.limit else None
    return {"items": [_shape(task) for task in page], "next_cursor": following}


@router.get(
    "/figures", auth=Bearer("reports:read"), response=dict, summary="In time, closed, complete: by person"
)
def figures(request: HttpRequest, period: Query[Period]) -> dict[str, Any]:
    if period.to <= period.from_:
        raise Problem(422, "invalid", "`to` is the day after the last one.", fields={"to": "not_after_from"})
    found = assigned_figures.by_person(first=period.from_, after=period.to, viewer=viewer_of(request))
    return {"items": [one.as_json() for one in found]}


@router.post("", auth=_write, response={201: dict}, summary="Assign a task")
def assign(request: HttpRequest, body: TaskIn) -> Status[dict[str, Any]]:
    viewer, at = viewer_of(request), clock.now()
    receiver, team = _receiver(body.receiver, viewer, at)
    customer = plans.customer_of(body.customer, viewer) if body.customer else None
    if body.customer and customer is None:
        raise Invalid(customer="unknown")
    given = Given(receiver, team, body.title, body.details, body.due_at, customer, body.priority)
    made = assigning.assign(given, by=viewer.actor, at=at)
    return Status(201, _told(made, viewer))


@router.get("/{number}", response=dict, summary="One task")
def read_task(request: HttpRequest, number: str) -> dict[str, Any]:
    return _told(_task(request, number), viewer_of(request))


@router.post(
    "/{number}/{verb}",
    auth=_write,
    response=dict,
    summary="object, finish (its receiver) · decide, accept, return, withdraw (who assigns there)",
)
def act(
    request: HttpRequest,
    number: str,
    verb: Literal["object", "finish", "decide", "accept", "return", "withdraw"],
    body: TaskActIn,
) -> dict[str, Any]:
    viewer, at, task = viewer_of(request), clock.now(), _task(request, number)
    if verb not in ("object", "finish") and not acceptance.may_decide(task.case, viewer):
        raise Problem(403, "not_yours", "Only who gives work to others in this team decides on the task.")
    ACTS[verb](task, body, viewer, at)
    return _told(task, viewer)


def _object(task: Assignment, body: TaskActIn, viewer: Viewer, at: datetime) -> None:
    assigning.object_to(task, body.text, by=viewer.actor, at=at, version=body.version)


def _finish(task: Assignment, body: TaskActIn, viewer: Viewer, at: datetime) -> None:
    with tx.write():
        version = body.version
        if task.case.status == Case.NEW and task.case.version == version:
            version = lifecycle.move(task.case, "accept", by=viewer.actor, at=at, version=version).version
        lifecycle.move(task.case, "resolve", by=viewer.actor, at=at, version=version, text=body.text)


def _decide(task: Assignment, body: TaskActIn, viewer: Viewer, at: datetime) -> None:
    receiver, team = _receiver(body.receiver, viewer, at) if body.receiver else (None, None)
    wanted = Change(body.due_at, receiver, team)
    assigning.decide(task, wanted, body.text, by=viewer.actor, at=at, version=body.version)


def _accept(task: Assignment, body: TaskActIn, viewer: Viewer, at: datetime) -> None:
    if body.completeness is None:
        raise Invalid(completeness="missing")
    assigning.accept_result(task, body.completeness, by=viewer.actor, at=at, version=body.version)


def _return(task: Assignment, body: TaskActIn, viewer: Viewer, at: datetime) -> None:
    if body.due_at is None:
        raise Invalid(due_at="missing")
    assigning.give_back(task, body.due_at, body.text, by=viewer.actor, at=at, version=body.version)


def _withdraw(task: Assignment, body: TaskActIn, viewer: Viewer, at: datetime) -> None:
    assigning.withdraw(task, body.text, by=viewer.actor, at=at, version=body.version)


ACTS: dict[str, Callable[[Assignment, TaskActIn, Viewer, datetime], None]] = {
    "object": _object,
    "finish": _finish,
    "decide": _decide,
    "accept": _accept,
    "return": _return,
    "withdraw": _withdraw,
}
STATES = {
    "in_hand": assigning.IN_HAND,
    "handed_in": (Case.RESOLVED,),
    "closed": (Case.CLOSED,),
    "withdrawn": (Case.VOID,),
}


def _receiver(number: str, viewer: Viewer, at: datetime) -> tuple[Staff, Team]:
    found = next((one for one in assigning.receivers(viewer, at=at) if one[0].number == number), None)
    if found is None:
        raise Invalid(receiver="unknown")
    return found


def _task(request: HttpRequest, number: str) -> Assignment:
    rows = Assignment.objects.visible_to(viewer_of(request)).with_people()
    found = rows.filter(case__number=number).first()
    if found is None:
        raise Http404
    return found


def _told(task: Assignment, viewer: Viewer) -> dict[str, Any]:
    now = Assignment.objects.visible_to(viewer).with_people().filter(pk=task.pk).first()
    if now is None:
        return {"number": task.case.number}
    return {**_shape(now), "case": case_shape(now.case, now.case.promises.all())}


def _shape(task: Assignment) -> dict[str, Any]:
    case = task.case
    return {
        "number": case.number,
        "title": case.title,
        "state": next(name for name, statuses in STATES.items() if case.status in statuses),
        "receiver": case.handler.number if case.handler else None,
        "assigned_by": task.assigned_by.number,
        "team": case.team.code,
        "customer": case.customer.number if case.customer else None,
        "objected_at": stamp(task.objected_at),
        "completeness": task.completeness,
        "assigned_at": stamp(task.at),
        "version": case.version,
    }


def _cursor(task: Assignment) -> str:
    return secrets.seal("task-cursor", json.dumps([task.case.next_due.isoformat(), task.pk]))


def _after(cursor: str) -> Q:
    try:
        due, pk = json.loads(secrets.unseal("task-cursor", cursor))
    except secrets.NotOurs:
        detail = "Use the next_cursor of the page before, unchanged."
        raise Problem(422, "invalid", detail, fields={"cursor": "unreadable"}) from None
    at = datetime.fromisoformat(due)
    return Q(case__next_due__gt=at) | Q(case__next_due=at, pk__gt=pk)
