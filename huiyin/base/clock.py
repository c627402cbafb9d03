"""The one place that reads the clock. Entry points call it and hand the time down as `at`.

On PostgreSQL the database's clock is the only truth: processes on several machines must agree on what is due. Each
long-lived process measures it now and then and counts on by the monotonic clock, so a machine whose own clock is wrong,
or jumps, neither breaks a promise early nor late. On SQLite everything runs on one machine, whose clock it is.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

EVERY_S = 30.0


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What the database's clock said when the monotonic clock stood at `monotonic_s`."""

    at: datetime
    monotonic_s: float


_anchor: _Anchor | None = None


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    anchor = _anchor
    if anchor is None:
        return datetime.now(UTC)
    return anchor.at + timedelta(seconds=time.monotonic() - anchor.monotonic_s)


def follow_database() -> None:
    """Measure the database's clock, once in thirty seconds; between two measurements a call costs nothing.

    Exact to half the way there and back. Raises what the database raises; the last measurement then stays.
    """
    global _anchor
    if connection.vendor != "postgresql":
        return
    asked = time.monotonic()
    if _anchor is not None and asked - _anchor.monotonic_s < EVERY_S:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (said,) = cursor.fetchone()
    answered = time.monotonic()
    _anchor = _Anchor(said.astimezone(UTC), (asked + answered) / 2)


def follow_own() -> None:
    """Forget the database's clock; for tests."""
    global _anchor
    _anchor = None
