"""The keep rate (履约率): which share of what fell due was done by its first due time.

A promise counts in the period in which it was first due, moved only by pauses that its policy allowed. It is kept
when it was fulfilled by then; putting it off later changes nothing. What was cancelled before it was due does not
count, nor does what is not due yet.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce, TruncDay, TruncMonth, TruncWeek
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from huiyin.base.texts import in_words
from huiyin.cases import told
from huiyin.cases.models import Case, Promise
from huiyin.rules import book as rulebook
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer

By = Literal["kind", "team", "person", "category", "level", "day", "week", "month"]
# What another department was asked for is its own to keep.
COLUMNS: dict[str, Any] = {
    "kind": "kind",
    "team": Coalesce("collaboration__department__code", "case__team__code"),
    "person": "debtor__number",
    "category": "case__category",
    "level": "case__customer__level",
}
PERIODS: dict[str, Any] = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}


LEVELS = {
    "normal": _("normal"),
    "vip": _("VIP"),
    "key": _("key customer"),
    "gold": _("gold"),
    "platinum": _("platinum"),
    "diamond": _("diamond"),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """`due` promises came due in the group, `kept` of them in time, `late` were done afterwards."""

    group: str
    name: str
    due: int
    kept: int
    late: int

    @property
    def share(self) -> float:
        return self.kept / self.due if self.due else 0.0

    @property
    def percent(self) -> str:
        return f"{self.share * 100:.1f}"

    def as_json(self) -> dict[str, Any]:
        counts = {"due": self.due, "kept": self.kept, "late": self.late}
        return {"group": self.group, "name": self.name, **counts, "rate": round(self.share, 4)}


def rates(*, by: By, first: date, after: date, viewer: Viewer, at: datetime) -> list[Rate]:
    """Return the rate of each group of what first fell due in [first, after), dates in the organisation's zone.

    Counted are the cases in the viewer's scopes; who sees figures only has all cases, and nobody has those about
    themselves. One query, and one for the names.
    """
    zone = get_default_timezone()
    begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (first, after))
    rows = _counting(at).filter(case__in=counted_cases(viewer), counted_due__gte=begin, counted_due__lt=end)
    if by in PERIODS:
        rows = rows.annotate(grouped=PERIODS[by]("counted_due", tzinfo=zone))
    else:
        rows = rows.annotate(grouped=COLUMNS[by] if by == "team" else F(COLUMNS[by]))
    in_time = Q(fulfilled_at__lte=F("counted_due"))
    counted = (
        rows.values("grouped")
        .annotate(
            due=Count("id"),
            kept=Count("id", filter=in_time),
            late=Count("id", filter=Q(fulfilled_at__gt=F("counted_due"))),
        )
        .order_by("grouped")
    )
    found = [(_code(row["grouped"]), row) for row in counted]
    names = _NAMES.get(by, _themselves)([code for code, _ in found])
    return [Rate(code, names.get(code, code), row["due"], row["kept"], row["late"]) for code, row in found]


def _counting(at: datetime) -> Any:
    counted_due = ExpressionWrapper(F("first_due") + F("waited"), output_field=DateTimeField())
    rows = Promise.objects.annotate(counted_due=counted_due)
    # What was given up while it was late already is counted, or giving up would be a way to keep the rate.
    given_up = Q(state=Promise.CANCELLED) & (Q(ended_at=None) | Q(ended_at__lt=F("counted_due")))
    settled = Q(counted_due__lte=at) | Q(fulfilled_at__isnull=False)
    return rows.exclude(given_up).exclude(state=Promise.PAUSED).filter(settled)


def counted_cases(viewer: Viewer) -> Any:
    """Return the rows of the cases that figures count for this viewer: theirs, or all for who sees figures only."""
    if viewer.scopes:
        return Case.objects.visible_to(viewer).values("pk")
    return Case.objects.exclude(about=viewer.staff_id).values("pk")


def _code(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def _themselves(codes: Iterable[str]) -> dict[str, str]:
    return {code: code for code in codes}


def _kinds(codes: Iterable[str]) -> dict[str, str]:
    return {code: told.promise_name(code) for code in codes}


def _teams(codes: Iterable[str]) -> dict[str, str]:
    return {team.code: in_words(team.name) for team in Team.objects.filter(code__in=list(codes))}


def _people(codes: Iterable[str]) -> dict[str, str]:
    return dict(Staff.objects.filter(number__in=list(codes)).values_list("number", "name"))


def _categories(codes: Iterable[str]) -> dict[str, str]:
    book = rulebook.current()
    return {code: in_words(book.name_of(code)) for code in codes}


def _levels(codes: Iterable[str]) -> dict[str, str]:
    return {code: str(LEVELS.get(code, code)) for code in codes}


_NAMES: dict[str, Callable[[Iterable[str]], dict[str, str]]] = {
    "kind": _kinds,
    "team": _teams,
    "person": _people,
    "category": _categories,
    "level": _levels,
}
