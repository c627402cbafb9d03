"""What a form consists of: the types of fields and one field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from huiyin.engines.conditions import Condition, Fact, FactType

Words = Mapping[str, str]
Bound = Decimal | date | int

MASKS = ("phone", "email", "name", "id_number", "address", "identity")
"""The kinds of personal value; each kind is masked by one function, which the caller brings."""


class FieldType(StrEnum):
    """The type decides how a value is read, what it may be bounded by, and what conditions may ask of it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    MULTIPLE = "multiple"
    YES_NO = "yes_no"
    PHONE = "phone"
    EMAIL = "email"
    FILES = "files"
    SIGNATURE = "signature"


MASK_OF_TYPE = {FieldType.PHONE: "phone", FieldType.EMAIL: "email"}
_FACT_TYPES: Mapping[FieldType, FactType] = {
    FieldType.NUMBER: FactType.NUMBER,
    FieldType.MONEY: FactType.MONEY,
    FieldType.DATE: FactType.DATE,
    FieldType.CHOICE: FactType.CHOICE,
    FieldType.MULTIPLE: FactType.SET,
    FieldType.FILES: FactType.SET,
    FieldType.YES_NO: FactType.YES_NO,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers of a choice: the key that is kept and the words that are shown."""

    key: str
    label: Words


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    `least` and `most` bound the number, the sum, the day, the characters of a text or the count of choices
    or files. `mask` is a kind of personal value or None. `indexed` says that lists may filter by it.
    """

    key: str
    type: FieldType
    label: Words
    help: Words | None = None
    unit: Words | None = None
    purpose: Words | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    required_when: Condition | None = None
    shown_when: Condition | None = None
    least: Bound | None = None
    most: Bound | None = None
    places: int | None = None
    mask: str | None = None
    indexed: bool = False

    @property
    def fact(self) -> Fact:
        """The field as conditions ask about it."""
        closed = self.type in (FieldType.CHOICE, FieldType.MULTIPLE)
        choices = frozenset(choice.key for choice in self.choices) if closed else frozenset()
        return Fact(self.key, _FACT_TYPES.get(self.type, FactType.TEXT), choices=choices)
