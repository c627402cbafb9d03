"""Reading a condition from written data, refusing at once what could not be evaluated later."""

from collections.abc import Mapping
from typing import Any

from huiyin.engines.conditions.errors import ConditionError
from huiyin.engines.conditions.facts import (
    WITH_SEVERAL,
    WITHOUT_VALUE,
    Fact,
    Operator,
    operators_for,
)
from huiyin.engines.conditions.tree import Condition, Group, Leaf, Negation, Node
from huiyin.engines.conditions.values import Value, Wanted, read
from huiyin.engines.conditions.written import WrittenError, at, listed, only

MAX_DEPTH = 8
MAX_LEAVES = 200
MAX_VALUES = 200
_GROUPS = {"all": True, "any": False}


def build(data: object, facts: Mapping[str, Fact]) -> Condition:
    """Return the condition that `data` describes, asking only about the registered `facts`.

    `data` is `{all: [...]}`, `{any: [...]}`, `{not: {...}}` or `{fact, op, value}`, and nothing else.
    Raises ConditionError naming the first place that is wrong. `facts` is keyed by the facts' names.
    """
    return Condition(_Reader(facts).node(data, "", 1))


def build_part(
    data: object, facts: Mapping[str, Fact], *, path: str, refuse: type[WrittenError]
) -> Condition:
    """Return the condition that stands at `path` of something larger, refused as part of that."""
    try:
        return build(data, facts)
    except ConditionError as refused:
        raise refuse(at(path, refused.path).rstrip("."), refused.code, refused.params) from None


class _Reader:
    """Counts the leaves of one condition while reading it."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self._leaves = 0

    def node(self, data: object, path: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ConditionError(path, "too_deep", {"most": MAX_DEPTH})
        if not isinstance(data, Mapping):
            raise ConditionError(path, "not_a_condition")
        for word, every in _GROUPS.items():
            if word in data:
                return self._group(data, word, path, depth, every=every)
        if "not" in data:
            only(data, {"not"}, path, ConditionError)
            return Negation(self.node(data["not"], at(path, "not"), depth + 1))
        return self._leaf(data, path)

    def _group(self, data: Mapping[Any, Any], word: str, path: str, depth: int, *, every: bool) -> Group:
        only(data, {word}, path, ConditionError)
        here = at(path, word)
        parts = listed(data[word], here, MAX_LEAVES, ConditionError)
        return Group(every, tuple(self.node(part, f"{here}[{i}]", depth + 1) for i, part in enumerate(parts)))

    def _leaf(self, data: Mapping[Any, Any], path: str) -> Leaf:
        self._leaves += 1
        if self._leaves > MAX_LEAVES:
            raise ConditionError(path, "too_large", {"most": MAX_LEAVES})
        fact = self._fact(data, path)
        op = _operator(data, fact, path)
        if op in WITHOUT_VALUE:
            only(data, {"fact", "op"}, path, ConditionError)
            return Leaf(fact, op, None, path)
        only(data, {"fact", "op", "value"}, path, ConditionError)
        return Leaf(fact, op, _wanted(fact, op, data.get("value"), at(path, "value")), path)

    def _fact(self, data: Mapping[Any, Any], path: str) -> Fact:
        if "fact" not in data:
            only(data, {"fact", "op", "value"}, path, ConditionError)
            raise ConditionError(path, "fact_missing")
        name = data["fact"]
        if not isinstance(name, str) or name not in self._facts:
            raise ConditionError(at(path, "fact"), "unknown_fact", {"fact": str(name)[:80]})
        return self._facts[name]


def _operator(data: Mapping[Any, Any], fact: Fact, path: str) -> Operator:
    allowed = operators_for(fact)
    written = data.get("op")
    if not isinstance(written, str) or written not in allowed:
        params = {"fact": fact.name, "allowed": ", ".join(allowed)}
        raise ConditionError(at(path, "op"), "operator_not_of_type", params)
    return Operator(written)


def _wanted(fact: Fact, op: Operator, written: object, path: str) -> Wanted:
    if op is Operator.BETWEEN:
        return _range(fact, written, path)
    if op not in WITH_SEVERAL:
        return read(fact, written, path)
    several = listed(written, path, MAX_VALUES, ConditionError)
    return frozenset(read(fact, each, f"{path}[{i}]") for i, each in enumerate(several))


def _range(fact: Fact, written: object, path: str) -> tuple[Value, Value]:
    ends: list[Any] = [
        read(fact, each, f"{path}[{i}]") for i, each in enumerate(listed(written, path, 2, ConditionError))
    ]
    if len(ends) != 2 or ends[0] > ends[1]:
        raise ConditionError(path, "not_a_range")
    return ends[0], ends[1]
