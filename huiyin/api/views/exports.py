"""Exports that need an approval, by API: asked for by one account, decided by another, taken out by the first."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.api.views.records import ExportIn, chosen, not_plain, sent, too_many
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import exporting, exports
from huiyin.cases.models import Export
from huiyin.cases.models.export import ExportQuerySet
from huiyin.cases.moves import MoveNotAllowed

router = Router(auth=Bearer("cases:export"), tags=["records"])
SHOWN = 200


class DecisionIn(BaseModel):
    """`words` may stand with an approval, and must with a refusal."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, StringConstraints(max_length=exports.WORDS_CHARS)] = ""


@router.post("", response={201: dict}, summary="Ask for the approval of an export of many customers")
def ask(request: HttpRequest, body: ExportIn) -> Status[dict[str, Any]]:
    viewer = viewer_of(request)
    told = {
        "status": body.status,
        "team": body.team,
        "category": body.category,
        "from": body.from_.isoformat() if body.from_ else None,
        "to": body.to.isoformat() if body.to else None,
    }
    try:
        asked = exports.ask(
            chosen(body, viewer),
            body.format,
            body.reason,
            chosen={name: value for name, value in told.items() if value},
            by=viewer.actor,
            at=clock.now(),
            plain=body.plain,
        )
    except exporting.TooMany as error:
        raise too_many(error) from None
    return Status(201, _shape(asked))


@router.get("", response=dict, summary="Exports asked for, or waiting for the account, newest first")
def list_exports(request: HttpRequest) -> dict[str, Any]:
    rows = Export.objects.visible_to(viewer_of(request)).with_people().order_by("-id")
    return {"items": [_shape(one) for one in rows[:SHOWN]]}


@router.get("/{approval}", response=dict, summary="One of them: is it approved?")
def read(request: HttpRequest, approval: UUID) -> dict[str, Any]:
    return _shape(_found(Export.objects.visible_to(viewer_of(request)), approval))


@router.post("/{approval}/withdraw", response=dict, summary="It is no longer needed")
def withdraw(request: HttpRequest, approval: UUID) -> dict[str, Any]:
    found, viewer = _asked(request, approval), viewer_of(request)
    try:
        return _shape(exports.decide(found, "withdraw", by=viewer.actor, at=clock.now()))
    except MoveNotAllowed as error:
        raise _not_possible(error) from None


@router.post("/{approval}/file", response=dict, summary="Take the approved file out, within 24 hours")
def take(request: HttpRequest, approval: UUID) -> HttpResponse:
    found, viewer = _asked(request, approval), viewer_of(request)
    try:
        return sent(exports.take(found, viewer=viewer, at=clock.now()))
    except exporting.NotPlain:
        raise not_plain() from None
    except MoveNotAllowed as error:
        raise _not_possible(error) from None


@router.post(
    "/{approval}/{decision}",
    auth=Bearer("approvals:write"),
    response=dict,
    summary="Approve, or not, what another account asked for",
)
def decide(
    request: HttpRequest, approval: UUID, decision: Literal["approve", "refuse"], body: DecisionIn
) -> dict[str, Any]:
    viewer = viewer_of(request)
    found = _found(Export.objects.visible_to(viewer), approval)
    try:
        return _shape(exports.decide(found, decision, by=viewer.actor, at=clock.now(), words=body.words))
    except exports.OwnRequest:
        raise Problem(409, "own_request", "Somebody else decides on what you asked for.") from None
    except MoveNotAllowed as error:
        raise _not_possible(error) from None


def _asked(request: HttpRequest, uuid: UUID) -> Export:
    viewer = viewer_of(request)
    return _found(Export.objects.visible_to(viewer).filter(asked_by=viewer.staff_id), uuid)


def _found(exports_: ExportQuerySet, uuid: UUID) -> Export:
    found = exports_.with_people().filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _not_possible(error: MoveNotAllowed) -> Problem:
    detail = (
        f"This export is {error.status}; a file can be taken out within 24 hours of its approval, "
        "and only what waits can be decided or withdrawn."
    )
    return Problem(409, "not_possible", detail, state=error.status)


def _shape(export: Export) -> dict[str, Any]:
    return {
        "id": str(export.uuid),
        "state": export.state,
        "reason": export.reason,
        "format": export.format,
        "plain": export.plain,
        "chosen": export.chosen,
        "cases": len(export.numbers),
        "customers": export.customers,
        "asked_by": export.asked_by.number,
        "asked_at": stamp(export.asked_at),
        "decided_by": export.decided_by.number if export.decided_by else None,
        "decided_at": stamp(export.decided_at),
        "words": export.words,
        "taken_at": stamp(export.taken_at),
    }
