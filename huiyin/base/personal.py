"""Personal values mask themselves: printed, logged or put into JSON they show the mask; `reveal()` unwraps."""

import re
from typing import TYPE_CHECKING, Any

from django.db import models

KINDS = ("phone", "email", "name", "id_number", "address", "identity")


class Personal:
    """A personal value with its kind. Not a str on purpose: nothing can leak it by accident."""

    __slots__ = ("_value", "kind")

    def __init__(self, kind: str, value: str) -> None:
        self.kind = kind
        self._value = value

    def reveal(self) -> str:
        """Return the raw value. Each caller needs a right and leaves an audit row."""
        return self._value

    def __str__(self) -> str:
        return mask(self.kind, self._value)

    __repr__ = __str__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and (self.kind, self._value) == (other.kind, other._value)

    def __hash__(self) -> int:
        return hash((self.kind, self._value))


def mask(kind: str, value: str) -> str:
    """Return what may be shown: `138****8000`, `张*`, `w***@example.com`; never the whole, nor the whole local part."""
    if not value:
        return ""
    if kind == "email" and "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:1] if len(local) > 1 else ''}***@{domain}"
    if kind == "name":
        return value[0] + "*" * min(len(value) - 1, 2) if len(value) > 1 else "*"
    if kind in ("phone", "id_number") and len(value) >= 7:
        shown = 3 if len(value) >= 10 else 2
        return f"{value[:shown]}****{value[-min(4, len(value) - shown - 3) :]}"
    return (value[:1] if len(value) > 1 else "") + "***"


def normalise(kind: str, value: str) -> str:
    """Return the form by which equal contacts are found: digits of a phone without +86, a lower-case e-mail."""
    if kind == "phone":
        digits = re.sub(r"\D", "", value)
        return re.sub(r"^(?:00)?86(?=1\d{10}$|0\d{9,11}$)", "", digits)
    if kind == "email":
        return value.strip().lower()
    return value.strip()


if TYPE_CHECKING:
    _Text = models.TextField[Personal | str, Personal]
else:
    _Text = models.TextField


class PersonalField(_Text):
    """A text column whose Python value is Personal."""

    def __init__(self, *args: Any, kind: str = "name", **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def from_db_value(self, value: str | None, *_: object) -> Personal | None:
        return None if value is None else Personal(self.kind, value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Personal) else Personal(self.kind, value)

    def get_prep_value(self, value: Any) -> Any:
        return value.reveal() if isinstance(value, Personal) else value
