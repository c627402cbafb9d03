"""The neutral tree that a storage layer translates, to try a condition on past rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from huiyin.engines.conditions.facts import Operator
from huiyin.engines.conditions.values import Value, Wanted


class Compare(StrEnum):
    """How a column is compared. Each has its opposite, so the tree needs no negation."""

    EQUAL = "equal"
    DIFFERS = "differs"
    LESS = "less"
    AT_LEAST = "at_least"
    MORE = "more"
    AT_MOST = "at_most"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    LACKS = "lacks"
    STARTS = "starts"
    STARTS_NOT = "starts_not"
    HAS = "has"
    HAS_NOT = "has_not"
    KNOWN = "known"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column against a typed value. `column` comes from the registered fact, never from the condition.

    KNOWN and UNKNOWN take no value: NULL, empty text and an empty set are unknown.
    IN and NOT_IN take a frozenset.
    """

    column: str
    op: Compare
    value: Value | frozenset[Value] | None = None


@dataclass(frozen=True, slots=True)
class And:
    """Holds where every part holds."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Holds where at least one part holds."""

    parts: tuple["Query", ...]


Query = Comparison | And | Or


def opposite(query: Query) -> Query:
    """Return the tree that holds exactly where `query` does not, again without a negation.

    A comparison with NULL is neither true nor false in SQL, and NOT keeps it so; a row without a value
    would then match neither a condition nor its opposite. So the unknown is named as a case of its own.
    """
    if isinstance(query, And):
        return Or(tuple(opposite(part) for part in query.parts))
    if isinstance(query, Or):
        return And(tuple(opposite(part) for part in query.parts))
    turned = Comparison(query.column, _OPPOSITES[query.op], query.value)
    if query.op in (Compare.KNOWN, Compare.UNKNOWN):
        return turned
    return Or((Comparison(query.column, Compare.UNKNOWN), turned))


def query_of(column: str, op: Operator, wanted: Wanted) -> Query:
    """Return the tree for one operator that does not deny, on one column."""
    if isinstance(wanted, tuple):
        low, high = wanted
        return And((Comparison(column, Compare.AT_LEAST, low), Comparison(column, Compare.AT_MOST, high)))
    if op in (Operator.HAS_ANY, Operator.HAS_ALL) and isinstance(wanted, frozenset):
        parts = tuple(Comparison(column, Compare.HAS, each) for each in sorted(wanted, key=str))
        return Or(parts) if op is Operator.HAS_ANY else And(parts)
    return Comparison(column, _COMPARES[op], wanted)


_COMPARES: Mapping[Operator, Compare] = {
    Operator.IS: Compare.EQUAL,
    Operator.ANY_OF: Compare.IN,
    Operator.CONTAINS: Compare.CONTAINS,
    Operator.STARTS_WITH: Compare.STARTS,
    Operator.LESS: Compare.LESS,
    Operator.AT_MOST: Compare.AT_MOST,
    Operator.MORE: Compare.MORE,
    Operator.AT_LEAST: Compare.AT_LEAST,
    Operator.HAS: Compare.HAS,
    Operator.KNOWN: Compare.KNOWN,
}
_PAIRS = (
    (Compare.EQUAL, Compare.DIFFERS),
    (Compare.LESS, Compare.AT_LEAST),
    (Compare.MORE, Compare.AT_MOST),
    (Compare.IN, Compare.NOT_IN),
    (Compare.CONTAINS, Compare.LACKS),
    (Compare.STARTS, Compare.STARTS_NOT),
    (Compare.HAS, Compare.HAS_NOT),
    (Compare.KNOWN, Compare.UNKNOWN),
)
_OPPOSITES: Mapping[Compare, Compare] = {**dict(_PAIRS), **{right: left for left, right in _PAIRS}}
