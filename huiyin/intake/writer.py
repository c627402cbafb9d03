"""Messages that arrive together share a transaction: whoever comes first writes for those who wait behind.

No thread of its own. While one group commits, the next gathers; the one whose message is the oldest then leads it.
A lone message never waits; where there was company, the leader first waits until as many are here again, at most four
milliseconds, or they would write in many small groups.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import InterfaceError, OperationalError

from huiyin.base import tx
from huiyin.channels.inbound import Inbound
from huiyin.intake import attaching
from huiyin.intake.accept import Accepted, accept

AT_ONCE = 64
GATHER_S = 0.008


@dataclass(slots=True, eq=False)
class _Ticket:
    item: Inbound
    at: datetime
    answer: Accepted | None = None
    error: Exception | None = None
    woken: threading.Event = field(default_factory=threading.Event)

    @property
    def is_done(self) -> bool:
        return self.answer is not None or self.error is not None

    @property
    def outcome(self) -> Accepted | Exception:
        outcome = self.answer or self.error
        assert outcome is not None
        return outcome


class _Room:
    """Who waits, whether somebody leads, how much company there was the last time, and how much is awaited now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[_Ticket] = deque()
        self._led = False
        self._company = self._awaited = 0
        self._gathered = threading.Condition(self._lock)

    def enter(self, tickets: Sequence[_Ticket]) -> bool:
        """Wait in the room; True when the first of the tickets leads at once."""
        with self._lock:
            self._waiting.extend(tickets)
            if 0 < self._awaited <= len(self._waiting):
                self._gathered.notify()
            leads = not self._led
            self._led = True
        return leads

    def lead(self) -> None:
        """Write for everybody who waits, wake them, and pass the lead on."""
        group: list[_Ticket] = []
        try:
            with self._lock:
                self._gather()
                group = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            _write(group)
        finally:
            with self._lock:
                if any(isinstance(ticket.error, tx.Busy | tx.Unavailable) for ticket in group):
                    # Those behind would wait for the same store once more: they are told now.
                    group += self._turn_away(group)
                self._company = len(group) + len(self._waiting)
                following = self._waiting[0] if self._waiting else None
                self._led = following is not None
            for ticket in group:
                if not ticket.is_done:
                    ticket.error = tx.Unavailable("the group was given up")
                ticket.woken.set()
            if following is not None:
                following.woken.set()

    def _gather(self) -> None:
        """Wait until as many are here as there were the last time, but not for long."""
        if self._company > 1:
            self._awaited = min(self._company, AT_ONCE)
            self._gathered.wait_for(lambda: len(self._waiting) >= self._awaited, GATHER_S)
            self._awaited = 0

    def _turn_away(self, group: Sequence[_Ticket]) -> list[_Ticket]:
        error = next(ticket.error for ticket in group if ticket.error is not None)
        behind = list(self._waiting)
        self._waiting.clear()
        for ticket in behind:
            ticket.error = error
        return behind


_room = _Room()


def submit(item: Inbound, *, at: datetime) -> Accepted:
    """Accept one message, together with others that wait; raises what `accept` raises for it alone."""
    (answer,) = submit_many([item], at=at)
    if isinstance(answer, Exception):
        raise answer
    return answer


def submit_many(items: Sequence[Inbound], *, at: datetime) -> list[Accepted | Exception]:
    """Accept each message, at most AT_ONCE at a time so that others get their turn; what one raises is its own.

    Returned in order. Once the store is busy or gone, those not yet begun get the same error.
    """
    answers: list[Accepted | Exception] = []
    for start in range(0, len(items), AT_ONCE):
        # The scanner may take seconds: each waits for its own files alone, before it waits for the others.
        tickets = [_Ticket(attaching.judged(item), at) for item in items[start : start + AT_ONCE]]
        _see_through(tickets)
        answers += [ticket.outcome for ticket in tickets]
        lost = next((one for one in answers if isinstance(one, tx.Busy | tx.Unavailable)), None)
        if lost is not None:
            return answers + [lost] * (len(items) - len(answers))
    return answers


def _see_through(tickets: Sequence[_Ticket]) -> None:
    leads = _room.enter(tickets)
    for ticket in tickets:
        if not leads:
            ticket.woken.wait()
        if not ticket.is_done:
            _room.lead()
        leads = False


def _write(group: Sequence[_Ticket]) -> None:
    try:
        answers = accept([ticket.item for ticket in group], at=group[0].at)
    except (tx.Busy, tx.Unavailable) as error:
        for ticket in group:
            ticket.error = error
        return
    except (OperationalError, InterfaceError) as error:
        # Outside a transaction it has its own name; trying each alone would ask a store that is gone as often.
        for ticket in group:
            ticket.error = tx.Unavailable(str(error))
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
