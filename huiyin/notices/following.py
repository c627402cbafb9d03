"""Telling those who follow a case: one unread notice a case and person, one for all when much happens at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from huiyin.base import announce, tx
from huiyin.notices.models import Notice

KIND = "case.followed"
DIGEST = "cases.followed"
GATHERS = timedelta(minutes=10)
FLOOD = 10  # so many cases within ten minutes are told in one notice
WHAT = {
    "message.received": noop("the customer wrote"),
    "message.sent": noop("the customer was answered"),
    "case.accepted": noop("somebody works on it"),
    "case.waited": noop("it waits"),
    "case.resumed": noop("it goes on"),
    "case.resolved": noop("reported as solved"),
    "case.confirmed": noop("the result was confirmed"),
    "case.disputed": noop("the customer says it is not solved"),
    "case.reopened": noop("opened again"),
    "case.voided": noop("voided"),
    "case.restored": noop("restored"),
}


def tell_followers(
    staff_ids: Iterable[int], what: str, *, cause: str, case_number: str, at: datetime
) -> None:
    """Tell these people what happened (a kind in WHAT) in a case that they follow and may see.

    Belongs into a task with its own completion: a second call counts again.
    """
    told = sorted(set(staff_ids))
    with tx.write():
        for staff_id in told:
            _tell_one(staff_id, what, cause, case_number, at)
        people = frozenset(f"person:{staff_id}" for staff_id in told)
        announce.changed(people, "notice.made", {"case": case_number})


def what_words(params: Mapping[str, Any]) -> str:
    """Return what happened in the reader's language, and how much before it."""
    words = _(WHAT[params["what"]]) if "what" in params else ""
    earlier = params.get("count", 1) - 1
    return _("%(what)s (%(earlier)s more before)") % {"what": words, "earlier": earlier} if earlier else words


def _tell_one(staff_id: int, what: str, cause: str, case_number: str, at: datetime) -> None:
    unread = list(
        Notice.objects.select_for_update().filter(staff_id=staff_id, read_at=None, kind__in=(KIND, DIGEST))
    )
    same = [one for one in unread if one.kind == KIND and one.case_number == case_number]
    lately = [one for one in unread if one not in same and one.at > at - GATHERS]
    flood = len(lately) >= FLOOD or any(one.kind == DIGEST for one in lately)
    # The new one takes the place of those it speaks for, so that it stands first.
    spoken_for = same + lately if flood else same
    count = 1 + sum(one.params["count"] for one in spoken_for)
    Notice.objects.filter(pk__in=[one.pk for one in spoken_for]).delete()
    kind = DIGEST if flood else KIND
    Notice.objects.create(
        key=f"{cause}:{kind}:{staff_id}",
        staff_id=staff_id,
        kind=kind,
        case_number="" if flood else case_number,
        params={"count": count} if flood else {"what": what, "count": count},
        at=at,
    )
