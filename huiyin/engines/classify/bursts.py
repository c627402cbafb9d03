"""Whether so many cases alike, so close together, are an incident rather than chance."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.engines.reason import Reason

# One false alarm in a thousand windows of an ordinary day, the customary three-sigma limit rounded.
FALSE_ALARM = 0.001


@dataclass(frozen=True, slots=True)
class Burst:
    """So many cases in the window, so many expected, and how likely that many are by chance."""

    count: int
    expected: float
    chance: float
    since: datetime
    because: tuple[Reason, ...]


def is_burst(
    times: Sequence[datetime], at: datetime, *, window: timedelta, usual_per_hour: float, at_least: int
) -> Burst | None:
    """Return the burst that the cases of the last `window` before `at` form, or None.

    `times` are aware moments of similar cases, in any order; those in (at − window, at] count.
    A burst has at least `at_least` cases and a chance below FALSE_ALARM under a Poisson law with
    the usual rate: a c-chart with exact limits (W. A. Shewhart, Economic Control of Quality of
    Manufactured Product, 1931). With a usual rate of 0 `at_least` alone decides.
    Raises ValueError for a window or rate that makes no sense.
    """
    if window <= timedelta(0) or usual_per_hour < 0 or at_least < 1:
        raise ValueError("a window above zero, a rate of zero or more and at_least of one or more are needed")
    ordered = sorted(times)
    since = at - window
    count = bisect_right(ordered, at) - bisect_right(ordered, since)
    expected = usual_per_hour * (window / timedelta(hours=1))
    if count < at_least or count <= expected:
        return None
    chance = poisson_tail(count, expected)
    if chance >= FALSE_ALARM:
        return None
    minutes = round(window / timedelta(minutes=1))
    because = Reason("burst", {"count": count, "expected": round(expected, 2), "minutes": minutes})
    return Burst(count, expected, chance, ordered[bisect_right(ordered, since)], (because,))


def poisson_tail(count: int, expected: float) -> float:
    """Return P(X ≥ count) for X ~ Poisson(expected), by adding terms from `count` upwards.

    Needs count > expected, where the terms shrink at once.
    """
    if expected == 0:
        return 0.0
    term = math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))
    total, number = 0.0, count
    while term > total * 1e-16:
        total += term
        number += 1
        term *= expected / number
    return min(total, 1.0)
