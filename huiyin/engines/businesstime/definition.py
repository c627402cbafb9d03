"""From a definition as people and packs write it to a calendar, or a refusal that names the key."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyin.engines.businesstime.calendars import ALL_DAY, Calendar
from huiyin.engines.businesstime.errors import CalendarError
from huiyin.engines.businesstime.holidays import HolidayTable, read_date
from huiyin.engines.businesstime.instants import DAY, SECOND
from huiyin.engines.businesstime.walls import Periods

KEYS = ("time_zone", "weekly", "closed", "open", "holidays", "always")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COUNTRIES = ("CN",)
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")


def calendar(definition: Mapping[str, object], *, holidays: HolidayTable | None = None) -> Calendar:
    """Compile `{time_zone, weekly, closed, open, holidays: null|"CN", always}` into a calendar.

    `holidays` is the table that "CN" stands for. A weekday that is left out is closed; hours are
    text, `HH:MM` or `HH:MM:SS`, an end may be 24:00, an end not after its start runs past midnight.
    Raises CalendarError for anything unknown, malformed or contradictory.
    """
    if not isinstance(definition, Mapping):
        raise CalendarError("definition.form", "definition", "not a set of keys and values")
    _known("definition", definition, KEYS)
    special = _special(definition.get("closed"), definition.get("open"))
    weekly = _weekly(definition.get("weekly"))
    table = _table(definition.get("holidays"), holidays)
    always = _always(definition)
    if always:
        weekly = (ALL_DAY,) * 7
    return Calendar(_zone(definition, optional=always), weekly, special, table)


def _known(key: str, value: Mapping[str, object], names: Sequence[str]) -> None:
    for name in value:
        if name not in names:
            raise CalendarError(
                "key.unknown", key, f"unknown key {name!r}; known are {', '.join(names)}", name=str(name)
            )


def _zone(definition: Mapping[str, object], *, optional: bool) -> str:
    name = definition.get("time_zone")
    if name is None and optional:
        return "UTC"
    if not isinstance(name, str) or not name:
        raise CalendarError("zone.missing", "time_zone", "give the name of a zone such as Asia/Shanghai")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CalendarError("zone.unknown", "time_zone", f"no such zone: {name!r}", value=name) from None
    return name


def _always(definition: Mapping[str, object]) -> bool:
    always = definition.get("always")
    if always is None or always is False:
        return False
    if always is not True:
        raise CalendarError("always.form", "always", f"neither true nor false: {always!r}")
    weekly = definition.get("weekly")
    hours = isinstance(weekly, Mapping) and any(weekly.values())
    for key, given in (
        ("weekly", hours),
        ("closed", bool(definition.get("closed"))),
        ("open", bool(definition.get("open"))),
        ("holidays", definition.get("holidays") is not None),
    ):
        if given:
            raise CalendarError("always.contradicted", key, "a calendar that is always open has none")
    return True


def _table(country: object, table: HolidayTable | None) -> HolidayTable | None:
    if country is None:
        return None
    if country not in COUNTRIES:
        raise CalendarError(
            "holidays.country",
            "holidays",
            f"{country!r} is neither null nor {', '.join(COUNTRIES)}",
            value=repr(country),
        )
    if table is None:
        raise CalendarError("holidays.missing", "holidays", f"no holiday table was given for {country}")
    return table


def _weekly(weekly: object) -> tuple[Periods, ...]:
    if weekly is None:
        return ((),) * 7
    if not isinstance(weekly, Mapping):
        raise CalendarError("weekly.form", "weekly", "give periods for mon to sun")
    _known("weekly", weekly, WEEKDAYS)
    return tuple(_periods(f"weekly.{day}", weekly.get(day, ())) for day in WEEKDAYS)


def _special(closed: object, extra: object) -> tuple[tuple[date, Periods], ...]:
    if closed is not None and not isinstance(closed, list | tuple):
        raise CalendarError("closed.form", "closed", "give a list of dates")
    if extra is not None and not isinstance(extra, Mapping):
        raise CalendarError("open.form", "open", "give periods for each date")
    dates: dict[date, Periods] = {
        read_date(f"closed[{number}]", day): () for number, day in enumerate(closed or ())
    }
    opened = set()
    for text, value in (extra or {}).items():
        key = f"open.{text}"
        day = read_date(key, text)
        if day in dates:
            why = "given twice" if day in opened else "also listed in closed"
            raise CalendarError("open.contradicted", key, why, date=str(day))
        dates[day] = _periods(key, value)
        opened.add(day)
        if not dates[day]:
            raise CalendarError("open.empty", key, "no periods; a day without hours belongs in closed")
    return tuple(sorted(dates.items()))


def _periods(key: str, value: object) -> Periods:
    if not isinstance(value, list | tuple):
        raise CalendarError("periods.form", key, 'give periods like [["09:00", "12:00"]]')
    periods = sorted(_period(f"{key}[{number}]", pair) for number, pair in enumerate(value))
    for before, after in pairwise(periods):
        if after[0] < before[1]:
            raise CalendarError(
                "periods.overlap", key, f"two periods overlap at {_text(after[0])}", at=_text(after[0])
            )
    return tuple(periods)


def _period(key: str, pair: object) -> tuple[int, int]:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise CalendarError("period.form", key, "a period is its start and its end")
    if pair[0] == "24:00":
        raise CalendarError("period.start", key, "a period cannot start at 24:00; use 00:00 of the next day")
    start = _clock(f"{key}[0]", pair[0])
    end = DAY if pair[1] in ("24:00", "24:00:00") else _clock(f"{key}[1]", pair[1])
    return (start, end) if end > start else (start, end + DAY)


def _clock(key: str, text: object) -> int:
    match = CLOCK.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise CalendarError(
            "time.form", key, f'not a time of day in quotes like "09:00": {text!r}', value=repr(text)
        )
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return (hours * 3_600 + minutes * 60 + seconds) * SECOND


def _text(microseconds: int) -> str:
    minutes = microseconds // SECOND // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"
