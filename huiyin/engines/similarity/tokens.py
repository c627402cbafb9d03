"""Cuts a text into the words that search and comparison count."""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

import rjieba

from huiyin.engines.keywords import normalise

_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+(?:[-._'&+][^\W_{_HAN}]+)*")


def tokens(text: str) -> list[str]:
    """Return the words of a text in order, repeated ones too, folded by `keywords.normalise`.

    Chinese: the dictionary's words, the shorter words inside a long one as well (so that “大桥” finds
    “长江大桥”); characters the dictionary leaves single are joined to bigrams where several stand
    together. Other scripts: runs of letters and digits, with the signs inside `abc-123`, `3.5mm`, `don't`.
    """
    found: list[str] = []
    for run in _RUN.finditer(normalise(text)):
        if run["han"]:
            found.extend(_words(run["han"]))
        else:
            found.append(run[0])
    return found


def _words(run: str) -> Iterator[str]:
    for single, pieces in groupby(rjieba.cut_for_search(run, False), key=lambda piece: len(piece) == 1):
        together = list(pieces)
        if single and len(together) > 1:
            yield from (left + right for left, right in pairwise(together))
        else:
            yield from together
