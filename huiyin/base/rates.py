"""Rates for strangers: so many in a window for each caller, counted in the memory of the process.

A hint against floods, not a lock: what must hold exactly is a row in the database.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

CALLERS_KEPT, MOMENTS_KEPT = 50_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` in `window`, under a name of its own."""

    name: str
    count: int
    window: timedelta


STRANGERS = Rate(
    "stranger", 600, timedelta(minutes=1)
)  # one route, one network: an office behind one address
PROBES = Rate("probe", 6_000, timedelta(minutes=1))  # a watcher that is refused would take us for dead
EXPORTS = Rate("export", 20, timedelta(minutes=10))
REPORTS = Rate("report", 60, timedelta(minutes=1))


class TooMany(Exception):
    """The caller must wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:.0f} s")
        self.seconds = seconds
        self.minutes = max(1, -int(-seconds // 60))


_lock = threading.Lock()
_taken: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()
_moments = 0


def take(rate: Rate, caller: str, *, at: datetime) -> None:
    """Count one more for this caller; raises TooMany, then it was not counted."""
    global _moments
    key = (rate.name, caller)
    with _lock:
        # What seems to lie far ahead was counted before the clock was set back.
        times = [moment for moment in _taken.get(key, ()) if abs(moment - at) < rate.window]
        if len(times) >= rate.count:
            raise TooMany((times[0] + rate.window - at).total_seconds())
        _moments += len(times) + 1 - len(_taken.get(key, ()))
        _taken[key] = [*times, at]
        _taken.move_to_end(key)
        while len(_taken) > CALLERS_KEPT or _moments > MOMENTS_KEPT:
            _moments -= len(_taken.popitem(last=False)[1])


def forget() -> None:
    """Drop all counts."""
    global _moments
    with _lock:
        _taken.clear()
        _moments = 0
