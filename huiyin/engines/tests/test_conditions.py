"""Conditions as data: what is refused when built, what holds, and what is given as the reason."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huiyin.engines import conditions
from huiyin.engines.conditions import Condition, ConditionError, Fact, FactType

FACTS = {
    fact.name: fact
    for fact in [
        Fact("subject", FactType.TEXT, "subject_folded"),
        Fact("attempts", FactType.NUMBER, "attempts"),
        Fact("paid", FactType.MONEY, "paid"),
        Fact("bought_on", FactType.DATE, "bought_on"),
        Fact("opened_at", FactType.MOMENT, "opened_at"),
        Fact("waited", FactType.DURATION, "waited_s"),
        Fact("customer.level", FactType.CHOICE, "customer__level", frozenset({"normal", "vip"})),
        Fact("tags", FactType.SET, "tags"),
        Fact("on_site", FactType.YES_NO, "on_site"),
        Fact("mood", FactType.CHOICE, None, frozenset({"calm", "upset"})),
    ]
}


def built(data: object) -> Condition:
    return conditions.build(data, FACTS)


def leaf(fact: str, op: str, *value: object) -> dict[str, object]:
    return {"fact": fact, "op": op, **({"value": value[0]} if value else {})}


def refusal(data: object) -> tuple[str, str]:
    with pytest.raises(ConditionError) as caught:
        built(data)
    return caught.value.path, caught.value.code


VIP = leaf("customer.level", "is", "vip")
TYPED = [
    (leaf("subject", "contains", "Refund"), "ＲＥＦＵＮＤ please", "repair"),
    (leaf("subject", "starts_with", "re:"), "RE: order", "order"),
    (leaf("subject", "is", "hello"), "Hello", "hello!"),
    (leaf("subject", "any_of", ["a", "B"]), "b", "c"),
    (leaf("attempts", "less", 3), 2, 3),
    (leaf("attempts", "between", [1, 2.5]), Decimal("2.5"), Decimal("2.6")),
    (leaf("paid", "at_least", "99.90"), Decimal("99.9"), Decimal("99.89")),
    (leaf("bought_on", "more", "2026-03-01"), date(2026, 3, 2), date(2026, 3, 1)),
    (
        leaf("opened_at", "at_most", "2026-03-02T09:00+08:00"),
        datetime(2026, 3, 2, 1, tzinfo=UTC),
        datetime(2026, 3, 2, 1, 0, 1, tzinfo=UTC),
    ),
    (leaf("waited", "more", "1h30m"), timedelta(minutes=91), timedelta(minutes=90)),
    (leaf("customer.level", "any_of", ["vip"]), "vip", "normal"),
    (leaf("tags", "has", "gift"), frozenset({"gift", "late"}), frozenset({"late"})),
    (leaf("tags", "has_any", ["gift", "new"]), frozenset({"gift"}), frozenset({"late"})),
    (leaf("tags", "has_all", ["gift", "new"]), frozenset({"gift", "new"}), frozenset({"gift"})),
    (leaf("on_site", "is", False), False, True),
]


@pytest.mark.parametrize(("data", "fitting", "other"), TYPED)
def test_each_operator_tells_values_of_its_type_apart(
    data: dict[str, str], fitting: object, other: object
) -> None:
    condition = built(data)
    assert condition.holds({data["fact"]: fitting})
    assert not condition.holds({data["fact"]: other})
    assert not condition.holds({})


@pytest.mark.parametrize(
    ("denying", "affirming"),
    [
        (leaf("subject", "is_not", "x"), leaf("subject", "is", "x")),
        (leaf("subject", "contains_not", "x"), leaf("subject", "contains", "x")),
        (leaf("subject", "none_of", ["x", "y"]), leaf("subject", "any_of", ["x", "y"])),
        (leaf("subject", "unknown"), leaf("subject", "known")),
    ],
)
@pytest.mark.parametrize("value", ["x", "xy", "z", "", None])
def test_an_operator_that_denies_is_the_exact_opposite_also_for_the_unknown(
    denying: object, affirming: object, value: str | None
) -> None:
    values = {"subject": value}
    assert built(denying).holds(values) is not built(affirming).holds(values)


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        ([], "", "not_a_condition"),
        ({}, "", "fact_missing"),
        ({"all": []}, "all", "empty"),
        ({"any": "x"}, "any", "not_a_list"),
        ({"all": [VIP], "any": [VIP]}, "any", "unknown_key"),
        ({"not": VIP, "fact": "subject"}, "fact", "unknown_key"),
        (
            {"all": [VIP, {"any": [{"not": leaf("price", "is", 1)}]}]},
            "all[1].any[0].not.fact",
            "unknown_fact",
        ),
        ({"all": [VIP, leaf("subject", "less", "x")]}, "all[1].op", "operator_not_of_type"),
        ({"fact": "subject", "value": "x"}, "op", "operator_not_of_type"),
        ({**VIP, "_connector": "OR"}, "_connector", "unknown_key"),
        (leaf("subject", "known", True), "value", "unknown_key"),
        (leaf("subject", "contains"), "value", "value_missing"),
        (leaf("subject", "contains", ""), "value", "text_length"),
        (leaf("subject", "contains", "x" * 501), "value", "text_length"),
        (leaf("subject", "is", "a\0b"), "value", "not_text"),
        (leaf("subject", "is", "\ud800"), "value", "not_text"),
        (leaf("attempts", "less", True), "value", "not_a_number"),
        (leaf("attempts", "less", "1e5"), "value", "not_a_number"),
        (leaf("attempts", "less", float("nan")), "value", "number_range"),
        (leaf("attempts", "less", "1234567890123456"), "value", "number_range"),
        (leaf("attempts", "less", "0.1234567"), "value", "too_many_places"),
        (leaf("paid", "less", 9.5), "value", "not_a_number"),
        (leaf("paid", "less", "9.501"), "value", "too_many_places"),
        (leaf("paid", "between", [2, 1]), "value", "not_a_range"),
        (leaf("paid", "between", [1]), "value", "not_a_range"),
        (leaf("bought_on", "is", "2026-02-30"), "value", "not_a_date"),
        (leaf("opened_at", "less", "2026-03-02T09:00"), "value", "zone_missing"),
        (leaf("opened_at", "less", "soon"), "value", "not_a_moment"),
        (leaf("opened_at", "less", "0001-01-01T00:00+14:00"), "value", "year_range"),
        (leaf("bought_on", "is", "0206-03-02"), "value", "year_range"),
        (leaf("waited", "more", "an hour"), "value", "not_a_duration"),
        (leaf("waited", "more", "99999d"), "value", "duration_range"),
        (leaf("customer.level", "any_of", ["vip", "gold"]), "value[1]", "not_a_choice"),
        (leaf("tags", "has_any", []), "value", "empty"),
        (leaf("on_site", "is", "yes"), "value", "not_yes_or_no"),
    ],
)
def test_what_could_not_be_evaluated_is_refused_at_the_place_where_it_stands(
    data: object, path: str, code: str
) -> None:
    assert refusal(data) == (path, code)


@pytest.mark.parametrize(
    "key",
    ["__class__", "_connector", "_negated", "customer__level", "paid__gt", "subject__regex", "pk", "", "*"],
)
def test_a_column_or_a_lookup_is_never_taken_for_a_fact(key: str) -> None:
    assert refusal(leaf(key, "is", "vip")) == ("fact", "unknown_fact")
    assert refusal({key: "vip"}) == (key, "unknown_key")


def test_depth_and_size_are_limited() -> None:
    deep: dict[str, Any] = VIP
    for _ in range(conditions.MAX_DEPTH - 1):
        deep = {"not": deep}
    assert built(deep)
    assert refusal({"not": deep})[1] == "too_deep"
    assert built({"all": [VIP] * conditions.MAX_LEAVES})
    assert refusal({"all": [VIP] * (conditions.MAX_LEAVES + 1)}) == ("all", "too_large")
    assert refusal({"all": [{"any": [VIP] * 101}, {"any": [VIP] * 100}]}) == ("all[1].any[99]", "too_large")


@pytest.mark.parametrize(
    ("data", "values", "deciding"),
    [
        ({"all": [VIP, leaf("attempts", "less", 3)]}, {"attempts": 5}, [("fails", "all[0]")]),
        ({"any": [VIP, leaf("attempts", "less", 3)]}, {"attempts": 1}, [("holds", "any[1]")]),
        (
            {"any": [VIP, leaf("attempts", "less", 3)]},
            {"attempts": 3},
            [("fails", "any[0]"), ("fails", "any[1]")],
        ),
        ({"not": {"any": [VIP, leaf("on_site", "is", True)]}}, {"on_site": True}, [("holds", "not.any[1]")]),
    ],
)
def test_the_leaves_that_decided_are_named(
    data: object, values: dict[str, object], deciding: list[tuple[str, str]]
) -> None:
    explained = built(data).explain(values)
    assert [(reason.code, reason.params["path"]) for reason in explained.because] == deciding


def test_text_folded_beforehand_compares_like_the_text_itself() -> None:
    condition = built(leaf("subject", "contains", "Refund"))
    assert condition.holds({"subject": conditions.folded("ＲＥＦＵＮＤ")})
    assert type(condition.to_data()["value"]) is str


def test_a_reason_tells_what_was_wanted_and_not_what_was_found() -> None:
    explained = built(leaf("subject", "any_of", ["b", "a"])).explain({"subject": "private words"})
    assert explained.because[0].params == {"path": "", "fact": "subject", "op": "any_of", "value": "a, b"}


def test_a_value_of_the_wrong_type_is_the_mistake_of_the_caller() -> None:
    for values in ({"attempts": "3"}, {"attempts": True}, {"attempts": Decimal("NaN")}):
        with pytest.raises(TypeError, match="attempts"):
            built(leaf("attempts", "less", 3)).holds(values)
    with pytest.raises(TypeError, match="opened_at"):
        built(leaf("opened_at", "less", "2026-03-02T09:00Z")).holds({"opened_at": datetime(2026, 3, 2)})


def test_a_condition_names_the_facts_it_asks_about() -> None:
    assert built({"all": [VIP, {"not": leaf("tags", "has", "x")}]}).facts() == {"customer.level", "tags"}


@pytest.mark.parametrize("data", [data for data, _, _ in TYPED])
def test_the_written_form_is_stable_and_builds_an_equal_condition(data: object) -> None:
    condition = built({"any": [{"not": data}, VIP]})
    assert built(condition.to_data()) == condition
    assert built(condition.to_data()).to_data() == condition.to_data()


@pytest.mark.parametrize("name", ["", "_x", "a__b", "a.", "A", "a b", "customer..level"])
def test_a_fact_with_a_name_that_could_mean_something_else_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        Fact(name, FactType.TEXT)


def test_a_choice_without_choices_and_choices_without_a_choice_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing to choose"):
        Fact("level", FactType.CHOICE)
    with pytest.raises(ValueError, match="takes no choices"):
        Fact("level", FactType.TEXT, choices=frozenset({"x"}))


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(sorted(FACTS))
)
WORDS = st.sampled_from(
    ["all", "any", "not", "fact", "op", "value", "__class__", "_connector", "less", "is", "has"]
)
JUNK = st.recursive(
    SCALARS | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JUNK)
@example({"fact": ["subject"], "op": "is", "value": "x"})
@example({"fact": "subject", "op": ["is"], "value": "x"})
@example({1: 2})
def test_anything_given_is_either_built_or_refused_in_the_one_way(data: object) -> None:
    try:
        condition = built(data)
    except ConditionError as refused:
        assert refused.code
    else:
        assert built(condition.to_data()) == condition
