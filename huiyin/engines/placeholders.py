"""Texts with `{names}` from a closed list: refused when saved, filled literally, never read twice."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import groupby

MAX_LENGTH = 50_000

_SHAPE_OF_NAME = re.compile(r"[\w. \-]{1,80}")
_RUN = re.compile(r"\{+")
_CLOSING = re.compile(r"\}+")
_BEFORE_BRACE = re.compile(r"(?<!\\)(\\*)\{")


class PlaceholderError(ValueError):
    """A text cannot be saved: `code` says why, `position` where, in characters from 0.

    Codes: `unknown_name` (name, nearest if one is close), `doubled` (name), `not_closed` (name),
    `too_long` (most).
    """

    def __init__(self, position: int, code: str, params: Mapping[str, str | int]) -> None:
        super().__init__(f"{code} at {position}")
        self.position = position
        self.code = code
        self.params = params


class MissingValueError(ValueError):
    """A text cannot be filled: `names` have no value."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"no value for {', '.join(names)}")
        self.names = names


class Missing(StrEnum):
    """What stands where there is no value."""

    REFUSE = "refuse"
    """Nothing is filled at all: for what goes out by itself."""
    BLANK = "blank"
    """Nothing: for printed forms that are completed by hand."""
    NAME = "name"
    """The placeholder as written: for a draft that a person completes."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one named value."""

    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text: literal pieces and slots, in order. Made by `parse`."""

    parts: tuple[str | Slot, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names used, each once, in the order of first use."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, Slot)))

    def fill(self, values: Mapping[str, str], *, missing: Missing = Missing.REFUSE) -> str:
        """Return the text with each value put in exactly as it is; nothing in a value is interpreted.

        An empty value counts as missing. Raises MissingValueError with every missing name under REFUSE,
        TypeError for a value that is not text, so that nothing is turned into words by accident.
        Escaping for HTML is for whoever puts the result there.
        """
        for name in self.names:
            if not isinstance(values.get(name, ""), str):
                raise TypeError(f"the value of {name} is not text")
        absent = tuple(name for name in self.names if not values.get(name))
        if absent and missing is Missing.REFUSE:
            raise MissingValueError(absent)
        return "".join(
            part if isinstance(part, str) else values.get(part.name) or _stand_in(part.name, missing)
            for part in self.parts
        )


def parse(text: str, names: Collection[str]) -> Template:
    """Return the text ready to be filled, with the `names` that may be used in it.

    `{name}` is a placeholder. Words in single braces that are no name are refused, as are a name in double
    braces and a name whose brace stays open, since all three would reach a customer as they stand. Any
    other use of braces is literal. A backslash before `{` makes it literal; an even number of
    them stands for half as many. Raises PlaceholderError.
    """
    if len(text) > MAX_LENGTH:
        raise PlaceholderError(MAX_LENGTH, "too_long", {"most": MAX_LENGTH})
    known = frozenset(names)
    parts: list[str | Slot] = []
    piece: str | Slot
    here = 0
    while (brace := text.find("{", here)) >= 0:
        before = text[here:brace]
        slashes = len(before) - len(before.rstrip("\\"))
        parts.append(before[: len(before) - slashes] + "\\" * (slashes // 2))
        if slashes % 2:
            piece, here = "{", brace + 1
        else:
            piece, here = _at_brace(text, brace, known)
        parts.append(piece)
    return Template(_joined([*parts, text[here:]]))


def escape(text: str) -> str:
    """Return text that `parse` reads as exactly `text`, with no placeholder in it."""
    return _BEFORE_BRACE.sub(lambda run: run.group(1) * 2 + "\\{", text)


def _at_brace(text: str, brace: int, known: frozenset[str]) -> tuple[str | Slot, int]:
    """Return what the brace begins and where reading goes on."""
    opening = _RUN.match(text, brace)
    start = opening.end() if opening else brace
    inner = _SHAPE_OF_NAME.match(text, start)
    if inner is None:
        return text[brace:start], start
    name = inner.group()
    closing = _CLOSING.match(text, inner.end())
    if start - brace > 1:
        if closing and name.strip() in known:
            raise PlaceholderError(brace, "doubled", {"name": name.strip()})
        return text[brace:start], start
    if closing is None:
        if (begun := name.split(" ")[0].rstrip(".-")) in known:
            raise PlaceholderError(brace, "not_closed", {"name": begun})
        return "{", start
    if name not in known:
        raise PlaceholderError(brace, "unknown_name", _named(name, known))
    return Slot(name), inner.end() + 1


def _named(name: str, known: frozenset[str]) -> dict[str, str | int]:
    nearest = get_close_matches(name.strip().lower(), sorted(known), n=1)
    return {"name": name, **({"nearest": nearest[0]} if nearest else {})}


def _stand_in(name: str, missing: Missing) -> str:
    return f"{{{name}}}" if missing is Missing.NAME else ""


def _joined(parts: list[str | Slot]) -> tuple[str | Slot, ...]:
    """Put neighbouring literal pieces together, so that equal texts have equal parts."""
    joined: list[str | Slot] = []
    for is_slot, group in groupby(parts, key=lambda part: isinstance(part, Slot)):
        pieces = list(group)
        joined += pieces if is_slot else ["".join(map(str, pieces))]
    return tuple(part for part in joined if part != "")
