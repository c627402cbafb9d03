"""Requests to other departments by API: asked in a case, followed by both sides to their end."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import case_shape, entry_shape, promise_shape, stamp
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import collaboration, compensation, sameness, shared
from huiyin.cases.models import Case, Collaboration
from huiyin.cases.typed import TEXT_LIMIT

router = Router(auth=Bearer("cases:read"), tags=["collaborations"])
of_cases = Router(auth=Bearer("cases:write"), tags=["collaborations"])
Verb = Literal["accept", "answer", "return", "finish", "withdraw", "approve", "refuse"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filters(_Body):
    state: Literal["open", "accepted", "answered", "returned", "finished", "refused", "withdrawn"] | None = (
        None
    )
    kind: Literal["request", "approval"] | None = None
    department: str | None = None
    case: str | None = None
    cursor: UUID | None = None
    limit: int = Field(50, ge=1, le=200)


class AskIn(_Body):
    """`shared` are numbers of entries of the case that the department may read, masked."""

    department: str = Field(max_length=50)
    subject: str = Field(max_length=collaboration.SUBJECT_CHARS)
    details: str = Field(max_length=TEXT_LIMIT)
    due_at: AwareDatetime
    shared: list[int] = Field(default_factory=list, max_length=100)


class StepIn(_Body):
    version: int
    text: str = Field("", max_length=TEXT_LIMIT)


@of_cases.post("/{number}/collaborations", response={201: dict}, summary="Ask another department")
def ask(request: HttpRequest, number: str, body: AskIn) -> Status[dict[str, Any]]:
    viewer = viewer_of(request)
    case = Case.objects.visible_to(viewer).with_people().numbered(number)
    if case is None:
        raise Http404
    department = collaboration.department(body.department)
    asked = collaboration.Asked(department, body.subject, body.details, body.due_at, shared=body.shared)
    made = collaboration.ask(case, asked, by=viewer.actor, at=clock.now())
    now = Case.objects.visible_to(viewer).with_people().get(pk=case.pk)
    sameness.fill([now], viewer)
    return Status(201, {"collaboration": _shape(made), "case": case_shape(now, now.promises.all())})


@router.get("", response=dict, summary="Requests that the caller may see, newest first")
def list_requests(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    rows = Collaboration.objects.visible_to(viewer_of(request)).with_people().order_by("-uuid")
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.department:
        rows = rows.filter(department__code=filters.department)
    if filters.case:
        rows = rows.filter(case__number=filters.case)
    if filters.cursor:
        rows = rows.filter(uuid__lt=filters.cursor)
    found = list(rows[: filters.limit + 1])
    page = found[: filters.limit]
    following = str(page[-1].uuid) if len(found) > filters.limit else None
    return {"items": [_shape(one) for one in page], "next_cursor": following}


@router.get("/{asked}", response=dict, summary="One request with what its department may read of the case")
def read_request(request: HttpRequest, asked: UUID) -> dict[str, Any]:
    found = _request(request, asked)
    seen = shared.summary(found)
    about = {"number": seen.number, "title": seen.title, "category": seen.category, "status": seen.status}
    entries = [entry_shape(entry.case, entry, words) for entry, words in seen.entries]
    return {**_shape(found), "case": about, "entries": entries}


@router.post(
    "/{asked}/{verb}", auth=Bearer("cases:write"), response=dict, summary="Take one step with a request"
)
def act(request: HttpRequest, asked: UUID, verb: Verb, body: StepIn) -> dict[str, Any]:
    found, viewer = _request(request, asked), viewer_of(request)
    if not collaboration.may(viewer, found, verb):
        raise Problem(403, "not_yours", "This step belongs to the other side; nothing was written.")
    # Of an approval every end also settles the compensation that waits for it.
    step = compensation.decide if found.kind == Collaboration.APPROVAL else collaboration.act
    try:
        done = step(found, verb, by=viewer.actor, at=clock.now(), version=body.version, text=body.text)
    except compensation.OwnProposal:
        raise Problem(409, "own_proposal", "Somebody else decides on what you proposed.") from None
    return _shape(done)


def _request(request: HttpRequest, uuid: UUID) -> Collaboration:
    found = Collaboration.objects.visible_to(viewer_of(request)).with_people().filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _shape(request: Collaboration) -> dict[str, Any]:
    return {
        "id": str(request.uuid),
        "kind": request.kind,
        "state": request.state,
        "subject": request.subject,
        "department": request.department.code,
        "asked_by": request.asked_by.number,
        "assignee": request.assignee.number if request.assignee else None,
        "case_number": request.case.number,
        "promise": promise_shape(request.promise) if request.promise else None,
        "asked_at": stamp(request.asked_at),
        "ended_at": stamp(request.ended_at),
        "version": request.version,
    }
