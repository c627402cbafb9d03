"""How much each person carries, kept exact by compare-and-set in the transaction of each change."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Case as When_
from django.db.models import F, Q, QuerySet, Sum, Value, When

from huiyin.cases.models import AgentLoad, Case

_ONE = Value(1)


def take(staff_id: int, weight: Decimal, *, at: datetime, forced: bool = False) -> bool:
    """Add to the load unless the person is full or rests (`forced` adds all the same); return whether it was added."""
    rows = AgentLoad.objects.filter(staff_id=staff_id) if forced else _open(staff_id, at)
    today = at.date()
    return bool(
        rows.update(
            load=F("load") + weight,
            last_assigned_at=at,
            assigned_today=When_(When(assigned_on=today, then=F("assigned_today") + _ONE), default=_ONE),
            assigned_on=today,
        )
    )


def give_back(staff_id: int, weight: Decimal) -> None:
    """Take a case's weight off again."""
    AgentLoad.objects.filter(staff_id=staff_id).update(load=F("load") - weight)


def has_room(staff_id: int, *, at: datetime) -> bool:
    """Say whether the person may be given one more; true until the end of the transaction, which holds the row."""
    return _open(staff_id, at).select_for_update().exists()


def rest(staff_id: int, until: datetime | None) -> None:
    """Let the dispatch give this person nothing until then, None: from now on again. Waits for an offer under way."""
    AgentLoad.objects.filter(staff_id=staff_id).update(rests_until=until)


def wrong() -> list[str]:
    """Return one line for each load that is not the sum of its open cases."""
    sums = dict(
        Case.objects.filter(status__in=Case.LOADING, family="service")
        .exclude(handler=None)
        .values_list("handler_id")
        .annotate(total=Sum("weight"))
    )
    return [
        f"the load of staff {row.staff.number} is {row.load}, its cases add up to {sums.get(row.staff_id, Decimal(0))}"
        for row in AgentLoad.objects.select_related("staff")
        if row.load != sums.get(row.staff_id, Decimal(0))
    ]


def _open(staff_id: int, at: datetime) -> QuerySet[AgentLoad]:
    # One statement with the change that follows: a report or another case that comes between is seen.
    awake = Q(rests_until=None) | Q(rests_until__lte=at)
    return AgentLoad.objects.filter(awake, staff_id=staff_id, load__lt=F("cap"))
