"""A built condition: whether it holds, which parts decided, its query, and its written form."""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.engines.conditions.errors import ConditionError
from huiyin.engines.conditions.facts import NEGATION_OF, WITHOUT_VALUE, Fact, Operator
from huiyin.engines.conditions.query import And, Or, Query, opposite, query_of
from huiyin.engines.conditions.values import Value, Wanted, known, write
from huiyin.engines.reason import Reason


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a condition holds and the leaves that decided it, in the order they are written.

    Reasons are `holds` or `fails` with `path`, `fact`, `op` and the value that was wanted; the value found
    is left out, since it may be personal and reasons are kept.
    """

    holds: bool
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One fact against one wanted value."""

    fact: Fact
    op: Operator
    wanted: Wanted
    path: str

    def holds(self, values: Mapping[str, object]) -> bool:
        value = known(self.fact, values.get(self.fact.name))
        positive = NEGATION_OF.get(self.op)
        if positive is None:
            return value is not None and _HOLDS[self.op](value, self.wanted)
        return value is None or not _HOLDS[positive](value, self.wanted)

    def explain(self, values: Mapping[str, object]) -> Explanation:
        holds = self.holds(values)
        params: dict[str, str | int | float] = {
            "path": self.path,
            "fact": self.fact.name,
            "op": self.op.value,
        }
        if self.wanted is not None:
            params["value"] = _as_words(self.wanted)
        return Explanation(holds, (Reason("holds" if holds else "fails", params),))

    def to_query(self, *, negated: bool) -> Query:
        if self.fact.column is None:
            raise ConditionError(self.path, "not_kept", {"fact": self.fact.name})
        positive = NEGATION_OF.get(self.op)
        query = query_of(self.fact.column, positive or self.op, self.wanted)
        return opposite(query) if negated != (positive is not None) else query

    def to_data(self) -> dict[str, object]:
        written: dict[str, object] = {"fact": self.fact.name, "op": self.op.value}
        if self.op not in WITHOUT_VALUE:
            written["value"] = _written(self.wanted)
        return written

    def leaves(self) -> Iterator["Leaf"]:
        yield self


@dataclass(frozen=True, slots=True)
class Group:
    """All or any of several parts."""

    every: bool
    parts: tuple["Node", ...]

    def holds(self, values: Mapping[str, object]) -> bool:
        return (all if self.every else any)(part.holds(values) for part in self.parts)

    def explain(self, values: Mapping[str, object]) -> Explanation:
        """One part that decides alone is the whole explanation; otherwise all of them together are."""
        together: list[Reason] = []
        for part in self.parts:
            explained = part.explain(values)
            if explained.holds is not self.every:
                return explained
            together += explained.because
        return Explanation(self.every, tuple(together))

    def to_query(self, *, negated: bool) -> Query:
        parts = tuple(part.to_query(negated=negated) for part in self.parts)
        return And(parts) if self.every != negated else Or(parts)

    def to_data(self) -> dict[str, object]:
        return {"all" if self.every else "any": [part.to_data() for part in self.parts]}

    def leaves(self) -> Iterator[Leaf]:
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Negation:
    """The opposite of one part."""

    part: "Node"

    def holds(self, values: Mapping[str, object]) -> bool:
        return not self.part.holds(values)

    def explain(self, values: Mapping[str, object]) -> Explanation:
        inner = self.part.explain(values)
        return Explanation(not inner.holds, inner.because)

    def to_query(self, *, negated: bool) -> Query:
        return self.part.to_query(negated=not negated)

    def to_data(self) -> dict[str, object]:
        return {"not": self.part.to_data()}

    def leaves(self) -> Iterator[Leaf]:
        return self.part.leaves()


Node = Leaf | Group | Negation


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that passed every check; made only by `build`."""

    root: Node

    def holds(self, values: Mapping[str, object]) -> bool:
        """Say whether the condition holds; a fact not in `values` is unknown.

        An unknown fact satisfies only the operators that deny something (is_not, has_none, …, unknown).
        Raises TypeError when a value is not of its fact's type.
        """
        return self.root.holds(values)

    def explain(self, values: Mapping[str, object]) -> Explanation:
        """Say whether it holds and which leaves decided. Raises TypeError like `holds`."""
        return self.root.explain(values)

    def to_query(self) -> Query:
        """Return the tree for stored rows. Raises ConditionError `not_kept` for a fact without a column."""
        return self.root.to_query(negated=False)

    def to_data(self) -> dict[str, object]:
        """Return the written form, of JSON types only; `build` makes an equal condition of it."""
        return self.root.to_data()

    def facts(self) -> frozenset[str]:
        """Return the names of the facts it asks about."""
        return frozenset(leaf.fact.name for leaf in self.root.leaves())


def _written(wanted: Wanted) -> object:
    if isinstance(wanted, frozenset):
        return sorted((write(each) for each in wanted), key=str)
    if isinstance(wanted, tuple):
        return [write(each) for each in wanted]
    return None if wanted is None else write(wanted)


def _as_words(wanted: Wanted) -> str:
    written = _written(wanted)
    return ", ".join(map(str, written)) if isinstance(written, list) else str(written)


def _between(value: Any, wanted: tuple[Value, Value]) -> bool:
    low, high = wanted
    return bool(low <= value <= high)


_HOLDS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: operator.eq,
    Operator.ANY_OF: lambda value, wanted: value in wanted,
    Operator.CONTAINS: operator.contains,
    Operator.STARTS_WITH: str.startswith,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.BETWEEN: _between,
    Operator.HAS: operator.contains,
    Operator.HAS_ANY: lambda value, wanted: not wanted.isdisjoint(value),
    Operator.HAS_ALL: lambda value, wanted: wanted <= value,
    Operator.KNOWN: lambda value, wanted: True,
}
