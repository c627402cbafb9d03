"""Raising a case by hand or by rule: lead, manager, general manager, never somebody it is about."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huiyin.base import tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.cases import lifecycle
from huiyin.cases.changing import lock
from huiyin.cases.models import Case, CaseQuerySet, Entry, Watcher
from huiyin.cases.typed import checked
from huiyin.staff import chain
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer

BY_HAND, CROSSING = "by_hand", "crosses_departments"
DISSATISFIED, THREATENING = "dissatisfied", "threatening"
MANAGEMENT = "needs_management"
CAUSES = {
    BY_HAND: _("a colleague asks for it"),
    CROSSING: _("a complaint that crosses departments"),
    DISSATISFIED: _("the customer is still dissatisfied"),
    THREATENING: _("threats or improper demands"),
    MANAGEMENT: _("it needs management"),
}


class NobodyAbove(Exception):
    """Everybody above has been told, or nobody is there. Nothing was changed."""


def by_hand(case: Case, reason: str, *, by: Actor, at: datetime, version: int | None = None) -> Staff:
    """Raise the case to the next person above, who may see it from then on; return them.

    Raises Invalid when the reason is missing, Stale, NobodyAbove, and MoveNotAllowed once the case has ended.
    """
    reason = checked(reason, field="reason")
    with tx.write():
        if lock(case, version).status not in Case.IN_WORK:
            raise lifecycle.MoveNotAllowed("escalate", case.status)
        to = _next(case, skipped={by.id}, at=at)
        if to is None:
            raise NobodyAbove
        _raise(case, to, BY_HAND, by=by, at=at, text=reason)
    return to


def by_rule(case: Case, cause: str, *, at: datetime, depth: int = 1) -> Staff | None:
    """Raise the case for one of CAUSES, once for each cause; None when it was, or when nobody is left above."""
    with tx.write():
        lock(case, None)
        if Entry.objects.filter(case=case, kind="case.escalated", payload__cause=cause).exists():
            return None
        to = _next(case, skipped=set(), at=at)
        if to is not None:
            _raise(case, to, cause, by=CLOCK, at=at, depth=depth)
    return to


def raised_to(viewer: Viewer) -> CaseQuerySet:
    """Return the open cases that were raised to this person, what breaks next first, whatever their role shows them.

    Meant for a summary: number, title and status. Minus the cases that are about them.
    """
    raised = Case.objects.in_work().filter(watchers__staff=viewer.staff_id, escalation_level__gt=0)
    return raised.exclude(about=viewer.staff_id).order_by("next_due", "-id")


def above(case: Case, *, at: datetime) -> list[Staff]:
    """Return who stands above the case, nearest first, without its handler and the people it is about."""
    skipped = {case.handler_id, *case.about.values_list("pk", flat=True)}
    everybody = chain.read(at=at).above(case.team_id, site=case.site_id, category=case.category)
    wanted = [lead.id for lead in everybody if lead.id not in skipped]
    people = Staff.objects.in_bulk(wanted)
    return [people[pk] for pk in wanted]


def raised(case: Case) -> set[str]:
    """Return the numbers of those to whom the case was raised already."""
    return set(Entry.objects.filter(case=case, kind="case.escalated").values_list("payload__to", flat=True))


def _next(case: Case, *, skipped: set[int | None], at: datetime) -> Staff | None:
    told = raised(case)
    return next((one for one in above(case, at=at) if one.number not in told and one.pk not in skipped), None)


def _raise(
    case: Case, to: Staff, cause: str, *, by: Actor, at: datetime, text: str = "", depth: int = 0
) -> None:
    lifecycle.escalate(case, to=to, cause=cause, by=by, at=at, text=text, depth=depth)
    Watcher.objects.get_or_create(case=case, staff=to, defaults={"since": at})
