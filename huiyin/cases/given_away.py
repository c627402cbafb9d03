"""The register of compensation: what was given beyond what was owed, across cases, and how much of each kind."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.timezone import get_default_timezone

from huiyin.cases.models import Compensation
from huiyin.cases.models.collaboration import CompensationQuerySet
from huiyin.staff.viewer import Viewer

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: proposed in [first, after), dates in the organisation's zone; empty words and None mean all."""

    first: date | None = None
    after: date | None = None
    kind: str = ""
    state: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """What was granted of one kind; `value` in yuan."""

    kind: str
    count: int
    value: Decimal


def rows(viewer: Viewer, wanted: Wanted) -> CompensationQuerySet:
    """Return what was given or proposed in the cases that the viewer may see, newest first."""
    found = Compensation.objects.visible_to(viewer)
    zone = get_default_timezone()
    if wanted.first is not None:
        found = found.filter(at__gte=datetime.combine(wanted.first, time.min, tzinfo=zone))
    if wanted.after is not None:
        found = found.filter(at__lt=datetime.combine(wanted.after, time.min, tzinfo=zone))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.person:
        found = found.filter(made_by__number=wanted.person)
    return found.select_related("case", "made_by", "approval__assignee").order_by("-id")


def totals(found: CompensationQuerySet) -> list[Total]:
    """Return how much was granted of each kind among these rows."""
    granted = found.filter(state=Compensation.GRANTED).order_by("kind").values("kind")
    summed = granted.annotate(count=Count("id"), total=Sum("value"))
    # SQLite forgets the places of a sum.
    return [Total(row["kind"], row["count"], row["total"].quantize(_CENT)) for row in summed]
