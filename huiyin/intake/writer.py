"""Messages that arrive together share a transaction: whoever comes first writes for those who wait behind.

No thread of its own and no waiting for company: while one group commits, the next gathers.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.base import tx
from huiyin.channels.inbound import Inbound
from huiyin.intake.accept import Accepted, accept

AT_ONCE = 32


@dataclass(slots=True, eq=False)
class _Ticket:
    item: Inbound
    at: datetime
    answer: Accepted | None = None
    error: Exception | None = None

    @property
    def is_done(self) -> bool:
        return self.answer is not None or self.error is not None


_waiting: deque[_Ticket] = deque()
_turn = threading.Lock()


def submit(item: Inbound, *, at: datetime) -> Accepted:
    """Accept one message, together with others that wait; raises what `accept` raises for it alone."""
    ticket = _Ticket(item, at)
    _waiting.append(ticket)
    while not ticket.is_done:
        with _turn:
            if not ticket.is_done:
                _write([_waiting.popleft() for _ in range(min(AT_ONCE, len(_waiting)))])
    if ticket.error is not None:
        raise ticket.error
    assert ticket.answer is not None
    return ticket.answer


def _write(group: Sequence[_Ticket]) -> None:
    try:
        answers = accept([ticket.item for ticket in group], at=group[0].at)
    except (tx.Busy, tx.Unavailable) as error:
        # Trying each alone, or those behind next, would make them wait for the same store once more each.
        for ticket in [*group, *(_waiting.popleft() for _ in range(len(_waiting)))]:
            ticket.error = error
        return
    except Exception as error:  # noqa: BLE001 it belongs to the callers: each gets its own
        _apart(group, error)
        return
    for ticket, answer in zip(group, answers, strict=True):
        ticket.answer = answer


def _apart(group: Sequence[_Ticket], error: Exception) -> None:
    if len(group) == 1:
        group[0].error = error
        return
    for ticket in group:
        _write([ticket])
