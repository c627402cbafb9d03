"""Changing a case by API: its fields, who works on it, and many cases at once."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import bulk, editing, passing, sameness
from huiyin.cases.models import Case
from huiyin.cases.typed import REASON_CHARS

router = Router(auth=Bearer("cases:write"), tags=["cases"])
Reason = Annotated[str, StringConstraints(max_length=REASON_CHARS)]
Number = Annotated[str, StringConstraints(max_length=20)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Changes(_Body):
    """Only what is given is changed; `department` null takes it away."""

    category: str = ""
    goal: str | None = None
    priority: Literal["urgent", "normal", "low"] = "normal"
    title: str = ""
    missing: list[str] = Field(default_factory=list, max_length=20)
    emotion: str = ""
    language: str = ""
    department: str | None = None
    is_complex: bool = False


class EditIn(Changes):
    version: int


class TransferIn(_Body):
    """`to` names a person of the new team; without one the case is offered to whoever is free there."""

    team: str
    to: Number | None = None
    reason: Reason
    version: int


class ReassignIn(_Body):
    to: Number
    reason: Reason = ""
    version: int


class GiveBackIn(_Body):
    reason: Reason
    version: int


class ChosenIn(_Body):
    number: Number
    version: int | None = None


class BulkIn(_Body):
    """`do` says what is done with each case; the other fields are those of the single call."""

    cases: list[ChosenIn] = Field(min_length=1, max_length=bulk.LIMIT)
    do: Literal[
        "edit",
        "transfer",
        "reassign",
        "give_back",
        "accept",
        "wait",
        "resume",
        "dispute",
        "reopen",
        "void",
        "restore",
    ]
    changes: Changes = Changes()
    team: str | None = None
    to: Number | None = None
    reason: Reason = ""
    waiting_for: str = ""
    until: AwareDatetime | None = None


@router.post("/bulk", response=dict, summary="Do the same with up to 200 cases, each for itself")
def bulk_change(request: HttpRequest, body: BulkIn) -> dict[str, Any]:
    job = bulk.Job(
        verb=body.do,
        changes=body.changes.model_dump(exclude_unset=True),
        team=passing.team_of(body.team) if body.team else None,
        to=passing.person_of(body.to) if body.to else None,
        reason=body.reason,
        waiting_for=body.waiting_for,
        until=body.until,
    )
    chosen = [(one.number, one.version) for one in body.cases]
    outcomes = bulk.each(job, chosen, viewer=viewer_of(request), at=clock.now())
    return {
        "items": [
            {
                "number": one.number,
                "outcome": one.outcome,
                "version": one.version,
                "fields": dict(one.fields),
            }
            for one in outcomes
        ]
    }


def edit(request: HttpRequest, number: str, body: EditIn) -> dict[str, Any]:
    """PATCH /cases/{number}; `cases` puts it beside the other methods of that path."""
    case = case_of(request, number)
    changes = body.model_dump(exclude_unset=True, exclude={"version"})
    editing.edit(case, changes, by=viewer_of(request).actor, at=clock.now(), version=body.version)
    return now(request, case)


@router.post("/{number}/transfer", response=dict, summary="Pass the case on to another team")
def transfer(request: HttpRequest, number: str, body: TransferIn) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    _allow(passing.may_pass_on(viewer, case))
    team, to = passing.team_of(body.team), passing.person_of(body.to) if body.to else None
    passing.transfer(case, team, body.reason, to=to, by=viewer.actor, at=clock.now(), version=body.version)
    return now(request, case)


@router.post("/{number}/reassign", response=dict, summary="Give the case to somebody else in its team")
def reassign(request: HttpRequest, number: str, body: ReassignIn) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    _allow(passing.gives_work(viewer, case))
    to, at = passing.person_of(body.to), clock.now()
    passing.reassign(case, to, body.reason, by=viewer.actor, at=at, version=body.version)
    return now(request, case)


@router.post("/{number}/give-back", response=dict, summary="Put the case back into the queue of its team")
def give_back(request: HttpRequest, number: str, body: GiveBackIn) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    _allow(passing.may_give_back(viewer, case))
    passing.give_back(case, body.reason, by=viewer.actor, at=clock.now(), version=body.version)
    return now(request, case)


def now(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Return the case as it now stands; to who passed it out of their sight, only what became of it."""
    viewer = viewer_of(request)
    seen = Case.objects.visible_to(viewer).with_people().filter(pk=case.pk).first()
    if seen is None:
        return {"number": case.number, "version": case.version, "status": case.status}
    sameness.fill([seen], viewer)
    return case_shape(seen, seen.promises.all())


def _allow(may: bool) -> None:
    if not may:
        detail = "Only who works on the case, or who gives work in its team, may do this."
        raise Problem(403, "not_yours", detail)
