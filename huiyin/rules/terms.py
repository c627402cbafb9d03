"""From a policy to times: when a promise falls due, when it warns first, and whether the year is announced."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from huiyin.engines import businesstime
from huiyin.rules.book import Book, Hours
from huiyin.rules.models import PromisePolicy

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHORT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Term:
    """`warnings` are the moments before `due` at which to warn, in order; `provisional`: a year nobody announced."""

    due: datetime
    warnings: tuple[datetime, ...]
    provisional: bool


def calendar_code(policy: PromisePolicy, site_calendar: str) -> str:
    """Return the calendar a policy counts in: natural hours unless named; days and cut-offs in the site's."""
    if policy.calendar and policy.calendar != "site":
        return policy.calendar
    if policy.calendar == "site" or policy.seconds is None:
        return site_calendar
    return "always"


def term(policy: PromisePolicy, book: Book, *, site_calendar: str, start: datetime, used: timedelta) -> Term:
    """Return due = start + (target − used) and its warnings, in UTC.

    When the due time would need the holidays of a year nobody has announced, the weekly hours alone
    decide and the term says so. Raises NeverOpen.
    """
    hours = book.calendars.get(calendar_code(policy, site_calendar), book.calendars["always"])

    def due_in(calendar: businesstime.Calendar) -> datetime:
        if policy.seconds is not None:
            return businesstime.due(start, timedelta(seconds=policy.seconds) - used, calendar)
        cut_off = time.fromisoformat(policy.cut_off) if policy.cut_off else None
        if policy.working_days is None and cut_off is not None:
            return businesstime.due_at_cut_off(start, calendar, cut_off)
        return businesstime.due_in_days(start, policy.working_days or 0, calendar, cut_off=cut_off)

    due, provisional = _announced_or_plain(hours, due_in)
    total = due - start

    def moment(warning: str) -> datetime:
        if warning.endswith("%"):
            if policy.seconds is None:
                return start + total * int(warning[:-1]) / 100
            part = timedelta(seconds=policy.seconds * int(warning[:-1]) / 100) - used
            return _announced_or_plain(hours, lambda c: businesstime.due(start, max(part, timedelta()), c))[0]
        return due - timedelta(seconds=int(warning[:-1]) * _UNITS[warning[-1]])

    wished = policy.warn or (["50%", "80%"] if total <= SHORT else ["1h"])
    warnings = sorted(at for at in map(moment, wished) if start < at < due)
    return Term(due, tuple(warnings), provisional)


def _announced_or_plain(
    hours: Hours, compute: Callable[[businesstime.Calendar], datetime]
) -> tuple[datetime, bool]:
    try:
        return compute(hours.announced), False
    except businesstime.UnknownYear:
        return compute(hours.plain), True
