"""Public holidays and make-up days, year by year: announced by the state, entered here, no release needed."""

from datetime import date, datetime
from typing import Any

from huiyin.base import audit, configured, tx
from huiyin.base.actor import Actor
from huiyin.engines import businesstime
from huiyin.rules.config import HolidayPart, holiday_table
from huiyin.rules.models import HolidayYear

FIRST, LAST = 2000, 2199


class Refused(ValueError):
    """The year cannot be used so; `code` is stable, `what` names the year or day. Nothing was stored."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{what}: {_WHY[code]}")
        self.code = code
        self.what = what


_WHY = {
    "year": f"a year lies between {FIRST} and {LAST}",
    "other_year": "the day lies in another year",
    "date": "not a date like 2026-10-01",
    "twice": "the day is listed twice",
    "empty": "an announced year has days",
}


def years() -> list[HolidayYear]:
    """Return the years that are known, the newest first."""
    return list(HolidayYear.objects.filter(retired_at=None).order_by("-code"))


def put(year: int, part: HolidayPart, *, by: Actor, at: datetime) -> bool:
    """Store the days of a year, made or replaced as a whole; return whether anything changed.

    What runs is reckoned anew within a minute. A pack that is upgraded later keeps what was set here. Raises Refused.
    """
    wanted = {"status": part.status, "days": _days(year, part)}
    code = str(year)
    with tx.write():
        known = HolidayYear.objects.select_for_update().filter(code=code).first()
        fields = [name for name, value in wanted.items() if known is None or getattr(known, name) != value]
        if known is not None and not fields and known.retired_at is None:
            return False
        HolidayYear.objects.update_or_create(code=code, defaults={**wanted, "retired_at": None})
        configured.bump()
        audit.write("holidays.set", f"holidays:{code}", by=by, at=at, fields=fields)
    return True


def _days(year: int, part: HolidayPart) -> list[dict[str, Any]]:
    if not FIRST <= year <= LAST:
        raise Refused("year", str(year))
    if part.status == "official" and not part.days:
        raise Refused("empty", str(year))
    days = sorted((one.model_dump(mode="json") for one in part.days), key=lambda day: str(day["date"]))
    for day in days:
        _refuse_elsewhere(str(day["date"]), year)
    try:
        holiday_table({str(year): {"status": part.status, "days": days}})
    except businesstime.CalendarError as error:
        raise Refused("twice", str(error.params.get("date", year))) from None
    return days


def _refuse_elsewhere(written: str, year: int) -> None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        raise Refused("date", written) from None
    if found.isoformat() != written:
        raise Refused("date", written)
    if found.year != year:
        raise Refused("other_year", written)
