"""From what a clock on the wall shows to instants.

The one rule for gaps and folds: an instant is open exactly when the clock on the wall, read at
that instant, shows a time inside a period. An hour that the clock skips is nobody's working time;
an hour that it shows twice counts twice.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from huiyin.engines.businesstime.instants import DAY, SECOND, Span

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
STEP = DAY // 2

Stretch = tuple[int, int, int]
Periods = tuple[Span, ...]


def midnight(day: date) -> int:
    """Return the reading of the wall clock at the start of a date, counted as if it were UTC."""
    return (day.toordinal() - EPOCH_ORDINAL) * DAY


def first_instant(zone: ZoneInfo, reading: int) -> int:
    """Return the first instant at which the wall clock shows `reading` or more.

    In a gap that is the jump itself, in a fold the first of the two.
    """
    offset = _offset(zone, reading - DAY)
    if offset == _offset(zone, reading + DAY):
        return reading - offset
    pieces = stretches(zone, reading - 2 * DAY, reading + 2 * DAY)
    return next(max(begin, reading - offset) for begin, end, offset in pieces if reading - offset < end)


def spans(pieces: Iterable[Stretch], base: int, periods: Periods) -> list[Span]:
    """Return the open spans of one date whose midnight reads `base`, within the given stretches."""
    found = []
    for begin, end, offset in pieces:
        shift = base - offset
        for opens, closes in periods:
            low, high = max(begin, opens + shift), min(end, closes + shift)
            if low < high:
                found.append((low, high))
    return found


def stretches(zone: ZoneInfo, begin: int, end: int) -> Sequence[Stretch]:
    """Cut [begin, end) where the zone's offset from UTC changes; each piece with its offset."""
    pieces = []
    since, at, offset = begin, begin, _offset(zone, begin)
    while at < end:
        step = min(at + STEP, end)
        new = _offset(zone, step)
        if new != offset:
            change = _change(zone, at, step)
            pieces.append((since, change, offset))
            since, offset = change, new
        at = step
    pieces.append((since, end, offset))
    return pieces


def _offset(zone: ZoneInfo, instant: int) -> int:
    shift = datetime.fromtimestamp(instant // SECOND, zone).utcoffset()
    assert shift is not None
    return (shift.days * 86_400 + shift.seconds) * SECOND


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    before = _offset(zone, low)
    while high - low > SECOND:
        middle = (low + high) // 2 // SECOND * SECOND
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high
