"""The clock's part of finishing: a result that nobody answered for three working days is confirmed by silence."""

from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import CLOCK
from huiyin.cases import finishing, lifecycle
from huiyin.cases.changing import lock
from huiyin.cases.models import Case

AT_ONCE = (
    10  # many fall silent in the same second, at the end of a working day; promises must not wait for them
)


def confirm_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Close what fell silent by now, each case in its own transaction; return how many were looked at.

    Any number of workers may call it at once, and again after a stop: whoever holds a case looks at its time again,
    so each is confirmed once. A case that became a complaint meanwhile is left to be confirmed by somebody.
    """
    due = Case.objects.filter(silence_at__lte=at).order_by("silence_at", "pk")
    found = list(due.only("pk", "number")[:limit])
    for case in found:
        _confirm(case, at)
    return len(found)


def _confirm(case: Case, at: datetime) -> None:
    with tx.write():
        locked = lock(case, None)
        if locked.silence_at is None or locked.silence_at > at:
            return  # somebody answered, or another worker was here
        if locked.status != Case.RESOLVED or not finishing.may_lapse(locked):
            Case.objects.filter(pk=case.pk).update(silence_at=None)
            return
        lifecycle.move(locked, "confirm", by=CLOCK, at=at, how=finishing.SILENCE)
