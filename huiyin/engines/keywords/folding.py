"""Fold a text so that different spellings of the same words compare equal, keeping positions.

Most characters fold one to one, so one `str.translate` does the work and offsets stay as they are;
only the stretches that grow, shrink or join are folded apart and remembered.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

from huiyin.engines.keywords.traditional import SIMPLIFIED

# Noncharacters mark what one-to-one folding cannot do; if a text holds them they fold to U+FFFD.
_TRAILING, _EXPANDING, _UNKNOWN = "\ufffe", "\uffff", "\ufffd"
_IRREGULAR = re.compile(f" [ {_TRAILING}]+|[^{_TRAILING}]?{_TRAILING}+|{_EXPANDING}")
_SPACES = re.compile(r"\s+")
_QUOTES_AND_DASHES = dict(zip("‘’ʼ“”‐–—−", "'''\"\"----", strict=True))
_VARIANTS = str.maketrans({**SIMPLIFIED, **_QUOTES_AND_DASHES})


def normalise(text: str) -> str:
    """Return the folded form that phrases and messages are compared in.

    NFKC (width, ligatures), case folding, traditional to simplified characters, curly quotes and
    dashes to plain ones, invisible characters dropped, each run of white space one space.
    Folding a folded text changes nothing.
    """
    return fold(text).text


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where its irregular stretches lie here and in the original."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    original: list[tuple[int, int]] = field(default_factory=list)

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Return the shortest span of the original that yields `start`–`end` of the folded text."""
        if not self.starts:
            return start, end
        return self._span_of(start)[0], self._span_of(end - 1)[1]

    def _span_of(self, position: int) -> tuple[int, int]:
        nearest = bisect_right(self.starts, position) - 1
        if nearest < 0:
            return position, position + 1
        if position < self.ends[nearest]:
            return self.original[nearest]
        moved = self.original[nearest][1] + position - self.ends[nearest]
        return moved, moved + 1


def fold(text: str) -> Folded:
    """Return the folded text with its map back to the original. Linear in the length of the text."""
    draft = text.translate(_TABLE)
    if _TRAILING not in draft and _EXPANDING not in draft and "  " not in draft:
        return Folded(draft)
    folded = Folded("")
    pieces: list[str] = []
    copied = length = 0
    for stretch in _IRREGULAR.finditer(draft):
        start, end = stretch.span()
        piece = _fold_apart(text[start:end])
        pieces += (draft[copied:start], piece)
        length += start - copied
        folded.starts.append(length)
        length += len(piece)
        folded.ends.append(length)
        folded.original.append((start, end))
        copied = end
    pieces.append(draft[copied:])
    return Folded("".join(pieces), folded.starts, folded.ends, folded.original)


class _Table(dict[int, str]):
    """How each character folds alone, found when first met."""

    def __missing__(self, codepoint: int) -> str:
        self[codepoint] = folded = _fold_alone(chr(codepoint))
        return folded


_TABLE = _Table()


def _fold_alone(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs" or char in (_TRAILING, _EXPANDING):
        return _UNKNOWN
    if char.isspace():
        return " "
    if category == "Cf" or _joins_the_one_before(char):
        return _TRAILING
    folded = _fold_apart(char)
    return folded if len(folded) == 1 else _EXPANDING


def _joins_the_one_before(char: str) -> bool:
    """Whether normalisation may join this character to the one before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def _fold_apart(stretch: str) -> str:
    folded = "".join(char for char in stretch if not _is_invisible(char))
    while True:
        again = unicodedata.normalize("NFKC", folded).casefold()
        again = unicodedata.normalize("NFKC", again).translate(_VARIANTS)
        if len(stretch) == 1 and again != again.strip():
            # A lone accent would become a space and a mark, which breaks words apart: leave it.
            return stretch
        again = _SPACES.sub(" ", again)
        if again == folded:
            return folded
        folded = again


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f"
