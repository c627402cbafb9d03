"""Owns conditions written as data: refused when built, evaluated, explained, compiled for stored rows.

Does not own the facts, which each caller registers, nor the translation of a query to a database.
Start with build; docs/developers/engines/conditions.md has the grammar and an example.
"""

from huiyin.engines.conditions.build import MAX_DEPTH, MAX_LEAVES, build, build_part
from huiyin.engines.conditions.errors import ConditionError
from huiyin.engines.conditions.facts import Fact, FactType, Operator, operators_for
from huiyin.engines.conditions.query import And, Compare, Comparison, Or, Query
from huiyin.engines.conditions.tree import Condition, Explanation
from huiyin.engines.conditions.values import folded
from huiyin.engines.conditions.written import WrittenError

__all__ = [
    "MAX_DEPTH",
    "MAX_LEAVES",
    "And",
    "Compare",
    "Comparison",
    "Condition",
    "ConditionError",
    "Explanation",
    "Fact",
    "FactType",
    "Operator",
    "Or",
    "Query",
    "WrittenError",
    "build",
    "build_part",
    "folded",
    "operators_for",
]
