"""What assigned tasks say of a person: done in time, closed, complete; counted by pay, so defined here once.

A task counts in the period in which it was last due. Withdrawn ones do not count. It was in time when its result was
there and no time that was given for it had passed before; a new time after an objection replaces the old one, what
was late by then stays late. Closed is what somebody accepted; `complete` is the mean of what they said of it.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, Subquery
from django.utils.timezone import get_default_timezone

from huiyin.cases.models import ASSIGNED, Assignment, Case, Entry, Promise
from huiyin.staff.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of tasks; `running` are neither handed in nor late yet; `complete` is in percent, None without any."""

    person: str
    name: str
    assigned: int
    in_time: int
    late: int
    running: int
    closed: int
    returned: int
    complete: float | None

    def as_json(self) -> dict[str, Any]:
        settled = self.in_time + self.late
        timeliness = round(self.in_time / settled, 4) if settled else None
        closing = round(self.closed / self.assigned, 4) if self.assigned else None
        return {**asdict(self), "timeliness": timeliness, "closing": closing}


def by_person(*, first: date, after: date, viewer: Viewer) -> list[Figures]:
    """Return the figures of each receiver for [first, after), dates in the organisation's zone. One query.

    Counted are the cases in the viewer's scopes; who sees figures only has all, and nobody those about themselves.
    """
    zone = get_default_timezone()
    begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (first, after))
    finished = Q(case__status__in=(Case.RESOLVED, Case.CLOSED))
    counted = (
        _with_times(viewer)
        .filter(due__gte=begin, due__lt=end)
        .values("case__handler__number", "case__handler__name")
        .annotate(
            assigned=Count("id"),
            in_time=Count("id", filter=finished & Q(was_late=False)),
            late=Count("id", filter=Q(was_late=True)),
            closed=Count("id", filter=Q(case__status=Case.CLOSED)),
            returned=Count("id", filter=Q(came_back=True)),
            complete=Avg("completeness", filter=Q(case__status=Case.CLOSED)),
        )
        .order_by("case__handler__number")
    )
    return [_figures(row) for row in counted]


def _figures(row: dict[str, Any]) -> Figures:
    return Figures(
        person=row["case__handler__number"],
        name=row["case__handler__name"],
        running=row["assigned"] - row["in_time"] - row["late"],
        complete=None if row["complete"] is None else round(float(row["complete"]), 1),
        **{name: row[name] for name in ("assigned", "in_time", "late", "closed", "returned")},
    )


def _with_times(viewer: Viewer) -> Any:
    given = Promise.objects.filter(case=OuterRef("case"), kind=ASSIGNED)
    counting = given.exclude(state=Promise.CANCELLED).order_by("-due_at")
    rows = Assignment.objects.exclude(case__status=Case.VOID).exclude(case__handler=None)
    if viewer.scopes:
        rows = rows.visible_to(viewer)
    return rows.exclude(case__about=viewer.staff_id).annotate(
        due=Subquery(counting.values("due_at")[:1]),
        was_late=Exists(given.filter(broken_at__isnull=False)),
        came_back=Exists(Entry.objects.filter(case=OuterRef("case"), kind="case.disputed")),
    )
