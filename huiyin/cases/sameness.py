"""“Likely the same matter”: a new case of a customer who has an open one of the same category from the last 72 hours.

The mark is a case number and nothing more: people decide whether to merge, and who may not see that case sees no mark.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.base.question import Question
from huiyin.cases import entries
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry
from huiyin.staff.viewer import Viewer

WITHIN = timedelta(hours=72)
LOOKED_AT = 100  # newest cases of a customer: whoever has more open ones than that has no use for a mark


class NotMarked(Exception):
    """The case is not marked as likely the same as another, or not any more. Nothing was changed."""


def mark(cases: Sequence[Case], *, at: datetime) -> None:
    """Write the mark on new cases that are not stored yet: the oldest match of each, in one query or none.

    None, when every customer was made by the message in hand: then only cases of the same group can match.
    """
    oldest: dict[tuple[int | None, str], str] = _stored(cases, at)
    for case in cases:
        if case.customer is None or case.family != "service" or case.follows_id is not None:
            continue  # what was split from a case, or follows one, is known to belong to it
        key = (case.customer.pk, case.category)
        case.likely_same = oldest.get(key, "")
        oldest.setdefault(key, case.number)


def fill(cases: Sequence[Case], viewer: Viewer | None) -> None:
    """Set `likely_number` and `follows_number` of cases that were read, as far as the viewer may know them.

    What goes on from a case about the viewer says nothing of it. One query for each when a case names one, none
    otherwise.
    """
    _fill_followed(cases, viewer)
    fill_likely(cases, viewer)


def fill_likely(cases: Sequence[Case], viewer: Viewer | None) -> None:
    """Set `likely_number` alone, for lists: while both are open and the viewer sees the other."""
    marked = [case for case in cases if case.likely_same and case.status in Case.IN_WORK]
    if not marked:
        return
    others = {case.likely_same for case in marked}
    seen = set(
        Case.objects.visible_to(viewer).in_work().filter(number__in=others).values_list("number", flat=True)
    )
    for case in marked:
        case.likely_number = case.likely_same if case.likely_same in seen else None


def _fill_followed(cases: Sequence[Case], viewer: Viewer | None) -> None:
    # Lists read few columns: what they did not read they do not show.
    read = [case for case in cases if "follows_id" not in case.get_deferred_fields()]
    later = [case for case in read if case.follows_id is not None]
    if not later or viewer is None:
        return
    before = Case.objects.filter(pk__in={case.follows_id for case in later}).exclude(about=viewer.staff_id)
    numbers = dict(before.values_list("pk", "number"))
    for case in later:
        case.follows_number = numbers.get(case.follows_id or 0)


def tell_apart(case: Case, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Record that this is another matter and take the mark away. Raises NotMarked or Stale."""
    with tx.write():
        locked = lock(case, version)
        if not locked.likely_same:
            raise NotMarked
        change(case, locked, {"likely_same": ""}, at=at)
        told = Draft("case.told_apart", {"number": locked.likely_same})
        entries.append(case, [told], by=by, at=at)
    return case


def _stored(cases: Sequence[Case], at: datetime) -> dict[tuple[int | None, str], str]:
    known = [case for case in cases if case.customer is not None and not case.customer.is_new]
    if not known:
        return {}
    rows = _LIVELY.ask(
        customers=sorted({case.customer.pk for case in known if case.customer is not None}),
        since=at - WITHIN,
    )
    return {(customer, category): number for customer, category, number in rows}


def _lively(customers: Any, since: Any) -> QuerySet[Case, tuple[Any, ...]]:
    place = Window(RowNumber(), partition_by="customer_id", order_by=F("id").desc())
    newest = Case.objects.filter(customer__id__in=customers).annotate(place=place)
    lately = Entry.objects.filter(case=OuterRef("pk"), at__gte=since).exclude(by_kind="system")
    return (
        # The newest are counted off in the index of customers alone, however many cases they have.
        Case.objects.filter(pk__in=newest.filter(place__lte=LOOKED_AT).values("pk"))
        .exclude(status__in=(Case.CLOSED, Case.VOID))
        .filter(Q(opened_at__gte=since) | Exists(lately), family="service")
        .order_by("-id")
        .values_list("customer_id", "category", "number")
    )


_LIVELY = Question(_lively)
