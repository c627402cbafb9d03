"""The compensation register of a case by API."""

from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.base import clock
from huiyin.cases import compensation
from huiyin.cases.models import Case, Compensation

router = Router(auth=Bearer("cases:write"), tags=["compensations"])


class CompensationIn(BaseModel):
    """`value` in yuan with at most two places."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["coupon", "refund", "gift", "service"]
    value: Decimal = Field(max_digits=9, decimal_places=2, gt=0)
    basis: str = Field(max_length=compensation.BASIS_CHARS)


@router.get(
    "/{number}/compensations", auth=Bearer("cases:read"), response=dict, summary="What was given or proposed"
)
def list_compensations(request: HttpRequest, number: str) -> dict[str, Any]:
    case = _case(request, number)
    rows = Compensation.objects.visible_to(viewer_of(request)).filter(case=case).order_by("id")
    return {"items": [compensation_shape(one) for one in rows.select_related("made_by", "approval")]}


@router.post(
    "/{number}/compensations", response={201: dict}, summary="Grant within one's limit, else ask for approval"
)
def propose(request: HttpRequest, number: str, body: CompensationIn) -> Status[dict[str, Any]]:
    case = _case(request, number)
    proposal = compensation.Proposal(body.kind, body.value, body.basis)
    made = compensation.propose(case, proposal, by=viewer_of(request).actor, at=clock.now())
    return Status(201, compensation_shape(made))


def _case(request: HttpRequest, number: str) -> Case:
    case = Case.objects.visible_to(viewer_of(request)).numbered(number)
    if case is None:
        raise Http404
    return case


def compensation_shape(made: Compensation) -> dict[str, Any]:
    """Return what was given or proposed as the API tells it."""
    return {
        "id": str(made.uuid),
        "kind": made.kind,
        "value": str(made.value),
        "basis": made.basis,
        "state": made.state,
        "made_by": made.made_by.number,
        "approval": str(made.approval.uuid) if made.approval else None,
        "at": stamp(made.at),
    }
