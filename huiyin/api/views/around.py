"""Around a case: who follows it, who was named in it, and its tags."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape, stamp
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import mentions, tagging, watching
from huiyin.cases.models import Case, Mention

of_cases = Router(auth=Bearer("cases:read"), tags=["cases"])
router = Router(auth=Bearer("cases:read"), tags=["cases"])
_write = Bearer("cases:write")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TagIn(_Body):
    tag: str = Field(max_length=200)


@of_cases.get("/{number}/watchers", response=dict, summary="Who follows the case")
def watchers(request: HttpRequest, number: str) -> dict[str, Any]:
    return _watchers(case_of(request, number))


@of_cases.put("/{number}/watchers/{person}", auth=_write, response=dict, summary="Let a person follow it")
def watch(request: HttpRequest, number: str, person: str) -> dict[str, Any]:
    case = _deciding_on(request, number)
    found = watching.person(person)
    watching.watch(case, found, by=viewer_of(request).actor, at=clock.now())
    return _watchers(case)


@of_cases.delete("/{number}/watchers/{person}", auth=_write, response=dict, summary="End that they follow it")
def unwatch(request: HttpRequest, number: str, person: str) -> dict[str, Any]:
    case = _deciding_on(request, number)
    for row in watching.of(case):
        if row.staff.number == person:
            watching.unwatch(case, row.staff, by=viewer_of(request).actor, at=clock.now())
    return _watchers(case)


@of_cases.get(
    "/{number}/mentions", response=dict, summary="Who was named in notes, and who waits to be let in"
)
def named(request: HttpRequest, number: str) -> dict[str, Any]:
    return {"items": [_mention(one) for one in mentions.of_case(case_of(request, number))]}


@of_cases.post(
    "/{number}/mentions/{mention}/{decision}",
    auth=_write,
    response=dict,
    summary="Let in somebody who was named, or do not",
)
def decide(
    request: HttpRequest, number: str, mention: UUID, decision: Literal["let-in", "refuse"]
) -> dict[str, Any]:
    case, by = _deciding_on(request, number), viewer_of(request).actor
    try:
        return _mention(mentions.decide(case, mention, decision, by=by, at=clock.now()))
    except Mention.DoesNotExist:
        raise Http404 from None


@of_cases.post("/{number}/tags", auth=_write, response=dict, summary="Tag the case")
def tag(request: HttpRequest, number: str, body: TagIn) -> dict[str, Any]:
    tagging.tag(case_of(request, number), body.tag, by=viewer_of(request).actor, at=clock.now())
    return _now(request, number)


@of_cases.delete("/{number}/tags", auth=_write, response=dict, summary="Take a tag away")
def untag(request: HttpRequest, number: str, tag: str) -> dict[str, Any]:
    tagging.untag(case_of(request, number), tag, by=viewer_of(request).actor, at=clock.now())
    return _now(request, number)


@router.get("", response=dict, summary="Tags of the cases that one sees, the most used first")
def suggested(request: HttpRequest, q: Query[str] = "") -> dict[str, Any]:
    return {"items": tagging.suggested(viewer_of(request), q[:40])}


def _deciding_on(request: HttpRequest, number: str) -> Case:
    case = case_of(request, number)
    if not watching.may_let_in(case, viewer_of(request)):
        raise Problem(403, "right_missing", "Who follows a case is decided by its handler or a lead.")
    return case


def _watchers(case: Case) -> dict[str, Any]:
    rows = watching.of(case)
    return {"items": [{"person": row.staff.number, "since": stamp(row.since)} for row in rows]}


def _mention(one: Mention) -> dict[str, Any]:
    return {
        "id": str(one.uuid),
        "person": one.staff.number,
        "by": one.by.number,
        "seq": one.seq,
        "state": one.state,
        "at": stamp(one.at),
        "settled_at": stamp(one.settled_at),
    }


def _now(request: HttpRequest, number: str) -> dict[str, Any]:
    case = case_of(request, number)
    return case_shape(case, case.promises.all())
