"""Counting open time: when an amount of it has passed, and how much has."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from huiyin.engines.businesstime import instants
from huiyin.engines.businesstime.calendars import Calendar
from huiyin.engines.businesstime.errors import NeverOpen, UnknownYear
from huiyin.engines.businesstime.years import Year

LONGEST_WAIT = 366 * instants.DAY

Pauses = Sequence[tuple[datetime, datetime]]


def due(start: datetime, working: timedelta, calendar: Calendar, *, pauses: Pauses = ()) -> datetime:
    """Return the first moment by which `working` open time has passed since `start`, in UTC.

    A start outside opening hours counts from the next opening; time that ends with a period is due
    at that closing, not at the next opening; zero is due at the start itself. Pauses do not count,
    may overlap and come in any order. Raises NeverOpen when no opening follows within 366 days,
    UnknownYear when it depends on holidays that are not known, ValueError for a naive time, a
    negative amount, a pause that ends before it begins and years outside 1900 to 2299.
    """
    at, left, stops = instants.of(start), instants.length(working), instants.pauses_of(pauses)
    if left < 0:
        raise ValueError(f"working time cannot be negative: {working}")
    if not left:
        return instants.moment(at)
    year = _year_from(calendar, at)
    reached = _reach(calendar, year, at, left)
    for begin, end in stops:
        if reached <= begin:
            break
        left += _between(calendar, year, max(begin, at), end)
        reached = _reach(calendar, year, at, left)
    return instants.moment(reached)


def elapsed(start: datetime, end: datetime, calendar: Calendar, *, pauses: Pauses = ()) -> timedelta:
    """Return the open time between two moments, without the pauses.

    Raises UnknownYear when a year in between is not known, ValueError for naive times, an end
    before its start, a pause that ends before it begins and years outside 1900 to 2299.
    """
    since, until = instants.of(start), instants.of(end)
    if until < since:
        raise ValueError(f"the end {end.isoformat()} is before the start {start.isoformat()}")
    stops = instants.pauses_of(pauses)
    if since == until:
        return timedelta(0)
    year = _year_from(calendar, since)
    counted = _between(calendar, year, since, until)
    for begin, finish in stops:
        counted -= _between(calendar, year, max(begin, since), min(finish, until))
    return timedelta(microseconds=counted)


def opening(at: datetime, calendar: Calendar) -> datetime:
    """Return `at` itself when open, else the next opening, in UTC; raises as `due` does."""
    instant = instants.of(at)
    return instants.moment(_open_from(calendar, _year_from(calendar, instant), instant)[1])


def is_open(at: datetime, calendar: Calendar) -> bool:
    """Say whether a moment is open: its opening is, its closing is not. Raises as `elapsed` does."""
    instant = instants.of(at)
    year = _year_from(calendar, instant)
    index = bisect_right(year.starts, instant) - 1
    return index >= 0 and instant < year.ends[index]


def _reach(calendar: Calendar, year: Year, at: int, left: int) -> int:
    while True:
        year, at = _open_from(calendar, year, at)
        goal = year.before(at) + left
        if goal <= year.total:
            return year.reached(goal)
        left = goal - year.total
        at = year.ends[-1]


def _open_from(calendar: Calendar, year: Year, at: int) -> tuple[Year, int]:
    while True:
        index = bisect_right(year.ends, at)
        if index < len(year.ends):
            break
        if year.end - at > LONGEST_WAIT:
            raise NeverOpen("the calendar has no opening within 366 days")
        year = calendar.year(year.number + 1)
    opens = max(at, year.starts[index])
    if opens - at > LONGEST_WAIT:
        raise NeverOpen("the calendar has no opening within 366 days")
    return year, opens


def _between(calendar: Calendar, year: Year, since: int, until: int) -> int:
    if since >= until:
        return 0
    while since >= year.end:
        year = calendar.year(year.number + 1)
    counted = -year.before(since)
    while until > year.end:
        counted += year.total
        year = calendar.year(year.number + 1)
    return counted + year.before(until)


def _year_from(calendar: Calendar, instant: int) -> Year:
    year = calendar.year_of(instant)
    if instant < year.known_from:
        raise UnknownYear(year.number - 1)
    return year
