"""PUT /calendars/{code}, and /due, /elapsed and /day of it: business time."""

import re
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from huiyin.api.auth import Bearer, viewer_of
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.rules import calendars, tryout

router = Router(auth=Bearer("cases:read"), tags=["calendars"])
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DueIn(_Body):
    start: AwareDatetime
    seconds: float | None = None
    working_days: int | None = None
    cut_off: str | None = None
    pauses: list[tuple[AwareDatetime, AwareDatetime]] = Field(default_factory=list)


class ElapsedIn(_Body):
    start: AwareDatetime
    end: AwareDatetime
    pauses: list[tuple[AwareDatetime, AwareDatetime]] = Field(default_factory=list)


class DayIn(_Body):
    date: date


@router.put("/{code}", auth=Bearer("config:write"), response=dict, summary="Set a calendar")
def put(request: HttpRequest, code: str, definition: Annotated[Any, Body(...)]) -> dict[str, Any]:
    if not CODE.fullmatch(code):
        detail = "A code is 1 to 60 small letters, digits, - and _."
        raise Problem(422, "invalid", detail, fields={"code": "unusable"})
    if not isinstance(definition, dict):
        detail = "A definition is an object; nothing was stored."
        raise Problem(422, "calendar_refused", detail, fields={"definition": "not an object"})
    try:
        calendars.put(code, definition, by=viewer_of(request).actor, at=clock.now())
    except calendars.Refused as error:
        fields = {error.field: str(error)}
        raise Problem(422, "calendar_refused", f"{error}; nothing was stored.", fields=fields) from None
    return {"code": code, "definition": definition}


@router.post("/{code}/due", response=dict, summary="When working time or working days are over")
def due(request: HttpRequest, code: str, body: DueIn) -> dict[str, Any]:
    return _answer(tryout.DueQuestion, tryout.due, code, body)


@router.post("/{code}/elapsed", response=dict, summary="Working seconds between two moments")
def elapsed(request: HttpRequest, code: str, body: ElapsedIn) -> dict[str, Any]:
    return _answer(tryout.ElapsedQuestion, tryout.elapsed, code, body)


@router.post("/{code}/day", response=dict, summary="Whether a day is worked")
def day(request: HttpRequest, code: str, body: DayIn) -> dict[str, Any]:
    return _answer(tryout.DayQuestion, tryout.day, code, body)


def _answer(question: Any, ask: Any, code: str, body: BaseModel) -> dict[str, Any]:
    try:
        return ask(question(calendar=code, **body.model_dump()))  # type: ignore[no-any-return]
    except tryout.Refused as error:
        status = 404 if error.code == "unknown_calendar" else 422
        raise Problem(status, error.code, str(error)) from None
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])) or "body": e["msg"] for e in error.errors()}
        raise Problem(422, "invalid", "Some fields cannot be used.", fields=fields) from None
