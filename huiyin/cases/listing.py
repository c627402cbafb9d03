"""Filters of the list of cases, as they are typed, kept in saved views, and applied. They narrow, never widen."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localtime

from huiyin.cases import tagging
from huiyin.cases.models import NEVER, PRIORITY_RANK, Case, CaseQuerySet, CaseTag, Watcher
from huiyin.cases.typed import Invalid
from huiyin.cases.waiting import REASONS
from huiyin.rules import book as rulebook
from huiyin.staff.viewer import Viewer

LONGEST = 80
# In a view that a team shares, “mine” is the reader's.
WHO = ("mine", "owned", "watched", "queue", "all")
DUE = ("late", "today")
ALLOWED: Mapping[str, tuple[str, ...] | None] = {
    "who": WHO,
    "status": Case.STATUSES,
    "waiting_for": REASONS,
    "category": None,
    "priority": tuple(PRIORITY_RANK),
    "team": None,
    "handler": None,
    "tag": None,
    "due": DUE,
}


def checked(given: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that say something. Raises Invalid, naming each (`unknown`, `too_long`)."""
    wrong = {name: "unknown" for name in given if name not in ALLOWED}
    plain = {name: value.replace("\x00", "").strip() for name, value in given.items()}
    filters = {name: value for name, value in plain.items() if value}
    for name, value in filters.items():
        allowed = ALLOWED.get(name)
        if allowed is not None and value not in allowed:
            wrong[name] = "unknown"
        if len(value) > LONGEST:
            wrong[name] = "too_long"
    if wrong:
        raise Invalid(**wrong)
    return filters


def narrowed(rows: CaseQuerySet, filters: Mapping[str, str], viewer: Viewer, *, at: datetime) -> CaseQuerySet:
    """Return those of the rows that pass every filter; without one on the status, only what is not ended."""
    if "status" not in filters:
        rows = rows.in_work()
    for name, value in filters.items():
        rows = rows.filter(_FILTERS[name](value, viewer, at))
    return rows


def _who(value: str, viewer: Viewer, at: datetime) -> Q:
    watched = Watcher.objects.filter(case=OuterRef("pk"), staff_id=viewer.staff_id)
    return {
        "mine": Q(handler_id=viewer.staff_id),
        "owned": Q(owner_id=viewer.staff_id),
        "watched": Q(Exists(watched)),
        "queue": Q(handler=None, status__in=(Case.NEW, Case.OPEN)),
        "all": Q(),
    }[value]


def _category(value: str, viewer: Viewer, at: datetime) -> Q:
    book = rulebook.current()
    return Q(category__in=[value, *(code for code in book.categories if book.top_of(code) == value)])


def _due(value: str, viewer: Viewer, at: datetime) -> Q:
    if value == "late":
        return Q(next_due__lte=at)
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Q(next_due__lt=min(midnight, NEVER))


def tagged(word: str) -> Q:
    """Return what a case with this tag is, however the tag is spelled."""
    return Q(Exists(CaseTag.objects.filter(case=OuterRef("pk"), key=tagging.key_of(word))))


_FILTERS: Mapping[str, Callable[[str, Viewer, datetime], Q]] = {
    "who": _who,
    "status": lambda value, viewer, at: Q(status=value),
    "waiting_for": lambda value, viewer, at: Q(waiting_for=value),
    "category": _category,
    "priority": lambda value, viewer, at: Q(priority=value),
    "team": lambda value, viewer, at: Q(team__code=value),
    "handler": lambda value, viewer, at: Q(handler__number=value),
    "tag": lambda value, viewer, at: tagged(value),
    "due": _due,
}
