"""Schemes, bands, tiers and statements: what is refused, what is earned, and that every figure adds up."""

import json
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import scoring
from huiyin.engines.scoring import Line, MonthScore, Rounding, ScoringError
from huiyin.engines.scoring.exact import WAYS, Way, plain
from huiyin.engines.scoring.wire import check_json, commission_json, pay_json

LINEAR = {"kind": "linear", "zero_at": "60", "full_at": "95"}
ATTITUDE = {"code": "attitude", "weight": "40", "rule": {"kind": "by_hand"}}
AGENT = {
    "code": "agent-monthly",
    "target": "75",
    "raters": {"agent": {"manager": "90", "self": "10"}},
    "indicators": [
        {"code": "resolution", "weight": "60", "rule": LINEAR},
        ATTITUDE,
    ],
}
BANDS = [
    {"below": "75", "pays": "0"},
    {"above": "75", "to": "80", "pays": "200"},
    {"above": "80", "to": "85", "pays": "250"},
    {"above": "85", "to": "90", "pays": "300"},
    {"above": "90", "to": "95", "pays": "400"},
    {"above": "95", "to": "100", "pays": "500"},
]
SHIPPED = {"bands": BANDS, "exactly": {"75": "0"}}
TIERS = [
    {"from": "0", "below": "2500", "rate": "10"},
    {"from": "2500", "below": "5000", "rate": "15"},
    {"from": "5000", "below": "8000", "rate": "20"},
    {"from": "8000", "below": "15000", "rate": "25"},
    {"from": "15000", "rate": "30"},
]
RATED = {
    "role": "agent",
    "measured": {"resolution": "81"},
    "ratings": {"manager": {"attitude": "30"}, "self": {"attitude": "40"}},
}


def only(rule: Mapping[str, object], **more: object) -> dict[str, object]:
    return {"code": "one", "indicators": [{"code": "it", "weight": "100", "rule": rule, **more}]}


def earned(rule: Mapping[str, object], value: str, month: str = "2026-02", **more: object) -> Decimal | None:
    known = scoring.values({"measured": {"it": value}})
    return scoring.score(scoring.scheme(only(rule, **more)), known, month).total


def refusal(work: object, *given: object) -> ScoringError:
    assert callable(work)
    with pytest.raises(ScoringError) as refused:
        work(*given)
    return refused.value


# schemes


def test_weights_that_do_not_add_up_to_a_hundred_are_refused_with_their_sum() -> None:
    indicators = [{"code": code, "weight": "33.3", "rule": LINEAR} for code in "abc"]
    wrong = refusal(scoring.scheme, {"code": "x", "indicators": indicators})
    assert (wrong.code, wrong.params["sum"]) == ("weights_not_100", "99.9")


def test_a_raters_shares_must_add_up_for_every_role() -> None:
    raters = {"agent": {"manager": 90, "self": 10}, "manager": {"general_manager": 90, "self": "5.5"}}
    wrong = refusal(scoring.scheme, {**AGENT, "raters": raters})
    assert wrong.params == {"sum": "95.5", "wanted": "100", "role": "manager"}


def test_the_parts_of_an_indicator_must_add_up_to_its_weight() -> None:
    parts = [
        {"code": code, "weight": weight, "rule": LINEAR} for code, weight in (("a", 2), ("b", 7), ("c", 4))
    ]
    rest = {"code": "rest", "weight": 88, "rule": LINEAR}
    scheme = {"code": "x", "indicators": [{"code": "opening", "weight": 12, "parts": parts}, rest]}
    wrong = refusal(scoring.scheme, scheme)
    assert (wrong.code, wrong.params["sum"], wrong.params["indicator"]) == (
        "parts_not_weight",
        "13",
        "opening",
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4000), min_size=1, max_size=6))
def test_a_scheme_is_accepted_exactly_when_its_weights_are_a_hundred(cents: list[int]) -> None:
    indicators = [
        {"code": f"i{at}", "weight": str(Decimal(cent) / 100), "rule": LINEAR}
        for at, cent in enumerate(cents)
    ]
    try:
        scoring.scheme({"code": "x", "indicators": indicators})
        accepted = True
    except ScoringError as refused:
        accepted = False
        assert Decimal(str(refused.params["sum"])) * 100 == sum(cents)
    assert accepted == (sum(cents) == 10_000)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"kind": "linear", "zero_at": 5, "full_at": 5}, "linear_without_length"),
        ({"kind": "steps", "steps": []}, "steps_empty"),
        ({"kind": "steps", "steps": [{"at": 1, "points": 101}]}, "points_out_of_range"),
        ({"kind": "steps", "steps": [{"at": 1, "points": 5}, {"at": 1, "points": 6}]}, "step_twice"),
        ({"kind": "steps", "steps": [{"at": 1, "points": 5}, {"at": 2, "points": 4}]}, "step_backwards"),
        ({"kind": "per_item", "each": 1, "least": 9, "most": 3}, "bounds_crossed"),
        ({"kind": "formula"}, "not_a_choice"),
        ({"kind": "linear", "zero_at": "1e400", "full_at": 5}, "too_many_digits"),
        ({"kind": "linear", "zero_at": "a lot", "full_at": 5}, "not_a_decimal"),
        ({"kind": "linear", "zero_at": True, "full_at": 5}, "not_a_decimal"),
        ({"kind": "linear", "full_at": 5}, "field_missing"),
        ({"kind": "linear", "zero_at": 1, "full_at": 5, "curve": 2}, "field_unknown"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_when_built(rule: Mapping[str, object], code: str) -> None:
    assert refusal(scoring.scheme, only(rule)).code == code


def test_indicators_nest_four_deep_and_no_deeper() -> None:
    def nested(depth: int) -> dict[str, object]:
        inner = {"rule": LINEAR} if depth == 1 else {"parts": [nested(depth - 1)]}
        return {"code": f"level{depth}", "weight": 100, **inner}

    assert scoring.scheme({"code": "x", "indicators": [nested(4)]})
    assert refusal(scoring.scheme, {"code": "x", "indicators": [nested(5)]}).code == "too_deep"


@pytest.mark.parametrize("target", ["0", "-1", {"usual": "80", "02": "0"}])
def test_a_target_is_positive(target: object) -> None:
    assert refusal(scoring.scheme, {**AGENT, "target": target}).code == "target_not_positive"


@pytest.mark.parametrize("period", ["00", "13", "Q0", "Q5", "2026", "2026-00", "2026-13", "2026-Q5", "usual"])
def test_a_period_that_does_not_exist_is_refused(period: str) -> None:
    assert refusal(scoring.scheme, {**AGENT, "exempt_months": [period]}).code == "not_a_period"


@pytest.mark.parametrize("period", ["01", "09", "10", "12", "Q1", "Q4", "2026-12", "2026-Q4"])
def test_periods_of_one_year_or_of_every_year_are_known(period: str) -> None:
    assert scoring.scheme({**AGENT, "exempt_months": [period]}).exempt_months == {period}


def test_a_small_addition_still_starts_from_nothing() -> None:
    assert earned({"kind": "per_item", "each": "0.5"}, "3") == Decimal("1.5")


def test_targets_below_one_are_fine() -> None:
    assert scoring.scheme({**AGENT, "target": "0.5"}).target.of("2026-02") == Decimal("0.5")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("1" * 13, "too_many_digits"),
        ("0.0000001", "too_many_digits"),
        ("1." + "0" * 100_000, "too_many_digits"),
        ("1e-999999", "too_many_digits"),
        (10**5000, "not_a_decimal"),
        ("NaN", "not_a_decimal"),
        ("Infinity", "not_a_decimal"),
        ("", "not_a_decimal"),
        ([1], "not_a_decimal"),
    ],
    ids=range(9),
)
def test_a_number_that_is_none_or_too_long_is_refused(number: object, code: str) -> None:
    wrong = refusal(scoring.scheme, {**AGENT, "target": number})
    assert wrong.code == code
    assert len(str(wrong.params)) < 200


@pytest.mark.parametrize("number", ["999999999999.999999", "0.000001", "1e3", 7, 0.1])
def test_the_longest_numbers_are_kept_exactly(number: str | float) -> None:
    assert scoring.scheme({**AGENT, "target": number}).target.usual == Decimal(str(number))


def test_the_same_indicator_twice_is_refused() -> None:
    twice = [{"code": "a", "weight": 50, "rule": LINEAR}] * 2
    assert refusal(scoring.scheme, {"code": "x", "indicators": twice}).code == "indicator_twice"


# rules


def test_a_linear_rule_gives_its_share_between_its_ends_and_no_more() -> None:
    assert [earned(LINEAR, value) for value in ("50", "60", "77.5", "95", "100")] == [0, 0, 50, 100, 100]


def test_a_linear_rule_may_reward_small_values() -> None:
    quick = {"kind": "linear", "zero_at": "60", "full_at": "30"}
    assert [earned(quick, value) for value in ("70", "45", "30", "10")] == [0, 50, 100, 100]


def test_a_step_is_reached_by_its_very_value() -> None:
    steps = {"kind": "steps", "steps": [{"at": "95", "points": "100"}, {"at": "90", "points": "60"}]}
    assert [earned(steps, value) for value in ("89.99", "90", "94.99", "95")] == [0, 60, 60, 100]


def test_steps_may_reward_small_values() -> None:
    steps = {
        "kind": "steps",
        "better": "lower",
        "steps": [{"at": 30, "points": 100}, {"at": 60, "points": 40}],
    }
    assert [earned(steps, value) for value in ("30", "31", "60", "61")] == [100, 40, 40, 0]


def test_deductions_start_from_the_weight_and_stop_at_nothing() -> None:
    missed = {"kind": "per_item", "each": "-30"}
    assert [earned(missed, value) for value in ("0", "1", "4")] == [100, 70, 0]


def test_additions_start_from_nothing_and_stop_at_the_most() -> None:
    added = {"kind": "per_item", "each": "15", "most": "40"}
    assert [earned(added, value) for value in ("0", "2", "9")] == [0, 30, 40]


def test_a_negative_count_is_refused() -> None:
    assert refusal(earned, {"kind": "per_item", "each": "1"}, "-1").code == "count_negative"


def test_targets_may_differ_by_month_and_the_most_particular_one_counts() -> None:
    attained = {"kind": "linear", "zero_at": "0", "full_at": "100"}
    target = {"usual": "80", "02": "40", "2027-02": "20"}
    by_month = {
        month: earned(attained, "20", month, of_target=True, target=target)
        for month in ("2026-01", "2026-02", "2027-02")
    }
    assert by_month == {"2026-01": 25, "2026-02": 50, "2027-02": 100}


def test_a_month_without_a_target_is_said_so() -> None:
    attained = {"kind": "linear", "zero_at": "0", "full_at": "100"}
    built = scoring.scheme(only(attained, of_target=True, target={"02": "40"}))
    wrong = refusal(scoring.score, built, scoring.values({"measured": {"it": 1}}), "2026-03")
    assert (wrong.code, wrong.params["month"]) == ("target_missing", "2026-03")


def test_a_value_is_rounded_half_up_unless_the_scheme_says_otherwise() -> None:
    rule = {"kind": "linear", "zero_at": "0", "full_at": "1000"}
    assert earned(rule, "0.05") == Decimal("0.01")
    even = {**only(rule), "rounding": {"way": "half_even"}}
    known = scoring.values({"measured": {"it": "0.05"}})
    assert scoring.score(scoring.scheme(even), known, "2026-02").total == Decimal("0.00")


# scores


def test_the_total_weighs_each_raters_total_by_its_share() -> None:
    scored = scoring.score(scoring.scheme(AGENT), scoring.values(RATED), "2026-02")
    assert {one.rater: one.total for one in scored.raters} == {"manager": Decimal(66), "self": Decimal(76)}
    assert scored.total == Decimal("67.00")
    assert scored.below


def test_a_score_equal_to_the_target_is_not_below_it() -> None:
    exactly = {**RATED, "ratings": {"manager": {"attitude": "39"}, "self": {"attitude": "39"}}}
    assert not scoring.score(scoring.scheme(AGENT), scoring.values(exactly), "2026-02").below


def test_measured_points_stand_unless_a_rater_explains_a_deviation() -> None:
    changed: dict[str, object] = {"attitude": "30", "resolution": {"points": "40"}}
    silent = {**RATED, "ratings": {"manager": changed, "self": {"attitude": "40"}}}
    wrong = refusal(scoring.score, scoring.scheme(AGENT), scoring.values(silent), "2026-02")
    assert (wrong.code, wrong.params["indicator"]) == ("deviation_unexplained", "resolution")
    changed = {"attitude": "30", "resolution": {"points": "40", "why": "two cases were void"}}
    explained = {**RATED, "ratings": {"manager": changed, "self": {"attitude": "40"}}}
    scored = scoring.score(scoring.scheme(AGENT), scoring.values(explained), "2026-02")
    assert scored.raters[0].parts[0].because.code == "deviation"
    assert scored.raters[0].parts[0].because.params["measured"] == "36"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"role": "director"}, "role_unknown"),
        ({"measured": {}}, "value_missing"),
        ({"measured": {"resolution": 1, "speed": 1}}, "not_measured"),
        ({"ratings": {"manager": {"attitude": 30}}}, "rating_missing"),
        ({"ratings": {"manager": {"attitude": 41}, "self": {"attitude": 1}}}, "points_out_of_range"),
        ({"ratings": {"friend": {"attitude": 30}}}, "rater_unknown"),
        ({"ratings": {"manager": {"manners": 30}}}, "indicator_unknown"),
        ({"exempt": ["manners"]}, "indicator_unknown"),
    ],
)
def test_values_that_do_not_fit_the_scheme_are_refused(changed: dict[str, object], code: str) -> None:
    known = scoring.values({**RATED, **changed})
    assert refusal(scoring.score, scoring.scheme(AGENT), known, "2026-02").code == code


@pytest.mark.parametrize("month", ["2026-13", "2026-Q1", "February"])
def test_a_monthly_scheme_reads_months_only(month: str) -> None:
    wrong = refusal(scoring.score, scoring.scheme(AGENT), scoring.values(RATED), month)
    assert wrong.code == "not_a_period"


def test_exempt_weight_is_spread_over_the_rest() -> None:
    exempt = {**RATED, "exempt": ["resolution"]}
    scored = scoring.score(scoring.scheme(AGENT), scoring.values(exempt), "2026-02")
    assert [one.total for one in scored.raters] == [75, 100]


def test_exempt_weight_may_count_as_earned_instead() -> None:
    scheme = scoring.scheme({**AGENT, "exempt_means": "full"})
    scored = scoring.score(scheme, scoring.values({**RATED, "exempt": ["resolution"]}), "2026-02")
    assert [one.total for one in scored.raters] == [90, 100]


def test_an_indicators_exempt_month_needs_no_value() -> None:
    off = {"code": "resolution", "weight": "60", "rule": LINEAR, "exempt_months": ["02"]}
    scheme = scoring.scheme({**AGENT, "indicators": [off, ATTITUDE]})
    scored = scoring.score(scheme, scoring.values({**RATED, "measured": {}}), "2027-02")
    assert scored.raters[0].total == 75


@pytest.mark.parametrize("change", [{"exempt_months": ["2026-02"]}, {"exempt_months": ["02"]}])
def test_an_exempt_month_has_no_score_and_is_not_below_target(change: dict[str, object]) -> None:
    scored = scoring.score(scoring.scheme({**AGENT, **change}), scoring.values(RATED), "2026-02")
    assert (scored.total, scored.below, scored.because.code) == (None, False, "month_exempt")


def test_when_everything_is_exempt_there_is_no_score() -> None:
    known = scoring.values({"role": "agent", "exempt": ["resolution", "attitude"]})
    scored = scoring.score(scoring.scheme(AGENT), known, "2026-02")
    assert (scored.total, scored.because.code) == (None, "all_exempt")


def test_an_exempt_group_exempts_its_parts() -> None:
    parts = [{"code": code, "weight": 6, "rule": LINEAR} for code in ("call", "letter")]
    rest = {"code": "rest", "weight": 88, "rule": LINEAR}
    scheme = {"code": "x", "indicators": [{"code": "opening", "weight": 12, "parts": parts}, rest]}
    known = scoring.values({"measured": {"rest": "77.5"}, "exempt": ["opening"]})
    assert scoring.score(scoring.scheme(scheme), known, "2026-02").total == 50


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(-50, 2500), st.booleans()), min_size=1, max_size=6),
    st.integers(0, 100),
)
def test_a_score_is_the_exact_weighted_sum_of_rounded_points(
    lines: list[tuple[int, int, bool]], share: int
) -> None:
    rest = 1000 - sum(weight for weight, _, _ in lines)
    weights = [Fraction(weight, 10) for weight, _, _ in lines] + [Fraction(rest, 10)]
    rows = [*lines, (rest, 1000, False)]
    indicators = [
        {
            "code": f"i{at}",
            "weight": str(Decimal(weight) / 10),
            "rule": {"kind": "linear", "zero_at": "0", "full_at": "20"},
        }
        for at, (weight, _, _) in enumerate(rows)
    ]
    scheme = {"code": "x", "indicators": indicators, "raters": {"r": {"a": share, "b": 100 - share}}}
    measured = {f"i{at}": str(Decimal(value) / 100) for at, (_, value, _) in enumerate(rows)}
    exempt = [f"i{at}" for at, (_, _, off) in enumerate(rows) if off]
    known = scoring.values({"role": "r", "measured": measured, "exempt": exempt})
    scored = scoring.score(scoring.scheme(scheme), known, "2026-02")

    def cents(value: Fraction) -> Fraction:
        return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)

    judged = [at for at, (_, _, off) in enumerate(rows) if not off]
    got = Fraction(0)
    for at in judged:
        got += cents(weights[at] * Fraction(min(max(rows[at][1], 0), 2000), 2000))
    one = cents(got * 100 / sum((weights[at] for at in judged), Fraction(0)))
    assert scored.total is not None
    assert Fraction(scored.total) == cents((share * one + (100 - share) * one) / 100)


# bands


@pytest.mark.parametrize(
    ("score", "amount"),
    [
        ("0", 0),
        ("74.99", 0),
        ("75", 0),
        ("75.01", 200),
        ("80", 200),
        ("80.01", 250),
        ("85", 250),
        ("90", 300),
        ("90.01", 400),
        ("95", 400),
        ("95.01", 500),
        ("100", 500),
    ],
)
def test_a_band_excludes_its_minimum_and_includes_its_maximum(score: str, amount: int) -> None:
    assert scoring.pay(scoring.bands(SHIPPED), Decimal(score)).amount == amount


def test_what_exactly_75_gets_must_be_stated() -> None:
    wrong = refusal(scoring.bands, BANDS)
    assert (wrong.code, wrong.params) == ("value_unstated", {"value": "75"})


def test_what_exactly_75_gets_may_not_be_stated_twice() -> None:
    wrong = refusal(
        scoring.bands, {"bands": [{"to": "75", "pays": "0"}, *BANDS[1:]], "exactly": {"75": "200"}}
    )
    assert (wrong.code, wrong.params["value"]) == ("overlap", "75")


def test_a_gap_is_named_with_a_value_that_nobody_pays() -> None:
    wrong = refusal(scoring.bands, {**SHIPPED, "bands": [*BANDS[:3], *BANDS[4:]]})
    assert (wrong.code, wrong.params) == ("gap", {"value": "90", "range": "(85, 90]"})


def test_an_overlap_is_named_with_a_value_that_two_bands_pay() -> None:
    wider = {"above": "80", "to": "86", "pays": "250"}
    wrong = refusal(scoring.bands, {**SHIPPED, "bands": [*BANDS[:2], wider, *BANDS[3:]]})
    assert (wrong.code, wrong.params) == ("overlap", {"value": "86", "range": "(85, 86]"})


def test_overlaps_without_an_end_are_named_with_a_value_too() -> None:
    high = [{"to": 80, "pays": 0}, {"above": 80, "pays": 1}, {"above": 90, "pays": 2}]
    assert refusal(scoring.bands, high).params == {"value": "91", "range": "(90, ∞)"}
    low = [{"below": 75, "pays": 0}, {"below": 80, "pays": 1}]
    assert refusal(scoring.bands, low).params == {"value": "74", "range": "(-∞, 75)"}


def test_bands_must_reach_a_hundred_and_begin_at_nothing() -> None:
    assert refusal(scoring.bands, {**SHIPPED, "bands": BANDS[:-1]}).params["range"] == "(95, 100]"
    late = {"bands": [{"above": "0", "to": "100", "pays": "1"}]}
    assert refusal(scoring.bands, late).params["value"] == "0"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(1, 9), max_size=3, unique=True),
    st.lists(st.sampled_from(["to", "to", "to", "below"]), min_size=4, max_size=4),
    st.lists(st.integers(0, 10), max_size=2, unique=True),
    st.lists(st.sampled_from([0, 0, 0, 0, -1, 1]), min_size=4, max_size=4),
)
def test_bands_are_accepted_exactly_when_every_score_is_paid_once(
    edges: list[int], ends: list[str], exactly: list[int], shifts: list[int]
) -> None:
    tops = [*sorted(edges), 10]
    rows: list[dict[str, str]] = []
    for at, top in enumerate(tops):
        row = {ends[at]: str(top * 10), "pays": str(at)}
        if at:
            row["above"] = str((tops[at - 1] + shifts[at]) * 10)
        rows.append(row)

    def paying(twentieth: int) -> int:
        score = twentieth * 5
        found = sum(at * 10 == score for at in exactly)
        for row in rows:
            low = int(row.get("above", "-1"))
            inside = score <= int(row["to"]) if "to" in row else score < int(row["below"])
            found += low < score and inside
        return found

    paid_once = all(paying(at) == 1 for at in range(21)) and all(
        int(row.get("above", "-1")) < int(row.get("to", row.get("below", ""))) for row in rows
    )
    try:
        built = scoring.bands({"bands": rows, "exactly": {str(at * 10): "7" for at in exactly}})
    except ScoringError as refused:
        assert not paid_once, refused
        if refused.code in {"gap", "value_unstated", "overlap"}:
            count = paying(int(Decimal(str(refused.params["value"])) / 5))
            assert count > 1 if refused.code == "overlap" else count == 0
    else:
        assert paid_once
        assert all(scoring.pay(built, Decimal(at * 5)) for at in range(21))


def test_nothing_is_paid_while_an_amount_is_left_open() -> None:
    bands = scoring.bands({**SHIPPED, "bands": [*BANDS[:-1], {"above": "95", "to": "100", "pays": None}]})
    assert [span.text() for span in bands.unfilled] == ["(95, 100]"]
    assert refusal(scoring.pay, bands, Decimal(80)).code == "amount_unfilled"


def test_a_score_beyond_a_hundred_is_refused() -> None:
    assert refusal(scoring.pay, scoring.bands(SHIPPED), Decimal("100.01")).code == "out_of_range"


# commissions


@pytest.mark.parametrize(
    ("received", "amount"),
    [
        ("0", "0"),
        ("2499.99", "250.00"),
        ("2500", "375"),
        ("4999.99", "750.00"),
        ("5000", "1000"),
        ("8000", "2000"),
        ("14999.99", "3750.00"),
        ("15000", "4500"),
        ("15000.05", "4500.02"),
    ],
)
def test_the_rate_of_the_tier_reached_applies_to_the_whole_amount(received: str, amount: str) -> None:
    assert scoring.commission(scoring.tiers(TIERS), Decimal(received)).amount == Decimal(amount)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 3_000_000))
def test_marginal_commission_gives_each_tier_its_own_part(cents: int) -> None:
    received = Fraction(cents, 100)
    earned_now = scoring.commission(scoring.tiers(TIERS), Decimal(cents) / 100, marginal=True)
    expected = Fraction(0)
    for tier in TIERS:
        low, high = Fraction(tier["from"]), Fraction(tier.get("below", "1000000000"))
        inside = max(min(received, high) - low, Fraction(0))
        expected += Fraction((inside * int(tier["rate"]) + Fraction(1, 2)).__floor__(), 100)
    assert Fraction(earned_now.amount) == expected
    assert sum(one.amount for one in earned_now.slices) == earned_now.amount
    assert sum(one.base for one in earned_now.slices) == earned_now.received


def test_the_managers_base_is_what_the_team_received_together() -> None:
    base = scoring.team_received({"a": Decimal("2600.10"), "b": Decimal("2400.20"), "c": Decimal("-0.30")})
    assert base == Decimal(5000)
    rates = [{**tier, "rate": str(at)} for at, tier in enumerate(TIERS, start=1)]
    assert scoring.commission(scoring.tiers(rates), base).amount == 150


@pytest.mark.parametrize(
    ("tiers", "code", "value"),
    [
        (TIERS[1:], "gap", "0"),
        (TIERS[:-1], "gap", "15000"),
        ([*TIERS[:2], *TIERS[3:]], "gap", "5000"),
        ([*TIERS[:1], {**TIERS[1], "from": "2499"}, *TIERS[2:]], "overlap", "2499"),
    ],
)
def test_tiers_cover_every_amount_once(tiers: list[dict[str, str]], code: str, value: str) -> None:
    wrong = refusal(scoring.tiers, tiers)
    assert (wrong.code, wrong.params["value"]) == (code, value)


def test_an_empty_tier_and_negative_receipts_are_refused() -> None:
    turned = [{"from": "0", "below": "0", "rate": "1"}, {"from": "0", "rate": "1"}]
    assert refusal(scoring.tiers, turned).code == "range_empty"
    assert refusal(scoring.commission, scoring.tiers(TIERS), Decimal(-1)).code == "too_small"


@settings(max_examples=150, deadline=None)
@given(
    st.fractions(min_value=-1000, max_value=1000, max_denominator=2000),
    st.sampled_from(["0.01", "0.05", "0.1", "1", "10"]),
    st.sampled_from(WAYS),
)
def test_rounding_agrees_with_decimal_arithmetic_of_great_precision(
    value: Fraction, to: str, way: Way
) -> None:
    with localcontext() as context:
        context.prec = 60
        steps = Decimal(value.numerator) / Decimal(value.denominator) / Decimal(to)
        expected = steps.to_integral_value(rounding=f"ROUND_{way.upper()}") * Decimal(to)
    with localcontext() as context:
        context.prec = 1
        rounded = Rounding(Decimal(to), way).apply(value)
    assert rounded == expected


# months below target


def months(*scores: str | None) -> list[MonthScore]:
    return [
        MonthScore(f"2026-{at:02}", None if score is None else Decimal(score), Decimal(75))
        for at, score in enumerate(scores, start=1)
    ]


def test_three_months_below_target_in_total_raise_a_notice() -> None:
    found = scoring.below_target(months("70", "80", "74.99", "75", "60"))
    assert found is not None
    assert found.months == ("2026-01", "2026-03", "2026-05")
    assert scoring.below_target(months("70", "80", "74.99", "75", "75")) is None


def test_in_a_row_a_good_month_begins_anew_and_an_exempt_one_does_not() -> None:
    assert scoring.below_target(months("70", "70", "80", "70"), in_a_row=True) is None
    found = scoring.below_target(months("80", "70", "70", None, "70"), in_a_row=True)
    assert found is not None
    assert found.months == ("2026-02", "2026-03", "2026-05")


def test_a_month_without_a_score_breaks_the_row() -> None:
    scores = months("70", "70", "70", "70")
    assert scoring.below_target([scores[0], scores[2], scores[3]], in_a_row=True) is None


@pytest.mark.parametrize(("count", "window"), [(0, 12), (3, 2)])
def test_a_window_too_short_for_the_count_is_refused(count: int, window: int) -> None:
    with pytest.raises(ScoringError) as wrong:
        scoring.below_target(months("70"), count=count, window=window)
    assert wrong.value.code == "window_too_short"


def test_a_month_twice_and_no_month_at_all() -> None:
    assert refusal(scoring.below_target, [*months("70"), *months("70")]).code == "month_twice"
    assert scoring.below_target([]) is None


def test_months_before_the_window_are_forgotten() -> None:
    scores = months("70", "70", "80", "80", "80", "70")
    assert scoring.below_target(scores, window=6) is not None
    assert scoring.below_target(scores, window=5) is None


# statements and the commands


def total(line: Line) -> Decimal:
    return sum((one.value or Decimal(0) for one in line.lines), Decimal(0))


def test_every_figure_of_a_statement_is_the_sum_of_the_lines_below_it() -> None:
    scored = scoring.score(scoring.scheme(AGENT), scoring.values(RATED), "2026-02")
    assert scored.total is not None
    paid = scoring.pay(scoring.bands(SHIPPED), Decimal(88))
    earned_now = scoring.commission(scoring.tiers(TIERS), Decimal(6000), marginal=True)
    page = scoring.statement(Decimal(4000), scored=scored, pay=paid, commission=earned_now)
    assert page.value == 4000 + 300 + (250 + 375 + 200)
    assert page.value == total(page)
    performance, commission = page.lines[1:]
    assert commission.value == total(commission)
    (score,) = performance.lines
    assert [rater.value for rater in score.lines] == [total(rater) for rater in score.lines]


def test_a_statement_without_pay_shows_the_score_and_pays_the_base() -> None:
    nothing = scoring.score(
        scoring.scheme({**AGENT, "exempt_months": ["02"]}), scoring.values(RATED), "2026-02"
    )
    page = scoring.statement(Decimal("4000.005"), scored=nothing)
    assert page.value == Decimal("4000.01")
    assert [(line.label, line.value) for line in page.lines] == [
        ("base", Decimal("4000.01")),
        ("performance", Decimal("0.00")),
    ]
    assert page.lines[1].lines[0].formula.code == "month_exempt"


def test_figures_are_shown_as_people_write_them() -> None:
    shown = [plain(Decimal(text)) for text in ("-0.00", "1E+2", "12.50", "0.10", "-7")]
    assert shown == ["0", "100", "12.5", "0.1", "-7"]
    assert plain(Fraction(1, 3)) == "0.333333"


def test_check_answers_everything_that_is_wrong_at_once() -> None:
    answer = check_json({"scheme": {"code": "x", "indicators": []}, "bands": BANDS, "tiers": TIERS[1:]})
    assert answer["ok"] is False
    wrong = answer["wrong"]
    assert isinstance(wrong, list)
    assert {(one["of"], one["code"]) for one in wrong} == {
        ("scheme", "weights_not_100"),
        ("bands", "value_unstated"),
        ("tiers", "gap"),
    }


def test_check_states_what_the_edges_get() -> None:
    answer = check_json({"bands": SHIPPED})
    assert answer["edges"] == {"75": "0", "80": "200", "85": "250", "90": "300", "95": "400", "100": "500"}


def test_the_commands_answer_figures_as_strings_and_refusals_as_errors() -> None:
    case = {"scheme": AGENT, "values": RATED, "month": "2026-02", "bands": SHIPPED}
    paid = pay_json(case)
    assert (paid["score"], paid["amount"]) == ("67", "0.00")
    assert pay_json({"bands": SHIPPED, "score": 82.5})["amount"] == "250.00"
    assert commission_json({"tiers": TIERS, "received": "5000"})["amount"] == "1000.00"
    assert commission_json({"tiers": TIERS, "received": {"a": "2000", "b": 3000}})["amount"] == "1000.00"
    assert pay_json({"bands": BANDS, "score": "80"}) == {
        "error": {"code": "value_unstated", "params": {"value": "75"}}
    }
    json.dumps([paid, check_json(case)], allow_nan=False)


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["bands", "tiers", "scheme", "values", "month", "code", "indicators", "from", "to"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(nonsense)
def test_nonsense_is_answered_never_raised(given_value: object) -> None:
    for command in (check_json, pay_json, commission_json):
        assert isinstance(command(given_value), dict)
