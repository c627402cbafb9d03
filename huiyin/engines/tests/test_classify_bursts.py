"""A burst is more than chance brings, by an exact Poisson limit."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import classify
from huiyin.engines.classify.bursts import FALSE_ALARM, poisson_tail

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def minutes_before(*ages: float) -> list[datetime]:
    return [NOON - timedelta(minutes=age) for age in ages]


def burst(times, *, usual: float = 6, at_least: int = 3):
    window = timedelta(minutes=10)
    return classify.is_burst(times, NOON, window=window, usual_per_hour=usual, at_least=at_least)


def test_many_more_than_usual_in_the_window_are_a_burst():
    found = burst(minutes_before(0, 1, 2, 3, 4, 5, 6))
    assert found is not None
    assert (found.count, found.expected, found.since) == (7, 1.0, NOON - timedelta(minutes=6))
    assert found.because[0].code == "burst"


def test_the_usual_number_is_no_burst():
    assert burst(minutes_before(0, 5)) is None
    assert burst(minutes_before(*range(10)), usual=60) is None


def test_the_window_is_open_at_its_begin_and_closed_at_its_end():
    assert burst(minutes_before(0, 0, 0, 0, 0, 10), usual=1).count == 5
    assert burst(minutes_before(10, 10, 10, 10, 10, 10), usual=1) is None
    assert burst(minutes_before(-1, -1, -1, -1, -1, -1), usual=1) is None


def test_fewer_than_at_least_are_never_a_burst():
    assert burst(minutes_before(1, 2), usual=0, at_least=3) is None
    assert burst(minutes_before(1, 2, 3), usual=0, at_least=3).chance == 0


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 60), st.floats(0.01, 30))
def test_a_burst_is_what_a_poisson_law_makes_rarer_than_the_false_alarm(count, usual):
    found = burst(minutes_before(*([1] * count)), usual=usual * 6, at_least=1)
    below = math.fsum(math.exp(-usual) * usual**number / math.factorial(number) for number in range(count))
    if abs(1 - below - FALSE_ALARM) > 1e-6:
        assert (found is not None) == (count > usual and 1 - below < FALSE_ALARM)
    if count > usual:
        assert poisson_tail(count, usual) == pytest.approx(1 - below, abs=1e-9)


@pytest.mark.parametrize("wrong", [{"window": timedelta(0)}, {"usual_per_hour": -1}, {"at_least": 0}])
def test_senseless_limits_are_refused(wrong):
    limits = {"window": timedelta(minutes=10), "usual_per_hour": 1.0, "at_least": 1, **wrong}
    with pytest.raises(ValueError, match="needed"):
        classify.is_burst([], NOON, **limits)
