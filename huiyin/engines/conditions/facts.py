"""What may be asked: the types of facts, the operators of each type, and the registered facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_.][a-z0-9]+)*")


class FactType(StrEnum):
    """The type decides the operators, how a written value is read, and what Python type it has."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    DURATION = "duration"
    CHOICE = "choice"
    SET = "set"
    YES_NO = "yes_no"


class Operator(StrEnum):
    """What a leaf of a condition says of its fact."""

    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    STARTS_WITH = "starts_with"
    LESS = "less"
    AT_MOST = "at_most"
    MORE = "more"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    HAS = "has"
    HAS_NOT = "has_not"
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"
    HAS_NONE = "has_none"
    KNOWN = "known"
    UNKNOWN = "unknown"


WITHOUT_VALUE = frozenset({Operator.KNOWN, Operator.UNKNOWN})
WITH_SEVERAL = frozenset(
    {Operator.ANY_OF, Operator.NONE_OF, Operator.HAS_ANY, Operator.HAS_ALL, Operator.HAS_NONE}
)
NEGATION_OF = {
    Operator.IS_NOT: Operator.IS,
    Operator.NONE_OF: Operator.ANY_OF,
    Operator.CONTAINS_NOT: Operator.CONTAINS,
    Operator.HAS_NOT: Operator.HAS,
    Operator.HAS_NONE: Operator.HAS_ANY,
    Operator.UNKNOWN: Operator.KNOWN,
}

_ALWAYS = (Operator.KNOWN, Operator.UNKNOWN)
_PICKED = (Operator.IS, Operator.IS_NOT, Operator.ANY_OF, Operator.NONE_OF)
_ORDERED = (
    Operator.IS,
    Operator.IS_NOT,
    Operator.LESS,
    Operator.AT_MOST,
    Operator.MORE,
    Operator.AT_LEAST,
    Operator.BETWEEN,
)
_SET = (Operator.HAS, Operator.HAS_NOT, Operator.HAS_ANY, Operator.HAS_ALL, Operator.HAS_NONE)
_OF_TYPE: Mapping[FactType, tuple[Operator, ...]] = {
    FactType.TEXT: (*_PICKED, Operator.CONTAINS, Operator.CONTAINS_NOT, Operator.STARTS_WITH, *_ALWAYS),
    FactType.NUMBER: _ORDERED + _ALWAYS,
    FactType.MONEY: _ORDERED + _ALWAYS,
    FactType.DATE: _ORDERED + _ALWAYS,
    FactType.MOMENT: _ORDERED + _ALWAYS,
    FactType.DURATION: _ORDERED + _ALWAYS,
    FactType.CHOICE: _PICKED + _ALWAYS,
    FactType.SET: _SET + _ALWAYS,
    FactType.YES_NO: (Operator.IS, *_ALWAYS),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a condition may ask about.

    `column` is what a stored row calls it, written by the code that registers the fact; None when past
    cases do not keep it. `choices` closes the values of a choice (required) or a set (optional).
    Raises ValueError for a name or choices that cannot be used.
    """

    name: str
    type: FactType
    column: str | None = None
    choices: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"not a name for a fact: {self.name!r}")
        if self.type is FactType.CHOICE and not self.choices:
            raise ValueError(f"{self.name} has nothing to choose from")
        if self.choices and self.type not in (FactType.CHOICE, FactType.SET):
            raise ValueError(f"{self.name} is a {self.type} and takes no choices")


def operators_for(fact: Fact) -> tuple[Operator, ...]:
    """Return what may be said of this fact, in the order an editor offers it."""
    return _OF_TYPE[fact.type]
