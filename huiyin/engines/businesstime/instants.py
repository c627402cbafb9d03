"""Moments as whole microseconds since 1970-01-01 UTC, so that sums are exact."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Span = tuple[int, int]


def of(at: datetime) -> int:
    """Return the instant of an aware datetime; ValueError for a naive one."""
    try:
        return length(at - EPOCH)
    except TypeError:
        raise ValueError(f"a time without a zone cannot be counted: {at.isoformat()}") from None


def length(duration: timedelta) -> int:
    """Return a duration in microseconds."""
    return duration.days * DAY + duration.seconds * SECOND + duration.microseconds


def moment(instant: int) -> datetime:
    """Return the UTC datetime of an instant."""
    return EPOCH + timedelta(microseconds=instant)


def pauses_of(pauses: Iterable[tuple[datetime, datetime]]) -> list[Span]:
    """Return the pauses in order, overlapping and touching ones joined, empty ones dropped.

    Raises ValueError when one ends before it begins.
    """
    spans = []
    for begin, end in pauses:
        span = of(begin), of(end)
        if span[1] < span[0]:
            raise ValueError(f"a pause ends before it begins: {begin.isoformat()}")
        spans.append(span)
    return joined(spans)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the union of half-open spans as ordered spans that do not touch."""
    union: list[Span] = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if union and begin <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((begin, end))
    return union
