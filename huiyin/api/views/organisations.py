"""Organisations by API: found and made."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.customer_shapes import organisation_shape
from huiyin.base import clock
from huiyin.customers import organisations
from huiyin.customers.models import Organisation

router = Router(auth=Bearer("customers:read"), tags=["customers"])
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class OrganisationFilters(BaseModel):
    model_config = ConfigDict(extra="forbid")
    q: str = Field("", max_length=120)
    limit: int = Field(50, ge=1, le=200)


class OrganisationIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Name


@router.get("", response=dict, summary="Organisations whose name holds the words, newest first")
def list_organisations(request: HttpRequest, filters: Query[OrganisationFilters]) -> dict[str, Any]:
    rows = Organisation.objects.visible_to(viewer_of(request)).filter(name__icontains=filters.q)
    return {"items": [organisation_shape(one) for one in rows.order_by("-id")[: filters.limit]]}


@router.post(
    "",
    auth=Bearer("cases:write"),
    response={201: dict},
    summary="Make an organisation, or get the one of this name",
)
def make(request: HttpRequest, body: OrganisationIn) -> Status[dict[str, Any]]:
    made = organisations.found(body.name, by=viewer_of(request).actor, at=clock.now())
    return Status(201, organisation_shape(made))
