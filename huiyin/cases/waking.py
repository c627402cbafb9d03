"""Waking a case that sleeps until a set time.

The task for it is put together with the wait and survives every stop; nothing looks through the cases. A case that woke
earlier, or sleeps until another time by now, is left alone.
"""

from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import CLOCK
from huiyin.cases import lifecycle
from huiyin.cases.changing import lock
from huiyin.cases.models import Case
from huiyin.cases.waiting import SCHEDULED


def wake(case: Case, *, until: datetime, at: datetime) -> bool:
    """Let the case go on if it still sleeps until this very time; return whether it did. Harmless twice, or at once."""
    with tx.write():
        locked = lock(case, None)
        sleeps = locked.status == Case.WAITING and locked.waiting_for == SCHEDULED
        if not sleeps or locked.snoozed_until != until or at < until:
            return False
        lifecycle.move(case, "resume", by=CLOCK, at=at, reason=SCHEDULED)
    return True
