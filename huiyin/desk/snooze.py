"""When a case that is set aside comes back: the choices of the desk, and the moments they stand for."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, localtime, make_aware
from django.utils.translation import gettext_lazy as _

from huiyin.cases import promises
from huiyin.cases.models import Case
from huiyin.cases.typed import Invalid
from huiyin.engines import businesstime
from huiyin.rules import book as rulebook
from huiyin.rules import terms

CHOICES = {
    "hour": _("in an hour"),
    "tomorrow": _("tomorrow at 9:00"),
    "working_day": _("the next working day"),
    "own": _("at the time chosen here"),
}
MORNING = time(9)


def moment(given: Mapping[str, str], case: Case, *, at: datetime) -> datetime:
    """Return the chosen moment, in the zone of the organisation. Raises Invalid (`until`: missing, unreadable)."""
    chosen = given.get("snooze", "")
    if chosen == "hour":
        return at + timedelta(hours=1)
    if chosen == "tomorrow":
        return _morning(at + timedelta(days=1))
    if chosen == "working_day":
        return _working_day(case, at)
    return _own(given.get("until", ""))


def _morning(day: datetime) -> datetime:
    return make_aware(datetime.combine(localtime(day).date(), MORNING), get_current_timezone())


def _working_day(case: Case, at: datetime) -> datetime:
    """Return nine in the morning of the next day on which the case's team works, or when it opens if that is later."""
    book = rulebook.current()
    hours = terms.hours_of(book, promises.calendar_of(case, book))
    night = _morning(at + timedelta(days=1)) - timedelta(hours=9)
    opens, _sure = terms.announced_or_plain(hours, lambda calendar: businesstime.opening(night, calendar))
    return max(opens, _morning(opens))


def _own(text: str) -> datetime:
    if not text:
        raise Invalid(until="missing")
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid(until="unreadable")
    return make_aware(found) if is_naive(found) else found
