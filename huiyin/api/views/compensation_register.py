"""The compensation register across cases, and the limits of the roles, by API."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.views.compensations import compensation_shape
from huiyin.base import clock, secrets
from huiyin.base.problem import Problem
from huiyin.cases import given_away
from huiyin.rules import limits

router = Router(auth=Bearer("cases:read"), tags=["compensations"])
of_limits = Router(auth=Bearer("config:write"), tags=["compensations"])
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Sum = Annotated[Decimal, Field(max_digits=9, decimal_places=2, ge=0)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filters(_Body):
    """`from` and `to` are days, both included; `person` is the employee number of who proposed it."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    kind: Literal["", "coupon", "refund", "gift", "service"] = ""
    state: Literal["", "proposed", "granted", "refused"] = ""
    person: Short = ""
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class LimitsIn(_Body):
    """Yuan that the role grants by itself in one case; null: it always asks. What is left out stays."""

    coupon: Sum | None = None
    refund: Sum | None = None
    gift: Sum | None = None
    service: Sum | None = None


@router.get("", response=dict, summary="What was given in the cases one may see, newest first, with totals")
def list_compensations(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    after = filters.to + timedelta(days=1) if filters.to and filters.to < date.max else None
    wanted = given_away.Wanted(filters.from_, after, filters.kind, filters.state, filters.person)
    found = given_away.rows(viewer_of(request), wanted)
    rows = found.filter(pk__lt=_before(filters.cursor)) if filters.cursor else found
    page = list(rows[: filters.limit + 1])
    items = page[: filters.limit]
    following = secrets.seal("cursor", str(items[-1].pk)) if len(page) > filters.limit else None
    return {
        "items": [{"case": one.case.number, **compensation_shape(one)} for one in items],
        "granted": [
            {"kind": total.kind, "count": total.count, "value": str(total.value)}
            for total in given_away.totals(found)
        ],
        "next_cursor": following,
    }


@of_limits.get("", response=dict, summary="Up to which sum each role grants by itself")
def list_limits(request: HttpRequest) -> dict[str, Any]:
    return {"items": [{"role": role, **_told(values)} for role, values in limits.of_roles().items()]}


@of_limits.put("/{role}", response=dict, summary="Set the limits of a role")
def put_limits(request: HttpRequest, role: str, body: LimitsIn) -> dict[str, Any]:
    wanted = body.model_dump(exclude_unset=True)
    limits.save(role, wanted, by=viewer_of(request).actor, at=clock.now())
    return {"role": role, **_told(limits.of_roles()[role])}


def _told(values: dict[str, Decimal | None]) -> dict[str, str | None]:
    return {kind: None if value is None else str(value) for kind, value in values.items()}


def _before(cursor: str) -> int:
    try:
        return int(secrets.unseal("cursor", cursor))
    except (secrets.NotOurs, ValueError):
        detail = "Use the next_cursor of the page before, unchanged."
        raise Problem(422, "invalid", detail, fields={"cursor": "unreadable"}) from None
