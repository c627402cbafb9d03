"""Counting working days: deadlines at the end of a day, cut-offs, windows and parts of a month."""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from huiyin.engines.businesstime import hours, instants, walls
from huiyin.engines.businesstime.calendars import Calendar
from huiyin.engines.businesstime.errors import NeverOpen
from huiyin.engines.businesstime.holidays import Status

LONGEST_WAIT_DAYS = 366


@dataclass(frozen=True, slots=True)
class Day:
    """A date as a calendar sees it; with status `unknown`, `working` is only the weekly habit."""

    date: date
    working: bool
    name: str | None
    status: Status


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A working day with its first opening and its last closing, as instants."""

    date: date
    opens: int
    closes: int


def due_in_days(
    start: datetime,
    days: int,
    calendar: Calendar,
    *,
    cut_off: time | None = None,
    pauses: hours.Pauses = (),
) -> datetime:
    """Return the end of the last period of the working day `days` after the start's date, in UTC.

    Day 0 is the start's date in the calendar's zone. A working day whose open time is wholly paused
    does not count. `cut_off`, read on the calendar's wall, replaces the end of that day. Zero days:
    today when it is a working day that ends after the start, else the next one. Raises NeverOpen,
    UnknownYear and ValueError as `due` does.
    """
    _check_days(days)
    at, paused = instants.of(start), instants.pauses_of(pauses)
    today = calendar.local_date(at)
    if days == 0:
        found = _first(calendar, today, after=at, cut_off=cut_off, paused=paused)
    elif paused:
        found = _nth_unpaused(calendar, today, days, paused)
    else:
        found = _nth(calendar, today, days)
    return instants.moment(_end(calendar, found, cut_off))


def due_at_cut_off(start: datetime, calendar: Calendar, cut_off: time) -> datetime:
    """Return today's cut-off when today is a working day and it is still ahead, else the next one's.

    `cut_off` is read on the calendar's wall; never paused. Raises as `due_in_days` does.
    """
    return due_in_days(start, 0, calendar, cut_off=cut_off)


def window(
    start: datetime, earliest_days: int, latest_days: int, calendar: Calendar
) -> tuple[datetime, datetime]:
    """Return from the opening of one working day after the start to the end of another, in UTC.

    `earliest_days` 0 opens at once, or at the next opening. Raises as `due_in_days` does, and
    ValueError when the earliest day is after the latest.
    """
    _check_days(earliest_days)
    if earliest_days > latest_days:
        raise ValueError(f"the window opens on day {earliest_days} and ends before, on day {latest_days}")
    latest = due_in_days(start, latest_days, calendar)
    if earliest_days == 0:
        return hours.opening(start, calendar), latest
    today = calendar.local_date(instants.of(start))
    return instants.moment(_nth(calendar, today, earliest_days).opens), latest


def in_month(at: datetime, first_day: int, last_day: int, calendar: Calendar) -> tuple[datetime, datetime]:
    """Return the window between two days of the month in which `at` lies, in UTC.

    Days beyond a short month mean its last day. The window opens and ends with the working days
    among these dates; when there is none, it is the whole dates. Raises UnknownYear, and ValueError
    unless 1 <= first_day <= last_day <= 31.
    """
    if not 1 <= first_day <= last_day <= 31:
        raise ValueError(f"not days of a month in order: {first_day} to {last_day}")
    today = calendar.local_date(instants.of(at))
    length = monthrange(today.year, today.month)[1]
    first, last = (today.replace(day=min(number, length)) for number in (first_day, last_day))
    year = calendar.year(today.year)
    low = bisect_left(year.days, first.toordinal())
    high = bisect_left(year.days, last.toordinal() + 1)
    if low < high:
        return instants.moment(year.opens[low]), instants.moment(year.closes[high - 1])
    begin, end = walls.midnight(first), walls.midnight(last) + instants.DAY
    opens, closes = (walls.first_instant(calendar.zone, reading) for reading in (begin, end))
    return instants.moment(opens), instants.moment(closes)


def day(date_: date, calendar: Calendar) -> Day:
    """Return whether a date is a working day, its holiday's name, and how sure that is.

    Never raises UnknownYear: such a date has the status `unknown` and follows the weekly hours.
    """
    if isinstance(date_, datetime):
        raise ValueError("a day is asked by its date, not by a moment")
    name = None if calendar.holidays is None else calendar.holidays.day(date_).name
    return Day(date_, bool(calendar.spans(date_)), name, calendar.status(date_))


def certainty(start: datetime, end: datetime, calendar: Calendar) -> Status:
    """Return the weakest status of the years that a span touches, to flag what was counted in it."""
    if calendar.holidays is None:
        return "official"
    first, last = (calendar.local_date(instants.of(at)).year for at in (start, end))
    found = {calendar.year_status(number) for number in range(min(first, last), max(first, last) + 1)}
    return next(status for status in ("unknown", "provisional", "official") if status in found)


def _check_days(days: int) -> None:
    if days < 0:
        raise ValueError(f"a number of working days cannot be negative: {days}")


def _end(calendar: Calendar, found: WorkingDay, cut_off: time | None) -> int:
    if cut_off is None:
        return found.closes
    if cut_off.tzinfo is not None:
        raise ValueError("a cut-off is read on the calendar's wall and has no zone of its own")
    of_day = timedelta(
        hours=cut_off.hour, minutes=cut_off.minute, seconds=cut_off.second, microseconds=cut_off.microsecond
    )
    return walls.first_instant(calendar.zone, walls.midnight(found.date) + instants.length(of_day))


def _first(
    calendar: Calendar, today: date, *, after: int, cut_off: time | None, paused: list[instants.Span]
) -> WorkingDay:
    following = _working_days(calendar, today)
    return next(
        found
        for found in following
        if _end(calendar, found, cut_off) > after and not _wholly_paused(calendar, found.date, paused)
    )


def _nth(calendar: Calendar, today: date, count: int) -> WorkingDay:
    since = today + timedelta(days=1)
    year, before = calendar.year(since.year), today.toordinal()
    index = bisect_left(year.days, since.toordinal())
    while index + count > len(year.days):
        count -= len(year.days) - index
        before = year.days[-1] if len(year.days) > index else before
        _check_wait(before, date(year.number, 12, 31).toordinal())
        year, index = calendar.year(year.number + 1), 0
        if year.days:
            _check_wait(before, year.days[0])
    index += count - 1
    return WorkingDay(date.fromordinal(year.days[index]), year.opens[index], year.closes[index])


def _nth_unpaused(calendar: Calendar, today: date, count: int, paused: list[instants.Span]) -> WorkingDay:
    for found in _working_days(calendar, today + timedelta(days=1)):
        if not _wholly_paused(calendar, found.date, paused):
            count -= 1
            if not count:
                break
    return found


def _working_days(calendar: Calendar, since: date) -> Iterator[WorkingDay]:
    before = since - timedelta(days=1)
    while True:
        found = _nth(calendar, before, 1)
        yield found
        before = found.date


def _wholly_paused(calendar: Calendar, day_: date, paused: list[instants.Span]) -> bool:
    return bool(paused) and all(
        any(begin <= opens and closes <= end for begin, end in paused)
        for opens, closes in instants.joined(calendar.spans(day_))
    )


def _check_wait(since: int, until: int) -> None:
    if until - since > LONGEST_WAIT_DAYS:
        raise NeverOpen("the calendar has no working day within 366 days")
