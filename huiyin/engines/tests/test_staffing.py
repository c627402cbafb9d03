"""Erlang's formulas against exact fractions, published figures, and what must hold of any queue."""

import json
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import staffing
from huiyin.engines.staffing import Demand, Service, StaffingError

HALF_HOUR = Demand(calls=100, interval_s=1800, aht_s=180)


def exact_b(load: Fraction, agents: int) -> Fraction:
    terms = [load**k / math.factorial(k) for k in range(agents + 1)]
    return terms[-1] / sum(terms)


def exact_c(load: Fraction, agents: int) -> Fraction:
    below = sum(load**k / math.factorial(k) for k in range(agents))
    last = load**agents / math.factorial(agents) * (agents / (agents - load))
    return last / (below + last)


loads = st.fractions(min_value=0, max_value=60, max_denominator=50)


@settings(max_examples=150, deadline=None)
@given(loads, st.integers(0, 70))
def test_the_blocked_share_is_erlangs_loss_formula(load: Fraction, agents: int) -> None:
    assert staffing.erlang_b(float(load), agents) == pytest.approx(float(exact_b(load, agents)), rel=1e-10)


@settings(max_examples=150, deadline=None)
@given(loads, st.integers(1, 70))
def test_the_waiting_share_is_erlangs_delay_formula(load: Fraction, agents: int) -> None:
    expected = Fraction(1) if load >= agents else exact_c(load, agents)
    assert staffing.erlang_c(float(load), agents) == pytest.approx(float(expected), rel=1e-8)


@settings(max_examples=100, deadline=None)
@given(loads, st.integers(0, 70), st.integers(1, 600), st.integers(0, 120))
def test_the_service_follows_from_the_waiting_share(
    load: Fraction, agents: int, aht_s: int, within_s: int
) -> None:
    demand = Demand(float(load * 3600 / aht_s), 3600, aht_s)
    service = staffing.measure(demand, agents, within_s=within_s)
    if demand.load == 0:
        assert service == Service(agents, 1, 0, 0, 0)
    elif demand.load >= agents:
        assert service == Service(agents, 0, math.inf, 1, 1)
    elif agents - load > Fraction(1, 1000):
        waiting, spare = float(exact_c(load, agents)), float(agents - load)
        assert service.wait_probability == pytest.approx(waiting, rel=1e-6)
        assert service.service_level == pytest.approx(1 - waiting * math.exp(-spare * within_s / aht_s))
        assert service.asa_s == pytest.approx(waiting * aht_s / spare, rel=1e-6)
        assert service.occupancy == pytest.approx(float(load / agents))


@pytest.mark.parametrize(
    ("load", "servers", "blocked"),
    [(1, 1, 0.5), (2, 2, 0.4), (5, 10, 0.018385), (10, 10, 0.214582), (20, 30, 0.008457)],
)
def test_published_loss_tables_are_met(load: float, servers: int, blocked: float) -> None:
    assert staffing.erlang_b(load, servers) == pytest.approx(blocked, abs=1e-6)


def test_a_single_agent_keeps_a_caller_waiting_as_often_as_he_is_busy() -> None:
    assert staffing.erlang_c(0.3, 1) == pytest.approx(0.3)


def test_two_agents_with_one_erlang_make_a_third_of_the_callers_wait() -> None:
    assert staffing.erlang_c(1, 2) == pytest.approx(1 / 3)


def test_ten_erlangs_reach_eighty_percent_in_twenty_seconds_with_fourteen_agents() -> None:
    service = staffing.needed(HALF_HOUR, 0.8, 20)
    assert service.agents == 14
    assert service.wait_probability == pytest.approx(0.1741, abs=1e-4)
    assert service.service_level == pytest.approx(0.8884, abs=1e-4)
    assert service.asa_s == pytest.approx(7.835, abs=1e-3)
    assert service.occupancy == pytest.approx(10 / 14)


@pytest.mark.parametrize("agents", [0, 9, 10])
def test_as_much_work_as_agents_or_more_is_never_worked_off(agents: int) -> None:
    service = staffing.measure(HALF_HOUR, agents)
    assert (service.service_level, service.asa_s, service.occupancy) == (0, math.inf, 1)
    assert service.wait_probability == 1


def test_no_calls_need_nobody_and_nobody_waits() -> None:
    quiet = Demand(calls=0, interval_s=1800, aht_s=180)
    assert staffing.needed(quiet, 1, 0).agents == 0
    assert staffing.measure(quiet, 3) == Service(3, 1, 0, 0, 0)


def test_calls_that_take_no_time_still_need_somebody() -> None:
    instant = Demand(calls=50, interval_s=1800, aht_s=0)
    assert staffing.needed(instant, 0.9, 0).agents == 1
    assert staffing.measure(instant, 0).service_level == 0


@pytest.mark.parametrize("calls", [1, 100])
def test_a_hundred_percent_is_refused_because_no_number_of_agents_gives_it(calls: int) -> None:
    with pytest.raises(StaffingError) as wrong:
        staffing.needed(Demand(calls, 1800, 180), 1, 20)
    assert wrong.value.code == "target_never_reached"


def test_more_agents_than_are_looked_for_is_said_so() -> None:
    with pytest.raises(StaffingError) as wrong:
        staffing.needed(Demand(calls=10_000, interval_s=60, aht_s=60), 0.8, 20)
    assert wrong.value.code == "too_many_agents"


def test_the_largest_number_looked_for_is_found() -> None:
    assert staffing.needed(Demand(9_999.5, 60, 60), 0, 0).agents == staffing.MOST_AGENTS


def test_unless_told_otherwise_eighty_percent_within_twenty_seconds_is_meant() -> None:
    assert staffing.needed(HALF_HOUR) == staffing.needed(HALF_HOUR, 0.8, 20)
    assert staffing.measure(HALF_HOUR, 14) == staffing.measure(HALF_HOUR, 14, within_s=20)


def test_a_limit_on_occupancy_adds_agents_until_it_is_met_exactly() -> None:
    assert staffing.needed(HALF_HOUR, 0.8, 20, max_occupancy=0.5).agents == 20
    assert staffing.needed(HALF_HOUR, 0.8, 20, max_occupancy=1.0).agents == 14


def test_a_target_of_nothing_still_lets_the_queue_clear() -> None:
    assert staffing.needed(HALF_HOUR, 0, 0).agents == 11


def test_ten_thousand_agents_are_reckoned_without_loss() -> None:
    load, agents = 9_900, 10_000
    with localcontext() as context:
        context.prec = 50
        term = total = Decimal(1)
        for k in range(1, agents):
            term = term * load / k
            total += term
        last = term * load / agents * agents / (agents - load)
        waiting = float(last / (total + last))
    assert staffing.erlang_c(load, agents) == pytest.approx(waiting, rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 500),
    st.integers(1, 900),
    st.floats(0.01, 0.99),
    st.integers(0, 120),
    st.none() | st.floats(0.3, 1),
)
def test_the_number_found_is_enough_and_one_fewer_is_not(
    calls: int, aht_s: int, target: float, within_s: int, busiest: float | None
) -> None:
    demand = Demand(calls, 1800, aht_s)
    found = staffing.needed(demand, target, within_s, busiest)

    def enough(agents: int) -> bool:
        service = staffing.measure(demand, agents, within_s=within_s)
        clears = agents > demand.load
        return clears and service.service_level >= target and service.occupancy <= (busiest or 1)

    assert enough(found.agents)
    assert not enough(found.agents - 1)
    assert found == staffing.measure(demand, found.agents, within_s=within_s)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.1, 200), st.integers(1, 250), st.integers(0, 100))
def test_one_agent_more_never_makes_anything_worse(load: float, agents: int, within_s: int) -> None:
    demand = Demand(load, 60, 60)
    before, after = (staffing.measure(demand, n, within_s=within_s) for n in (agents, agents + 1))
    assert after.service_level >= before.service_level
    assert after.asa_s <= before.asa_s
    assert after.occupancy <= before.occupancy
    assert 0 <= after.service_level <= 1
    assert 0 <= after.wait_probability <= 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"calls": -1}, "too_small"),
        ({"calls": math.nan}, "not_finite"),
        ({"calls": 10**400}, "not_finite"),
        ({"calls": "many"}, "not_a_number"),
        ({"calls": True}, "not_a_number"),
        ({"interval_s": 0}, "interval_empty"),
        ({"aht_s": None}, "field_missing"),
        ({"target": 80}, "too_large"),
        ({"target": 1.01}, "too_large"),
        ({"target": 1}, "target_never_reached"),
        ({"agents": 2.5}, "not_whole"),
        ({"agents": 10_001}, "too_many_agents"),
        ({"max_occupancy": 0}, "too_many_agents"),
        ({"shrinkage": 0.3}, "field_unknown"),
    ],
)
def test_what_cannot_be_reckoned_is_named_not_guessed(changed: dict[str, object], code: str) -> None:
    question = {"calls": 100, "interval_s": 1800, "aht_s": 180} | changed
    answer = staffing.answer_json(question)
    assert f"'code': '{code}'" in str(answer["error"])


def test_the_command_measures_given_agents_and_searches_otherwise() -> None:
    question = {"calls": 100, "interval_s": 1800, "aht_s": 180}
    assert staffing.answer_json(question | {"agents": 12})["agents"] == 12
    assert staffing.answer_json(question | {"target": 0.8, "within_s": 20})["agents"] == 14


def test_a_wait_without_end_is_null_so_that_the_answer_is_strict_json() -> None:
    answer = staffing.answer_json({"calls": 100, "interval_s": 1800, "aht_s": 180, "agents": 5})
    assert answer["asa_s"] is None
    json.dumps(answer, allow_nan=False)
