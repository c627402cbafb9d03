"""Webhooks by API: who is told of what happens, and what became of each telling."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.channels import endpoints, undelivered
from huiyin.channels.models import Endpoint, EndpointDelivery
from huiyin.engines.reason import Reason

router = Router(auth=Bearer("config:write"), tags=["webhooks"])


class EndpointIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    kinds: list[Annotated[str, StringConstraints(max_length=60)]] = Field(
        default_factory=list, max_length=200
    )


class EndpointChangeIn(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] | None = None
    kinds: list[Annotated[str, StringConstraints(max_length=60)]] | None = Field(None, max_length=200)


@router.get("", response=dict, summary="Who is told of what happens")
def list_endpoints(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_endpoint_shape(row) for row in endpoints.everything()]}


@router.post("", response={201: dict}, summary="Have facts told to an address; the secret is shown once")
def make(request: HttpRequest, body: EndpointIn) -> Status[dict[str, Any]]:
    try:
        row, secret = endpoints.make(body.url, body.kinds, by=viewer_of(request).actor, at=clock.now())
    except endpoints.Refused as error:
        raise _problem(error) from None
    return Status(201, {**_endpoint_shape(row), "signing_secret": secret})


@router.patch(
    "/{endpoint}", response=dict, summary="Tell another address or other kinds, under the same secret"
)
def change(request: HttpRequest, endpoint: UUID, body: EndpointChangeIn) -> dict[str, Any]:
    row = _one(endpoint)
    url = row.url if body.url is None else body.url
    kinds = row.kinds if body.kinds is None else body.kinds
    try:
        endpoints.change(row, url, kinds, by=viewer_of(request).actor, at=clock.now())
    except endpoints.Refused as error:
        raise _problem(error) from None
    return _endpoint_shape(_one(endpoint))


@router.delete("/{endpoint}", response={204: None}, summary="Tell an address nothing any more")
def remove(request: HttpRequest, endpoint: UUID) -> Status[None]:
    endpoints.remove(_one(endpoint), by=viewer_of(request).actor, at=clock.now())
    return Status(204, None)


@router.post("/{endpoint}/pause", response=dict, summary="Tell an address nothing until it is enabled again")
def pause(request: HttpRequest, endpoint: UUID) -> dict[str, Any]:
    endpoints.pause(_one(endpoint), by=viewer_of(request).actor, at=clock.now())
    return _endpoint_shape(_one(endpoint))


@router.post("/{endpoint}/enable", response=dict, summary="Try a paused, disabled or held address again")
def enable(request: HttpRequest, endpoint: UUID) -> dict[str, Any]:
    endpoints.enable(_one(endpoint), by=viewer_of(request).actor, at=clock.now())
    return _endpoint_shape(_one(endpoint))


@router.get("/{endpoint}/deliveries", response=dict, summary="The newest deliveries and their state")
def list_deliveries(request: HttpRequest, endpoint: UUID) -> dict[str, Any]:
    return {"items": [_delivery_shape(row) for row in endpoints.deliveries(_one(endpoint))]}


@router.post(
    "/{endpoint}/deliveries/{delivery}/resend", response={202: dict}, summary="Send once more, same id"
)
def resend(request: HttpRequest, endpoint: UUID, delivery: str) -> Status[dict[str, Any]]:
    try:
        row = endpoints.resend(_one(endpoint), delivery, by=viewer_of(request).actor, at=clock.now())
    except endpoints.Unknown:
        raise Http404 from None
    except endpoints.StillWaiting:
        raise Problem(409, "waiting", "This delivery is being tried already.") from None
    return Status(202, _delivery_shape(row))


def _one(uuid: UUID) -> Endpoint:
    try:
        return endpoints.one(uuid)
    except endpoints.Unknown:
        raise Http404 from None


def _problem(error: endpoints.Refused) -> Problem:
    return Problem(422, "invalid", "The endpoint cannot be set up so.", fields={error.field: str(error)})


def _endpoint_shape(row: Endpoint) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "url": row.url,
        "kinds": row.kinds,
        "failures": row.failures,
        "held_until": stamp(row.held_until),
        "disabled_at": stamp(row.disabled_at),
        "disabled_why": row.disabled_why or None,
        "made_at": stamp(row.made_at),
    }


def _delivery_shape(row: EndpointDelivery) -> dict[str, Any]:
    return {
        "id": row.key,
        "kind": row.kind,
        "state": row.state,
        "tries": row.tries,
        "error": (undelivered.in_english(Reason(**row.reason)) if row.reason else row.error) or None,
        "reason": row.reason or None,
        "made_at": stamp(row.made_at),
        "sent_at": stamp(row.sent_at),
    }
