"""Calendars and public holidays: what stands, setting them, and /due, /elapsed and /day: business time."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from huiyin.api.auth import Bearer, viewer_of
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.rules import calendars, holidays, tryout
from huiyin.rules.config import HolidayDay, HolidayPart
from huiyin.rules.models import HolidayYear

router = Router(auth=Bearer("cases:read"), tags=["calendars"])
of_holidays = Router(auth=Bearer("config:write"), tags=["calendars"])


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


class HolidaysIn(_Body):
    """`official` once the state has announced the year; `provisional` before: what depends on it says so."""

    status: Literal["official", "provisional"]
    days: list[HolidayDay] = Field(max_length=366)


@router.get("", auth=Bearer("config:write"), response=dict, summary="Calendars with their definitions")
def list_calendars(request: HttpRequest) -> dict[str, Any]:
    return {"items": [{"code": one.code, "definition": one.definition} for one in calendars.everything()]}


@of_holidays.get("", response=dict, summary="Public holidays and make-up days, the newest year first")
def list_holidays(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_year(one) for one in holidays.years()]}


@of_holidays.put("/{year}", response=dict, summary="Set the holidays of a year as a whole")
def put_holidays(request: HttpRequest, year: int, body: HolidaysIn) -> dict[str, Any]:
    part = HolidayPart(status=body.status, days=tuple(body.days))
    try:
        holidays.put(year, part, by=viewer_of(request).actor, at=clock.now())
    except holidays.Refused as error:
        fields = {"year" if error.code in ("year", "empty") else "days": f"{error.what}: {error.code}"}
        raise Problem(422, "holidays_refused", f"{error}; nothing was stored.", fields=fields) from None
    return _year(next(one for one in holidays.years() if one.code == str(year)))


@router.put("/{code}", auth=Bearer("config:write"), response=dict, summary="Set a calendar")
def put(request: HttpRequest, code: str, definition: Annotated[Any, Body(...)]) -> dict[str, Any]:
    if not calendars.CODE.fullmatch(code):
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


def _year(row: HolidayYear) -> dict[str, Any]:
    return {"year": int(row.code), "status": row.status, "days": row.days}


def _answer(question: Any, ask: Any, code: str, body: BaseModel) -> dict[str, Any]:
    try:
        return ask(question(calendar=code, **body.model_dump()))  # type: ignore[no-any-return]
    except tryout.Refused as error:
        status = 404 if error.code == "unknown_calendar" else 422
        raise Problem(status, error.code, str(error)) from None
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])) or "body": e["msg"] for e in error.errors()}
        raise Problem(422, "invalid", "Some fields cannot be used.", fields=fields) from None
