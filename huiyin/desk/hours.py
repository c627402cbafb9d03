"""Calendars and holidays as people type them: a line of hours a weekday, one date a line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from pydantic import ValidationError

from huiyin.base.texts import Text
from huiyin.rules.config import HolidayDay
from huiyin.rules.models import Calendar, HolidayYear

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KINDS = {"off": "off", "work": "work", "休": "off", "班": "work"}
_SHOWN = {"off": "休", "work": "班"}
_SIGNS = str.maketrans(
    {"：": ":", "，": ",", "、": ",", "；": ",", ";": ",", "–": "-", "—": "-", "~": "-", "至": "-"}
)


class Unreadable(ValueError):
    """A line that is no day of a holiday table; the text is the line."""


def calendar(row: Calendar | None) -> dict[str, Any]:
    """Return the fields of a calendar; of None those of the form for a new one."""
    told: Mapping[str, Any] = row.definition if row else {"time_zone": "Asia/Shanghai", "holidays": "CN"}
    weekly = told.get("weekly") or {}
    return {
        "code": row.code if row else "",
        "time_zone": told.get("time_zone") or "UTC",
        "always": bool(told.get("always")),
        "holidays": told.get("holidays") is not None,
        "closed": "\n".join(told.get("closed") or ()),
        "open": "\n".join(
            f"{day} {_hours(periods)}" for day, periods in sorted((told.get("open") or {}).items())
        ),
        **{day: _hours(weekly.get(day, ())) for day in DAYS},
    }


def weekdays(fields: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """Return key, name and hours of each weekday."""
    return [(day, WEEKDAYS[number], str(fields.get(day, ""))) for number, day in enumerate(DAYS)]


def definition(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the calendar that the form describes, as `calendars.put` takes it; what is wrong in it, that says."""
    told: dict[str, Any] = {"time_zone": given.get("time_zone", "").strip()}
    weekly = {day: _periods(given.get(day, "")) for day in DAYS}
    weekly = {day: periods for day, periods in weekly.items() if periods}
    closed = given.get("closed", "").split()
    opened = dict(_open_day(line) for line in given.get("open", "").splitlines() if line.strip())
    parts: dict[str, Any] = {"weekly": weekly, "closed": closed, "open": opened}
    told |= {name: part for name, part in parts.items() if part}
    if "holidays" in given:
        told["holidays"] = "CN"
    if "always" in given:
        told["always"] = True
    return told


def year(row: HolidayYear | None) -> dict[str, Any]:
    """Return the fields of a year of holidays; of None those of the form for a new one."""
    if row is None:
        return {"code": "", "status": "provisional", "days": ""}
    return {"code": row.code, "status": row.status, "days": "\n".join(_lines(row.days))}


def days(typed: str) -> list[HolidayDay]:
    """Return the days of lines such as `2026-10-01 off 国庆节 / National Day`; Raises Unreadable."""
    return [_day(line.strip()) for line in typed.splitlines() if line.strip()]


def _hours(periods: Iterable[Sequence[str]]) -> str:
    return ", ".join("-".join(pair) for pair in periods)


def _periods(typed: str) -> list[list[str]]:
    plain = typed.translate(_SIGNS)
    return [[moment.strip() for moment in part.split("-")] for part in plain.split(",") if part.strip()]


def _open_day(line: str) -> tuple[str, list[list[str]]]:
    day, _, rest = line.strip().partition(" ")
    return day, _periods(rest)


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    chinese = (get_language() or "zh").startswith("zh")
    for row in rows:
        kind = _SHOWN[row["kind"]] if chinese else row["kind"]
        yield f"{row['date']} {kind} {row['name']['zh']} / {row['name']['en']}"


def _day(line: str) -> HolidayDay:
    parts = line.split(maxsplit=2)
    kind = _KINDS.get(parts[1].lower()) if len(parts) == len(HolidayDay.model_fields) else None
    if kind is None:
        raise Unreadable(line)
    zh, _, en = (word.strip() for word in parts[2].partition("/"))
    try:
        name = Text(zh=zh, en=en or zh)
    except ValidationError:
        raise Unreadable(line) from None
    return HolidayDay.model_validate({"date": parts[0], "kind": kind, "name": name})
