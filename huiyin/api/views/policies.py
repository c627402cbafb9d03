"""Promise policies by API: all that are set, setting one in the shape of a pack, and switching one off."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from huiyin.api.auth import Bearer, viewer_of
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.rules import policies
from huiyin.rules.models import PromisePolicy
from huiyin.rules.policy_parts import PromisePart

router = Router(auth=Bearer("config:write"), tags=["policies"])


@router.get(
    "", response=dict, summary="What is promised, for whom and by when; what is switched off stands last"
)
def list_policies(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_shape(row) for row in policies.everything()]}


@router.put("/{code}", response=dict, summary="Set a promise policy as a whole, and switch it on")
def put_policy(request: HttpRequest, code: str, body: PromisePart) -> dict[str, Any]:
    try:
        policies.save(code, body, by=viewer_of(request).actor, at=clock.now())
    except policies.Refused as error:
        detail = "Some fields cannot be used; nothing was written."
        raise Problem(422, "invalid", detail, fields=error.fields) from None
    except policies.InUse as error:
        raise _in_use(error) from None
    return _told(code)


@router.delete("/{code}", response=dict, summary="Promise it no more; what runs stays")
def retire_policy(request: HttpRequest, code: str) -> dict[str, Any]:
    if policies.one(code) is None:
        raise Http404
    try:
        policies.retire(code, by=viewer_of(request).actor, at=clock.now())
    except policies.InUse as error:
        raise _in_use(error) from None
    return _told(code)


def _told(code: str) -> dict[str, Any]:
    row = policies.one(code)
    if row is None:
        raise Http404
    return _shape(row)


def _shape(row: PromisePolicy) -> dict[str, Any]:
    return {"code": row.code, **policies.part_of(row), "in_use": row.retired_at is None}


def _in_use(error: policies.InUse) -> Problem:
    detail = (
        f"A stage of the procedure {error.procedure} names this policy; it stays in use and opens at a stage."
    )
    return Problem(409, "policy_in_use", detail, procedure=error.procedure)
