"""POST /cases/{number}/identity-checks: who speaks, before private matters are told."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape
from huiyin.base import clock
from huiyin.cases import identity

router = Router(auth=Bearer("cases:write"), tags=["cases"])


class CheckIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    last_four: str = Field("", max_length=4)
    order_number: str = Field("", max_length=60)


@router.post(
    "/{number}/identity-checks",
    response={201: dict},
    summary="Check who speaks by order number or last four digits; the result is recorded",
)
def check(request: HttpRequest, number: str, body: CheckIn) -> Status[dict[str, Any]]:
    case = case_of(request, number)
    by, at = viewer_of(request).actor, clock.now()
    passed = identity.check(case, last_four=body.last_four, order_number=body.order_number, by=by, at=at)
    now = case_of(request, number)
    return Status(201, {"passed": passed, "case": case_shape(now, now.promises.all())})
