"""How fast one token may call: a bucket that refills, in the memory of each process.

A guard against programs that run wild, not a quota. Intake is left out: it is held by the queue of the server, and a
message that was refused here might be lost there.
"""

import threading
from collections import OrderedDict
from datetime import datetime

from huiyin.base import secrets
from huiyin.base.problem import Problem

PER_S = 500.0
BURST = 5_000.0
TOKENS_KEPT = 10_000
FREE = ("inbound:write",)

_lock = threading.Lock()
_left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()


def take(caller: str, *, at: datetime, calls: float = 1) -> None:
    """Count calls of this caller; raises Problem 429 with Retry-After when there is no room, then none was counted."""
    with _lock:
        left, since = _left.get(caller, (BURST, at))
        left = min(BURST, left + max(0.0, (at - since).total_seconds()) * PER_S)
        has_room = left >= calls
        _left[caller] = (left - calls if has_room else left, at)
        _left.move_to_end(caller)
        while len(_left) > TOKENS_KEPT:
            _left.popitem(last=False)
    if not has_room:
        wait_s = max(1, round((calls - left) / PER_S))
        detail = f"More than {PER_S:.0f} calls a second; nothing was done. Send it again after the pause."
        raise Problem(429, "too_many", detail, retry_after_s=wait_s)


def caller_of(token: str) -> str:
    """Return the name under which the calls of a token are counted: not the token itself."""
    return secrets.digest("rate", token)


def forget() -> None:
    """Fill all buckets."""
    with _lock:
        _left.clear()
