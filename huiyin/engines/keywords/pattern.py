"""Regular expressions over folded text, matched in linear time by RE2."""

import itertools
from collections.abc import Iterator

import re2  # type: ignore[import-untyped] # the package ships no types

from huiyin.engines.keywords.folding import normalise
from huiyin.engines.keywords.phrase import LONGEST_PATTERN, Phrase, PhraseError

MOST_HITS = 20
_MEMORY_BYTES = 2 << 20
_SET_MEMORY_BYTES = 64 << 20
# No folded text holds a noncharacter, so only this finds it.
_CANARY = "\ufffehuiyin\ufffe"


class Patterns:
    """All patterns of a matcher; one pass over the text tells which of them occur at all."""

    def __init__(self, phrases: list[Phrase]) -> None:
        self.phrases = phrases
        self._expressions = [_compiled(phrase) for phrase in phrases]
        self._set = re2.Set.SearchSet(_options(_SET_MEMORY_BYTES))
        for phrase in phrases:
            self._set.Add(_folded_pattern(phrase))
        self._canary = self._set.Add(_CANARY)
        self._set.Compile()

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield number, start and end of each pattern's first MOST_HITS places in a folded text.

        The bound keeps the work linear: looking for the next place may have to read the whole rest.
        """
        if not self.phrases:
            return
        for index in self._occurring(text):
            places = self._expressions[index].finditer(text)
            for place in itertools.islice(places, MOST_HITS):
                start, end = place.span()
                if end > start:
                    yield index, start, end

    def _occurring(self, text: str) -> list[int]:
        """RE2's set answers “nothing” when it runs out of memory; the canary tells that apart."""
        found: list[int] = self._set.Match(text + _CANARY)
        if self._canary not in found:
            return list(range(len(self.phrases)))
        found.remove(self._canary)
        return sorted(found)


def _compiled(phrase: Phrase) -> "re2._Regexp":
    pattern = _folded_pattern(phrase)
    try:
        expression = re2.compile(pattern, _options(_MEMORY_BYTES))
    except re2.error as refusal:
        message = refusal.args[0].decode() if isinstance(refusal.args[0], bytes) else str(refusal)
        problem, _, fragment = message.partition(": ")
        unsafe = "too large" in message or "repetition size" in message
        code = "pattern-unsafe" if unsafe else "pattern-invalid"
        raise PhraseError(code, phrase, problem=problem, at=max(pattern.find(fragment), 0)) from refusal
    if expression.search("") is not None:
        raise PhraseError("pattern-matches-empty", phrase)
    return expression


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


def _options(memory_bytes: int) -> re2.Options:
    options = re2.Options()
    options.max_mem = memory_bytes
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    return options
