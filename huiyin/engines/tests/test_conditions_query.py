"""A condition tried on stored rows answers as it does on values: checked with SQL and with a slow reading."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import conditions
from huiyin.engines.conditions import Compare, Comparison, Condition, ConditionError, Fact, FactType, Query

START = datetime(2026, 3, 2, tzinfo=UTC)
FACTS = {
    fact.name: fact
    for fact in [
        Fact("words", FactType.TEXT, "t"),
        Fact("count", FactType.NUMBER, "n"),
        Fact("sum", FactType.MONEY, "p"),
        Fact("day", FactType.DATE, "d"),
        Fact("moment", FactType.MOMENT, "m"),
        Fact("span", FactType.DURATION, "u"),
        Fact("level", FactType.CHOICE, "c", frozenset({"a", "b", "c"})),
        Fact("tags", FactType.SET, "s"),
        Fact("yes", FactType.YES_NO, "y"),
    ]
}
FEW: dict[str, st.SearchStrategy[Any]] = {
    "words": st.sampled_from(["a", "B", "ab", "a%b", "_", "投诉", "我要投诉", "Ａ"]),
    "count": st.integers(-2, 2),
    "sum": st.sampled_from(["0", "1.50", "2.00", "-1"]),
    "day": st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-03"]),
    "moment": st.sampled_from(["2026-03-02T08:00+08:00", "2026-03-02T01:00Z", "2026-03-02T00:30Z"]),
    "span": st.sampled_from(["1h", "60m", "90s", "1d"]),
    "level": st.sampled_from(["a", "b", "c"]),
    "tags": st.sampled_from(["a", "b", "c"]),
    "yes": st.booleans(),
}
VALUES = st.fixed_dictionaries(
    {
        "words": st.none() | st.just("") | FEW["words"],
        "count": st.none() | FEW["count"],
        "sum": st.none() | FEW["sum"].map(Decimal),
        "day": st.none() | FEW["day"].map(date.fromisoformat),
        "moment": st.none() | FEW["moment"].map(datetime.fromisoformat),
        "span": st.none()
        | st.sampled_from([3600, 90, 86400, 0]).map(lambda seconds: timedelta(seconds=seconds)),
        "level": st.none() | FEW["level"],
        "tags": st.none() | st.frozensets(FEW["tags"]),
        "yes": st.none() | FEW["yes"],
    }
)


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, object]:
    fact = draw(st.sampled_from(sorted(FACTS)))
    op = draw(st.sampled_from(conditions.operators_for(FACTS[fact]))).value
    if op in ("known", "unknown"):
        return {"fact": fact, "op": op}
    if op == "between":
        low, high = draw(FEW[fact]), draw(FEW[fact])
        in_order = conditions.build({"fact": fact, "op": "at_most", "value": high}, FACTS)
        written = [low, high] if in_order.holds({fact: typed(fact, low)}) else [high, low]
        return {"fact": fact, "op": op, "value": written}
    several = op in ("any_of", "none_of", "has_any", "has_all", "has_none")
    return {"fact": fact, "op": op, "value": draw(st.lists(FEW[fact], min_size=1) if several else FEW[fact])}


DATA = st.recursive(
    leaves(),
    lambda inner: (
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=6,
)


def build(data: dict[str, object]) -> Condition | None:
    """The condition, or None for the few that are deeper than allowed."""
    try:
        return conditions.build(data, FACTS)
    except ConditionError as refused:
        assert refused.code == "too_deep"
        return None


@pytest.fixture(scope="module")
def rows() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE rows (t TEXT, n INT, p INT, d TEXT, m TEXT, u INT, c TEXT, s TEXT, y INT)"
    )
    return connection


@settings(max_examples=400, deadline=None)
@given(data=DATA, values=VALUES)
def test_sql_made_from_the_query_finds_a_row_exactly_when_the_condition_holds(
    rows: sqlite3.Connection, data: dict[str, object], values: dict[str, object]
) -> None:
    condition = build(data)
    if condition is None:
        return
    rows.execute("DELETE FROM rows")
    rows.execute("INSERT INTO rows VALUES (?,?,?,?,?,?,?,?,?)", [stored(values[name]) for name in FACTS])
    where, parameters = sql(condition.to_query())
    found = rows.execute(f"SELECT 1 FROM rows WHERE {where}", parameters).fetchone()
    assert (found is not None) is condition.holds(values)


@settings(max_examples=300, deadline=None)
@given(data=DATA, values=VALUES)
def test_a_condition_holds_exactly_when_its_written_form_read_slowly_does(
    data: dict[str, object], values: dict[str, object]
) -> None:
    condition = build(data)
    if condition is not None:
        assert condition.holds(values) is slowly(data, values)


@settings(max_examples=200, deadline=None)
@given(data=DATA, values=VALUES, chance=st.randoms(use_true_random=False))
def test_whatever_the_leaves_that_are_not_named_were_the_answer_would_be_the_same(
    data: dict[str, object], values: dict[str, object], chance: Random
) -> None:
    condition = build(data)
    if condition is None:
        return
    explained = condition.explain(values)
    named = {str(reason.params["path"]): reason.code == "holds" for reason in explained.because}
    assert explained.holds is condition.holds(values)
    assert all(holds is slowly(at(data, path), values) for path, holds in named.items())
    assert guessing_the_rest(data, "", named, chance) is explained.holds


@settings(max_examples=200, deadline=None)
@given(DATA)
def test_a_query_names_registered_columns_only_and_stays_small(data: dict[str, object]) -> None:
    condition = build(data)
    if condition is None:
        return
    comparisons = list(flat(condition.to_query()))
    assert {each.column for each in comparisons} <= {fact.column for fact in FACTS.values()}
    assert len(comparisons) <= 2 * 3 * str(data).count("'fact'"), "three tags at most, each with its unknown"
    assert conditions.build(condition.to_data(), FACTS).to_query() == condition.to_query()


def test_a_fact_that_past_rows_do_not_keep_is_refused_in_a_query() -> None:
    facts = {"mood": Fact("mood", FactType.TEXT)}
    condition = conditions.build({"all": [{"fact": "mood", "op": "is", "value": "calm"}]}, facts)
    with pytest.raises(ConditionError) as caught:
        condition.to_query()
    assert (caught.value.path, caught.value.code) == ("all[0]", "not_kept")


def typed(fact: str, written: Any) -> Any:
    readers: Mapping[str, Any] = {
        "sum": Decimal,
        "day": date.fromisoformat,
        "moment": datetime.fromisoformat,
        "span": lambda text: {"1h": 3600, "60m": 3600, "90s": 90, "1d": 86400}[text] * timedelta(seconds=1),
        "words": conditions.folded,
    }
    return readers.get(fact, lambda same: same)(written)


def slowly(data: Any, values: dict[str, Any]) -> bool:
    """The meaning of the grammar, written out plainly and without any shortcut."""
    if "all" in data:
        return False not in [slowly(part, values) for part in data["all"]]
    if "any" in data:
        return True in [slowly(part, values) for part in data["any"]]
    if "not" in data:
        return slowly(data["not"], values) is False
    fact, op, value = data["fact"], data["op"], values[data["fact"]]
    if value is None or value == "" or value == frozenset():
        return op in ("unknown", "is_not", "none_of", "contains_not", "has_not", "has_none")
    value = typed("words", value) if fact == "words" else value
    wanted = data.get("value")
    several = [typed(fact, each) for each in wanted] if isinstance(wanted, list) else []
    one = typed(fact, wanted) if "value" in data and not several else None
    answers: Mapping[str, Any] = {
        "known": lambda: True,
        "unknown": lambda: False,
        "is": lambda: value == one,
        "is_not": lambda: value != one,
        "any_of": lambda: value in several,
        "none_of": lambda: value not in several,
        "contains": lambda: one in value,
        "contains_not": lambda: one not in value,
        "starts_with": lambda: value[: len(str(one))] == one,
        "less": lambda: value < one,
        "at_most": lambda: not value > one,
        "more": lambda: value > one,
        "at_least": lambda: not value < one,
        "between": lambda: several[0] <= value <= several[1],
        "has": lambda: one in value,
        "has_not": lambda: one not in value,
        "has_any": lambda: any(each in value for each in several),
        "has_all": lambda: all(each in value for each in several),
        "has_none": lambda: not any(each in value for each in several),
    }
    return bool(answers[op]())


def guessing_the_rest(data: Any, path: str, named: dict[str, bool], chance: Random) -> bool:
    """The answer when only the named leaves are known and all others are thrown like a coin."""
    for word, join in (("all", all), ("any", any)):
        if word in data:
            start = f"{path}.{word}" if path else word
            return join(
                [guessing_the_rest(each, f"{start}[{i}]", named, chance) for i, each in enumerate(data[word])]
            )
    if "not" in data:
        return not guessing_the_rest(data["not"], f"{path}.not" if path else "not", named, chance)
    return named[path] if path in named else chance.random() < 0.5


def at(data: Any, path: str) -> Any:
    """The part of a condition that a path names."""
    for step in path.replace("[", ".").replace("]", "").split(".") if path else []:
        data = data[int(step)] if step.isdigit() else data[step]
    return data


def flat(query: Query) -> list[Comparison]:
    if isinstance(query, Comparison):
        return [query]
    return [each for part in query.parts for each in flat(part)]


def stored(value: Any) -> object:
    """A value as a column keeps it."""
    if isinstance(value, frozenset):
        return "".join(f"|{each}|" for each in sorted(value))
    if isinstance(value, Decimal):
        return int(value * 100)
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return conditions.folded(value) if isinstance(value, str) else value


SQL = {
    Compare.EQUAL: "{c} = ?",
    Compare.DIFFERS: "{c} <> ?",
    Compare.LESS: "{c} < ?",
    Compare.AT_LEAST: "{c} >= ?",
    Compare.MORE: "{c} > ?",
    Compare.AT_MOST: "{c} <= ?",
    Compare.CONTAINS: "instr({c}, ?) > 0",
    Compare.LACKS: "instr({c}, ?) = 0",
    Compare.STARTS: "instr({c}, ?) = 1",
    Compare.STARTS_NOT: "instr({c}, ?) <> 1",
    Compare.HAS: "instr({c}, '|' || ? || '|') > 0",
    Compare.HAS_NOT: "instr({c}, '|' || ? || '|') = 0",
    Compare.KNOWN: "{c} <> ''",
    Compare.UNKNOWN: "({c} IS NULL OR {c} = '')",
}


def sql(query: Query) -> tuple[str, list[object]]:
    """A translation as a storage layer would write it, with nothing but AND, OR and the comparisons."""
    if not isinstance(query, Comparison):
        parts = [sql(part) for part in query.parts]
        joined = (" AND " if isinstance(query, conditions.And) else " OR ").join(where for where, _ in parts)
        return f"({joined})", [each for _, parameters in parts for each in parameters]
    scale = 100 if query.column == "n" else 1
    if isinstance(query.value, frozenset):
        marks = ",".join("?" * len(query.value))
        word = "IN" if query.op is Compare.IN else "NOT IN"
        return f"{query.column} {word} ({marks})", [stored(each) for each in query.value]
    value = stored(query.value)
    parameters = [value // scale if isinstance(value, int) else value] if query.value is not None else []
    return SQL[query.op].format(c=query.column), parameters
