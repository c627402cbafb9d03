"""Public holidays and make-up working days as a value."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, cast

from huiyin.engines.businesstime.errors import CalendarError

Status = Literal["official", "provisional", "unknown"]
Kind = Literal["off", "work", "plain"]
STATUSES = ("official", "provisional", "unknown")
KINDS = ("off", "work")
ROW_KEYS = ("date", "kind", "name")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class DayKind:
    """What a holiday table says about a date; `plain` leaves it to the weekly hours."""

    kind: Kind
    name: str | None
    status: Status


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """Days off and make-up working days, and how sure each year is; build it by `holiday_table`."""

    rows: tuple[tuple[date, Kind, str], ...] = field(repr=False)
    years: tuple[tuple[int, Status], ...]
    _days: dict[date, tuple[Kind, str]] = field(init=False, repr=False, compare=False)
    _status: dict[int, Status] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_days", {day: (kind, name) for day, kind, name in self.rows})
        object.__setattr__(self, "_status", dict(self.years))

    def day(self, day: date) -> DayKind:
        """Return what is known about a date."""
        found, status = self._days.get(day), self.status(day.year)
        return DayKind("plain", None, status) if found is None else DayKind(*found, status)

    def status(self, year: int) -> Status:
        """Return how sure a year is; one that the table does not list is unknown."""
        return self._status.get(year, "unknown")


def holiday_table(rows: Iterable[Mapping[str, object]], years: Mapping[int, str]) -> HolidayTable:
    """Build a table from plain rows `{date, kind: off|work, name}` and `{year: status}`.

    A date is a `date` or ISO text. Every row must lie in a listed year that is official or
    provisional. Raises CalendarError that names the row or year and what is wrong.
    """
    statuses = {year: _status(year, status) for year, status in years.items()}
    found: dict[date, tuple[Kind, str]] = {}
    for number, row in enumerate(rows):
        key = f"days[{number}]"
        day, kind, name = _row(key, row)
        if day in found:
            raise CalendarError("holidays.twice", key, f"{day} is listed twice", date=str(day))
        if statuses.get(day.year, "unknown") == "unknown":
            raise CalendarError(
                "holidays.year", key, f"{day} lies in a year that is not listed", year=day.year
            )
        found[day] = (kind, name)
    return HolidayTable(
        rows=tuple((day, *found[day]) for day in sorted(found)), years=tuple(sorted(statuses.items()))
    )


def read_date(key: str, value: object) -> date:
    """Return a date given as `date` or ISO text `2026-10-01`; CalendarError names `key` otherwise."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise CalendarError("date.form", key, f"not a date like 2026-10-01: {value!r}", value=repr(value))


def _status(year: object, status: object) -> Status:
    key = f"years[{year!r}]"
    if not isinstance(year, int) or isinstance(year, bool):
        raise CalendarError("holidays.year_form", key, "a year is a whole number")
    if status not in STATUSES:
        raise CalendarError(
            "holidays.status", key, f"{status!r} is none of {', '.join(STATUSES)}", value=repr(status)
        )
    return cast(Status, status)


def _row(key: str, row: object) -> tuple[date, Kind, str]:
    if not isinstance(row, Mapping) or set(row) != set(ROW_KEYS):
        raise CalendarError("holidays.row", key, f"a row has exactly the keys {', '.join(ROW_KEYS)}")
    kind, name = row["kind"], row["name"]
    if kind not in KINDS:
        raise CalendarError(
            "holidays.kind", key, f'kind {kind!r} is neither "off" nor "work"', value=repr(kind)
        )
    if not isinstance(name, str) or not name:
        raise CalendarError("holidays.name", key, "name is a text that is not empty")
    return read_date(f"{key}.date", row["date"]), cast(Kind, kind), name
