"""Exact measures of how alike two texts are, between 0 and 1."""

import math
import re
from collections import Counter
from typing import Literal

from huiyin.engines.keywords import normalise
from huiyin.engines.similarity.tokens import tokens

Unit = Literal["characters", "words"]
LENGTH = 3
_SIGNS = re.compile(r"[\W_]+")


def cosine(one: str, two: str, *, n: int = 2) -> float:
    """Return the cosine of the counts of character n-grams; 0 when a text has no letter or digit.

    Typing errors and changed word order cost little; folded by `keywords.normalise`, signs left out.
    """
    first, second = Counter(_grams(one, n)), Counter(_grams(two, n))
    if not first or not second:
        return 0.0
    shared = sum(count * second[gram] for gram, count in first.items())
    squares = sum(count**2 for count in first.values()) * sum(count**2 for count in second.values())
    return min(1.0, shared / math.sqrt(squares))


def shingles(text: str, unit: Unit = "characters") -> frozenset[str]:
    """Return the set a text is compared by: its runs of three characters, or its words."""
    return frozenset(tokens(text) if unit == "words" else _grams(text, LENGTH))


def jaccard(one: frozenset[str], two: frozenset[str]) -> float:
    """Return the share of common members of two sets of shingles; 0 when both are empty."""
    together = len(one | two)
    return len(one & two) / together if together else 0.0


def _grams(text: str, n: int) -> list[str]:
    """The n-grams of a folded text; a text shorter than n is one gram itself."""
    folded = _SIGNS.sub("", normalise(text))
    if len(folded) <= n:
        return [folded] if folded else []
    return [folded[at : at + n] for at in range(len(folded) - n + 1)]
