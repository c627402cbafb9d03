"""Taking a case off whoever may not work on it any more: it goes to the queue of its team, with the reason.

Who was asked first stays the owner and keeps seeing the case until it is closed, as when a case is passed on.
"""

from datetime import datetime

from huiyin.base import announce, tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.cases import entries, handing_on, promises, recent
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import ASSIGNED, Case
from huiyin.staff import working
from huiyin.staff.models import Staff
from huiyin.staff.working import Limits

AT_ONCE = 500
CATEGORY, RIGHT = "category", "right"


def relieve(case: Case, *, by: Actor, at: datetime) -> bool:
    """Take the case off its handler if their roles do not reach it as it stands; say whether it was.

    Call it after its category changed, inside the same transaction. A task that a lead assigned stays: its lead
    decides. A second call changes nothing.
    """
    if case.handler_id is None:
        return False
    return _relieve(case, working.limits(at=at, staff=case.handler_id), by=by, at=at)


def sweep(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Take everything off those who lost the right to it, however that came about; return how many cases it was.

    A role withdrawn or run out, other limits, a role with other rights, an account that ended: whatever was left lying
    there by a stop in between is found by the next call. Each case in its own transaction.
    """
    limits = working.limits(at=at)
    people = Staff.objects.filter(kind="person").exclude(pk__in=working.unlimited(limits))
    handled = Case.objects.in_work().exclude(kind=ASSIGNED).filter(handler__in=people.filter(is_active=True))
    done = 0
    # One row for all the cases of a kind: where every role is limited, this would read every open case each minute.
    for handler, site, category in handled.values_list("handler", "site", "category").distinct().order_by():
        if not _reach(limits, handler, site, category):
            for case in handled.filter(handler=handler, site=site, category=category)[: limit - done]:
                done += _relieve(case, limits, by=CLOCK, at=at)
    for leaver in handing_on.left_behind_by():
        for case in handing_on.cases_of(leaver)[: limit - done]:
            handing_on.hand_on(case, leaver, None, by=CLOCK, at=at)
            done += 1
    return done


def _relieve(case: Case, limits: Limits, *, by: Actor, at: datetime) -> bool:
    with tx.write():
        locked = Case.objects.select_related("team", "handler").get(pk=lock(case, None).pk)
        who = locked.handler
        if not locked.is_open or locked.kind == ASSIGNED or who is None or who.kind != "person":
            return False
        if _reach(limits, who.pk, locked.site_id, locked.category):
            return False
        why = CATEGORY if _reach(limits, who.pk, locked.site_id, "") else RIGHT
        before = recent.topics_of([locked])[locked.pk]
        change(case, locked, {"handler": None}, at=at)
        promises.hand_over(case)
        told = Draft("case.relieved", {"who": who.number, "why": why})
        queued = Draft("case.queued", {"team": locked.team.code, "because": []})
        entries.append(case, [told, queued], by=by, at=at)
        # Whoever had it on the screen until now is told as well.
        announce.changed(before, "case.changed", {"case": locked.number})
    return True


def _reach(limits: Limits, handler: int | None, site: int, category: str) -> bool:
    scopes = limits.get(handler or 0, ())
    return any(scope.holds_elsewhere(site, category or None) for scope in scopes)
