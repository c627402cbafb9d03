"""What a case still needs, by API: asked from the customer, or told by a colleague."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import completing

router = Router(auth=Bearer("cases:write"), tags=["cases"])


class KnownIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: int
    needs: list[Literal["contact", "phone", "name", "order_number"]] = Field(min_length=1, max_length=4)


@router.post("/{number}/ask-missing", response=dict, summary="Ask the customer for what is missing, once")
def ask_missing(request: HttpRequest, number: str) -> dict[str, Any]:
    case = case_of(request, number)
    try:
        completing.ask(case, by=viewer_of(request).actor, at=clock.now())
    except completing.NothingToAsk:
        detail = "Nothing is missing, or all of it was asked before; nothing was written."
        raise Problem(409, "nothing_to_ask", detail) from None
    return _now(request, number)


@router.post("/{number}/details", response=dict, summary="Strike off what was missing and is known now")
def known(request: HttpRequest, number: str, body: KnownIn) -> dict[str, Any]:
    case, by = case_of(request, number), viewer_of(request).actor
    completing.note_known(case, body.needs, by=by, at=clock.now(), version=body.version)
    return _now(request, number)


def _now(request: HttpRequest, number: str) -> dict[str, Any]:
    case = case_of(request, number)
    return case_shape(case, case.promises.all())
