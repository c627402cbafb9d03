"""A customer's own people by API: who was it when, and handing all customers of one person to another."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.customer_shapes import dedication_shape
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.customers import dedication, keeping
from huiyin.customers.models import Customer
from huiyin.staff import people
from huiyin.staff.models import Staff

router = Router(auth=Bearer("cases:write"), tags=["customers"])
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Role = Literal["dedicated", "salesperson", "area_manager"]


class HandOverFilters(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Role
    giver: Number


class HandOverIn(HandOverFilters):
    taker: Number
    expected: int = Field(ge=1)
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


@router.get("/hand-over", response=dict, summary="How many customers a person has in a role")
def preview(request: HttpRequest, filters: Query[HandOverFilters]) -> dict[str, Any]:
    _may_hand_over(request)
    return {"count": dedication.of(_giver(filters.giver), filters.role).count()}


@router.post("/hand-over", response=dict, summary="Give all customers of one person to another")
def hand_over(request: HttpRequest, body: HandOverIn) -> dict[str, Any]:
    _may_hand_over(request)
    giver, by, at = _giver(body.giver), viewer_of(request).actor, clock.now()
    try:
        taker = keeping.person_numbered(body.taker)
        count = dedication.hand_over(
            body.role, giver, taker, expected=body.expected, why=body.reason, by=by, at=at
        )
    except keeping.NoSuchPerson:
        raise Problem(422, "invalid", "No such person here.", fields={"taker": "unknown"}) from None
    except dedication.CannotHandOver as error:
        detail = "Look at the count again, then decide; nothing was changed."
        raise Problem(409, error.code, detail, count=error.count) from None
    return {"count": count}


@router.get(
    "/{customer}/dedicated",
    auth=Bearer("customers:read"),
    response=dict,
    summary="Who was the customer's own person, from when to when",
)
def history(request: HttpRequest, customer: str) -> dict[str, Any]:
    row = Customer.objects.visible_to(viewer_of(request)).filter(number=customer).first()
    if row is None:
        raise Http404
    return {"items": [dedication_shape(one) for one in dedication.history(row)]}


def _may_hand_over(request: HttpRequest) -> None:
    if not viewer_of(request).may("case.reassign"):
        raise Problem(403, "right_missing", "Handing customers over needs the right to give cases to others.")


def _giver(number: str) -> Staff:
    giver = people.one(number)
    if giver is None:
        raise Problem(422, "invalid", "No such person.", fields={"giver": "unknown"})
    return giver
