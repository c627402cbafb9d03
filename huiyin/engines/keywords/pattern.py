"""Regular expressions over folded text, matched in linear time by RE2."""

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped] # the package ships no types

from huiyin.engines.keywords.folding import normalise
from huiyin.engines.keywords.literals import required
from huiyin.engines.keywords.phrase import LONGEST_PATTERN, Phrase, PhraseError

MOST_HITS = 20
_MEMORY_BYTES = 1 << 20
# Most patterns stay when a configuration changes; building one costs about 60 µs.
_REMEMBERED = 4_096


class Pattern:
    """One compiled expression, and the plain texts of which one must be there for it to match."""

    def __init__(self, phrase: Phrase) -> None:
        try:
            self._expression, self.required = _built(_folded_pattern(phrase))
        except re2.error as refusal:
            raise _refused(phrase, refusal) from refusal
        if self._expression.search("") is not None:
            raise PhraseError("pattern-matches-empty", phrase)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield its first MOST_HITS places in a folded text.

        The bound keeps the work linear: looking for the next place may have to read the whole rest.
        """
        for place in itertools.islice(self._expression.finditer(text), MOST_HITS):
            start, end = place.span()
            if end > start:
                yield start, end


@lru_cache(maxsize=_REMEMBERED)
def _built(expression: str) -> tuple[Any, frozenset[str]]:
    options = re2.Options()
    options.max_mem = _MEMORY_BYTES
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    return re2.compile(expression, options), required(expression)


def _refused(phrase: Phrase, refusal: Exception) -> PhraseError:
    """RE2 names the problem and the piece of the pattern that has it."""
    message = refusal.args[0].decode(errors="replace")
    problem, _, fragment = message.partition(": ")
    unsafe = "too large" in message or "repetition size" in message
    code = "pattern-unsafe" if unsafe else "pattern-invalid"
    return PhraseError(code, phrase, problem=problem, at=max(phrase.text.find(fragment), 0))


def _folded_pattern(phrase: Phrase) -> str:
    """Fold the letters of a pattern as messages are folded, never its syntax."""
    if len(phrase.text) > LONGEST_PATTERN:
        raise PhraseError("phrase-too-long", phrase, longest=LONGEST_PATTERN)
    if not phrase.text.strip():
        raise PhraseError("phrase-empty", phrase)
    return "".join(_folded_char(char, phrase) for char in phrase.text)


def _folded_char(char: str, phrase: Phrase) -> str:
    if char.isascii():
        return char
    folded = normalise(char)
    if len(folded) != 1:
        raise PhraseError("pattern-unfoldable", phrase, at=phrase.text.index(char))
    return re2.escape(folded) if folded.isascii() else folded
