"""A text laid out for searching: folded one to one, so every position is the original's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import re2  # type: ignore[import-untyped] # the package ships no types

from huiyin.engines.extract.found import Found
from huiyin.engines.keywords.traditional import SIMPLIFIED

_MEMORY_BYTES = 16 << 20
_DASHES = "‐‑‒–—−﹣"
_SPECIAL = {"\u3000": " ", "\xa0": " ", "\t": " ", "\r": " ", "￥": "¥", "’": "'", "。": "。"}


def expression(pattern: str, *, spans_only: bool = False) -> Any:
    """Compile with RE2. Repetitions that may fail late must be bounded, so that searching stays linear."""
    options = re2.Options()
    options.max_mem = _MEMORY_BYTES
    options.never_capture = spans_only
    return re2.compile(pattern, options)


@dataclass(slots=True)
class Page:
    """The text as written, folded with capitals, folded without, and what is already spoken for."""

    raw: str
    cased: str
    text: str
    taken: bytearray

    def search(self, pattern: Any) -> Iterator[Any]:
        """Yield the matches in the lower-case text that touch nothing taken."""
        for match in pattern.finditer(self.text):
            if self.is_free(*match.span()):
                yield match

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing in `start`–`end` has been taken."""
        return self.taken.find(1, start, end) < 0

    def take(self, start: int, end: int) -> None:
        """Keep later, looser searches out of `start`–`end`."""
        self.taken[start:end] = b"\x01" * (end - start)

    def found(self, kind: str, value: str, start: int, end: int) -> Found:
        """Take the span and return it as a finding."""
        self.take(start, end)
        return Found(kind, value, start, end, self.raw[start:end])

    def before(self, position: int) -> str:
        """The character before, or a line end."""
        return self.text[position - 1] if position > 0 else "\n"

    def after(self, position: int) -> str:
        """The character at `position`, or a line end."""
        return self.text[position] if position < len(self.text) else "\n"

    def is_number_alone(self, start: int, end: int) -> bool:
        """Whether `start`–`end` is no part of a longer number, code, path or decimal."""
        return self.begins_alone(start) and not self._joins(end, 1)

    def begins_alone(self, start: int) -> bool:
        """Whether what starts here does not continue a number, code or path."""
        return not self._joins(start - 1, -1)

    def _joins(self, position: int, step: int) -> bool:
        char = self._char(position)
        if is_code_char(char):
            return True
        return char in "-_./=&%+" and (self._char(position + step).isdigit() or char in "_=&")

    def _char(self, position: int) -> str:
        return self.text[position] if 0 <= position < len(self.text) else "\n"


def lay_out(raw: str) -> Page:
    """Return the page of a text."""
    cased = raw.translate(_CASED)
    return Page(raw, cased, cased.translate(_LOWER), bytearray(len(raw)))


def is_code_char(char: str) -> bool:
    """Whether a character can be part of a number or code: an ASCII letter or digit."""
    return char.isascii() and char.isalnum()


class _OneToOne(dict[int, str]):
    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, codepoint: int) -> str:
        folded = self._fold(chr(codepoint))
        self[codepoint] = folded = folded if len(folded) == 1 else chr(codepoint)
        return folded


def _fold_cased(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if "！" <= char <= "～":
        return chr(ord(char) - 0xFEE0)
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return "-" if char in _DASHES else SIMPLIFIED.get(char, char)


_CASED = _OneToOne(_fold_cased)
_LOWER = _OneToOne(str.lower)
