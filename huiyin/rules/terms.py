"""From a policy to times: when a promise falls due, from when it may be done, when it warns, and how sure that is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from huiyin.engines import businesstime
from huiyin.rules.book import Book, Hours
from huiyin.rules.models import PromisePolicy

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_MONTHS_AHEAD = 13
SHORT = timedelta(hours=1)  # an hour before its due time such a promise has not begun
T = TypeVar("T")
Window = tuple[datetime | None, datetime]
Pauses = Iterable[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Term:
    """`warnings` are the moments before `due` at which to warn, in order; `provisional`: a year nobody announced.

    `not_before` is the earliest moment at which it may be done, None when at once.
    """

    due: datetime
    warnings: tuple[datetime, ...]
    provisional: bool
    not_before: datetime | None = None


def calendar_code(policy: PromisePolicy, own: str) -> str:
    """Return the calendar a policy counts in: natural hours unless named; days and cut-offs in the case's own.

    `site` is how a policy names the case's own calendar: that of its team, else of its site.
    """
    if policy.calendar and policy.calendar != "site":
        return policy.calendar
    if policy.calendar == "site" or policy.seconds is None:
        return own
    return "always"


def hours_of(book: Book, code: str) -> Hours:
    """Return the calendar of this code; natural hours when it is not there any more."""
    return book.calendars.get(code, book.calendars["always"])


def term(
    policy: PromisePolicy,
    book: Book,
    *,
    calendar: str,
    start: datetime,
    used: timedelta,
    pauses: Pauses = (),
) -> Term:
    """Return due = start + (target − used) and its warnings, in UTC; a target used up is due at the start.

    Days are counted from `start` without the working days that the `pauses` cover wholly; cut-offs and days of
    the month never pause. `calendar` is the case's own (`cases.promises.calendar_of`). When the due time would need
    the holidays of a year nobody has announced, the weekly hours alone decide and the term says so. Raises NeverOpen.
    """
    hours = hours_of(book, calendar_code(policy, calendar))
    stops = list(pauses)
    (not_before, due), provisional = announced_or_plain(
        hours, lambda wall: _window(policy, wall, start, used, stops)
    )
    total = due - start

    def moment(warning: str) -> datetime:
        if warning.endswith("%"):
            share = int(warning[:-1])
            if policy.seconds is None:
                return start + total * share / 100
            part = max(timedelta(seconds=policy.seconds * share / 100) - used, timedelta())
            return announced_or_plain(hours, lambda c: businesstime.due(start, part, c))[0]
        return due - timedelta(seconds=int(warning[:-1]) * _UNITS[warning[-1]])

    wished = policy.warn or _usual(total)
    warnings = sorted(at for at in map(moment, wished) if start < at < due)
    return Term(due, tuple(warnings), provisional, not_before)


def until(due: datetime, *, start: datetime) -> Term:
    """Return the term of a promise that names its moment itself, with the usual warnings."""
    total = due - start
    moments = [start + total / 2, start + total * 0.8] if total <= SHORT else [due - timedelta(hours=1)]
    return Term(due, tuple(at for at in moments if start < at < due), provisional=False)


def announced_or_plain(hours: Hours, compute: Callable[[businesstime.Calendar], T]) -> tuple[T, bool]:
    """Return what is computed with the announced holidays; without them, and True, where a year is unknown."""
    try:
        return compute(hours.announced), False
    except businesstime.UnknownYear:
        return compute(hours.plain), True


def used_between(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """Return the open time between two moments; none when the end is not after the start."""
    if end <= start:
        return timedelta()
    return announced_or_plain(hours, lambda calendar: businesstime.elapsed(start, end, calendar))[0]


def _usual(total: timedelta) -> list[str]:
    return ["50%", "80%"] if total <= SHORT else ["1h"]


def _window(
    policy: PromisePolicy,
    calendar: businesstime.Calendar,
    start: datetime,
    used: timedelta,
    pauses: list[tuple[datetime, datetime]],
) -> Window:
    if policy.seconds is not None:
        left = max(timedelta(seconds=policy.seconds) - used, timedelta())
        return None, businesstime.due(start, left, calendar)
    if policy.month_days:
        return _in_month(policy.month_days[0], policy.month_days[1], calendar, start)
    cut_off = time.fromisoformat(policy.cut_off) if policy.cut_off else None
    if policy.working_days is None:
        return None, businesstime.due_at_cut_off(start, calendar, cut_off or time.max)
    days = policy.working_days
    due = businesstime.due_in_days(start, days, calendar, cut_off=cut_off, pauses=pauses)
    if policy.not_before_days is None:
        return None, due
    return businesstime.window(start, policy.not_before_days, days, calendar)[0], due


def _in_month(first: int, last: int, calendar: businesstime.Calendar, start: datetime) -> Window:
    """Return this month's days while they are not over, else the next month's; a short month ends earlier."""
    month = start.astimezone(calendar.zone).replace(day=1, hour=12)
    for _ in range(_MONTHS_AHEAD):
        opens, closes = businesstime.in_month(month, first, last, calendar)
        if closes > start:
            return opens, closes
        month = (month + timedelta(days=31)).replace(day=1)
    raise businesstime.NeverOpen("no such days of a month follow")
