"""Blocking a customer by API, and what came in from them while they were blocked."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.customer_shapes import customer_shape
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.customers import blocking
from huiyin.customers.keeping import Ended
from huiyin.customers.models import Customer
from huiyin.intake import blocked

router = Router(auth=Bearer("cases:write"), tags=["customers"])


class WhyIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


@router.post("/{customer}/block", response=dict, summary="Keep what they write aside from now on")
def block(request: HttpRequest, customer: str, body: WhyIn) -> dict[str, Any]:
    return _set(request, customer, blocking.block, body.reason)


@router.post("/{customer}/unblock", response=dict, summary="Let what they write open cases again")
def unblock(request: HttpRequest, customer: str, body: WhyIn) -> dict[str, Any]:
    return _set(request, customer, blocking.unblock, body.reason)


def _set(request: HttpRequest, number: str, verb: Any, reason: str) -> dict[str, Any]:
    viewer = viewer_of(request)
    row = Customer.objects.visible_to(viewer).with_people().filter(number=number).first()
    if row is None:
        raise Http404
    if not viewer.may("case.void"):
        raise Problem(403, "right_missing", "Blocking needs the right to void and restore cases.")
    try:
        verb(row, reason=reason, by=viewer.actor, at=clock.now())
    except Ended:
        raise Problem(409, "merged_or_erased", "This customer was merged or erased.") from None
    waiting = blocked.count(blocked.seen_by(viewer, customer=number))
    return {**customer_shape(row), "blocked_messages": waiting.messages}
