"""Cases that belong together: merge, split, link, parent and children."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape
from huiyin.api.views import case_changes
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import merging, relating, splitting
from huiyin.cases.models import Case
from huiyin.cases.typed import TEXT_LIMIT

router = Router(auth=Bearer("cases:write"), tags=["cases"])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MergeIn(_Body):
    into: str = Field(max_length=20)
    version: int


class VersionIn(_Body):
    version: int


class SplitIn(_Body):
    seq: int = Field(ge=1)
    title: str = Field("", max_length=200)
    version: int


class LinkIn(_Body):
    number: str = Field(max_length=20)


class ParentIn(_Body):
    number: str | None = Field(max_length=20)
    version: int


class AnswerAllIn(_Body):
    text: str = Field(max_length=TEXT_LIMIT)
    resolve: bool = False


@router.post("/{number}/merge", response=dict, summary="Merge this case into another of the same customer")
def merge(request: HttpRequest, number: str, body: MergeIn) -> dict[str, Any]:
    case, into = case_of(request, number), _other(request, body.into, "into")
    try:
        merging.merge(case, into, by=viewer_of(request).actor, at=clock.now(), version=body.version)
    except merging.CannotMerge as error:
        raise _refused("cannot_merge", error.code) from None
    return _now(request, body.into)


@router.post("/{number}/unmerge", response=dict, summary="Undo a merge within 24 hours")
def unmerge(request: HttpRequest, number: str, body: VersionIn) -> dict[str, Any]:
    case = case_of(request, number)
    try:
        merging.unmerge(case, by=viewer_of(request).actor, at=clock.now(), version=body.version)
    except merging.CannotMerge as error:
        raise _refused("cannot_unmerge", error.code) from None
    return _now(request, number)


@router.post("/{number}/split", response={201: dict}, summary="Open a case for one of this case's messages")
def split(request: HttpRequest, number: str, body: SplitIn) -> Status[dict[str, Any]]:
    case, by = case_of(request, number), viewer_of(request).actor
    try:
        opened = splitting.split(
            case, body.seq, title=body.title, by=by, at=clock.now(), version=body.version
        )
    except splitting.NoSuchMessage:
        fields = {"seq": "no message of the customer"}
        raise Problem(422, "invalid", "Nothing was written.", fields=fields) from None
    return Status(201, case_changes.now(request, opened))


@router.post("/{number}/links", response=dict, summary="Note that two cases belong together")
def link(request: HttpRequest, number: str, body: LinkIn) -> dict[str, Any]:
    case, other = case_of(request, number), _other(request, body.number, "number")
    try:
        relating.link(case, other, by=viewer_of(request).actor, at=clock.now())
    except relating.CannotRelate as error:
        raise _refused("cannot_relate", error.code) from None
    return _now(request, number)


@router.delete("/{number}/links/{other}", response=dict, summary="Take a link away again")
def unlink(request: HttpRequest, number: str, other: str) -> dict[str, Any]:
    try:
        relating.unlink(
            case_of(request, number), case_of(request, other), by=viewer_of(request).actor, at=clock.now()
        )
    except relating.CannotRelate:
        raise Http404 from None
    return _now(request, number)


@router.put("/{number}/parent", response=dict, summary="Put this case under another, or take it out again")
def put_under(request: HttpRequest, number: str, body: ParentIn) -> dict[str, Any]:
    case, by = case_of(request, number), viewer_of(request).actor
    try:
        if body.number is None:
            relating.take_out(case, by=by, at=clock.now(), version=body.version)
        else:
            parent = _other(request, body.number, "number")
            relating.put_under(case, parent, by=by, at=clock.now(), version=body.version)
    except relating.CannotRelate as error:
        raise _refused("cannot_relate", error.code) from None
    return _now(request, number)


@router.post(
    "/{number}/answer-children", response={202: dict}, summary="Answer all open children with one text"
)
def answer_children(request: HttpRequest, number: str, body: AnswerAllIn) -> Status[dict[str, Any]]:
    case, by = case_of(request, number), viewer_of(request).actor
    try:
        answered = relating.answer_all(case, body.text, resolve=body.resolve, by=by, at=clock.now())
    except relating.CannotRelate as error:
        raise _refused("cannot_relate", error.code) from None
    return Status(202, {"answered": list(answered)})


def _other(request: HttpRequest, number: str, field: str) -> Case:
    case = Case.objects.visible_to(viewer_of(request)).with_people().numbered(number)
    if case is None:
        fields = {field: "no such case, or you may not see it"}
        raise Problem(422, "invalid", "The other case cannot be used; nothing was written.", fields=fields)
    return case


def _now(request: HttpRequest, number: str) -> dict[str, Any]:
    case = case_of(request, number)
    return case_shape(case, case.promises.all())


def _refused(code: str, reason: str) -> Problem:
    detail = f"{reason.replace('_', ' ')}; nothing was written."
    return Problem(409, code, detail, reason=reason)
