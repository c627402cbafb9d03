"""Macros by API: what is offered on a case and doing it, and the macros themselves as configuration."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape, stamp
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import lifecycle, macros, sameness
from huiyin.cases.macros import Preview
from huiyin.cases.models import Case
from huiyin.rules import macros as stored
from huiyin.rules.macro_parts import MacroPart
from huiyin.rules.models import Macro

router = Router(auth=Bearer("config:write"), tags=["macros"])
of_cases = Router(auth=Bearer("cases:read"), tags=["macros"])


class MacroRun(BaseModel):
    """`text` replaces the reply as it was filled in; `client_id` lets the same click be sent twice."""

    model_config = ConfigDict(extra="forbid")
    version: int
    text: str | None = Field(None, max_length=lifecycle.TEXT_LIMIT)
    client_id: str = Field("", max_length=60)


@of_cases.get("/{number}/macros", response=dict, summary="What each macro would do to this case")
def offered(request: HttpRequest, number: str) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    return {"items": [_preview(one) for one in macros.previews(case, by=viewer.actor, at=clock.now())]}


@of_cases.post(
    "/{number}/macros/{macro}", auth=Bearer("cases:write"), response=dict, summary="Do all of a macro"
)
def run(request: HttpRequest, number: str, macro: str, body: MacroRun) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    found = next((one for one in macros.offered(case) if one.code == macro), None)
    if found is None:
        raise Http404
    by, at = viewer.actor, clock.now()
    macros.run(found, case, body.text, by=by, at=at, version=body.version, client_id=body.client_id)
    now = Case.objects.visible_to(viewer).with_people().filter(pk=case.pk).first()
    sameness.fill([now] if now else [], viewer)
    return case_shape(now, now.promises.all()) if now else {"number": number}


@router.get("", response=dict, summary="The macros in use")
def list_macros(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_shape(one) for one in stored.everything()]}


@router.put("/{macro}", response=dict, summary="Make or change a macro")
def put(request: HttpRequest, macro: str, body: MacroPart) -> dict[str, Any]:
    try:
        return _shape(stored.save(macro, body, by=viewer_of(request).actor, at=clock.now()))
    except stored.Refused as error:
        fields = {error.field: error.code}
        raise Problem(422, "invalid", "The macro cannot be stored so.", fields=fields) from None


@router.post("/{macro}/retire", response=dict, summary="Offer a macro no more")
def retire(request: HttpRequest, macro: str) -> dict[str, Any]:
    if not stored.retire(macro, by=viewer_of(request).actor, at=clock.now()):
        raise Http404
    return {"code": macro, "retired": True}


def _shape(macro: Macro) -> dict[str, Any]:
    return {"code": macro.code, **stored.part_of(macro)}


def _preview(one: Preview) -> dict[str, Any]:
    asked = one.request
    return {
        "code": one.code,
        "name": one.name,
        "reply": one.reply or None,
        "promise": {"kind": one.promise.kind, "due_at": stamp(one.due)} if one.promise else None,
        "request": asked
        and {
            "department": asked.department.code,
            "subject": asked.subject,
            "details": asked.details,
            "due_at": stamp(asked.due),
        },
        "tags": list(one.tags),
        "sets": dict(one.sets),
    }
