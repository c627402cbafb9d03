"""Find all phrases of a configuration in a message, in one pass over the folded text."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from huiyin.engines.keywords.folding import Folded, fold, normalise
from huiyin.engines.keywords.pattern import Pattern
from huiyin.engines.keywords.phrase import HEAVIEST, LONGEST_PHRASE, Hit, Phrase, PhraseError


def compile(phrases: Iterable[Phrase]) -> "Matcher":  # noqa: A001 (read aloud: keywords.compile)
    """Build a matcher. Raises PhraseError for the first phrase that could never work or is unsafe.

    The same phrase given twice counts once; the same text under two codes counts for both.
    """
    return Matcher(phrases)


@dataclass(frozen=True, slots=True)
class _Sought:
    """A phrase and the words (by number) that make it not count."""

    phrase: Phrase
    excludes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A folded text to find; a Latin letter or digit at its edge must be a word's edge."""

    text: str
    border_left: bool
    border_right: bool
    sought: list[_Sought]


class Matcher:
    """Phrases ready to be found. It does not change once built, so threads may share it."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._words: list[_Word] = []
        self._numbers: dict[str, int] = {}
        self._watched: set[int] = set()
        self._patterns: list[Pattern] = []
        self._patterns_sought: list[_Sought] = []
        self._always: list[int] = []
        self._awaited: dict[int, list[int]] = {}
        for phrase in _distinct(phrases):
            _check_weight(phrase)
            sought = _Sought(phrase, tuple(self._exclude(phrase, text) for text in phrase.excludes))
            if phrase.is_pattern:
                self._add_pattern(sought)
            else:
                self._words[self._number(_folded(phrase))].sought.append(sought)
        self._automaton = AhoCorasick(list(self._numbers))

    def find(self, text: str) -> list[Hit]:
        """Return every hit in reading order, longer first, overlapping ones too.

        Positions are code points of `text` as given. Linear in its length.
        """
        folded = fold(text)
        watched: dict[int, list[int]] = {}
        likely = set(self._always)
        places = list(self._words_in(folded.text, watched, likely))
        for number in sorted(likely):
            sought = self._patterns_sought[number]
            places += [(sought, start, end) for start, end in self._patterns[number].find(folded.text)]
        hits = [
            _hit(sought.phrase, folded, (start, end), text)
            for sought, start, end in places
            if not any(self._covers(number, watched, start, end) for number in sought.excludes)
        ]
        hits.sort(key=lambda hit: (hit.start, -hit.end, hit.phrase.code))
        return hits

    def _words_in(
        self, text: str, watched: dict[int, list[int]], likely: set[int]
    ) -> Iterator[tuple[_Sought, int, int]]:
        """Yield the phrases; note where exclusions stand and which patterns have a chance."""
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if number in self._awaited:
                likely.update(self._awaited[number])
            word = self._words[number]
            if word.border_left and start and _is_latin(text[start - 1]):
                continue
            if word.border_right and end < len(text) and _is_latin(text[end]):
                continue
            if number in self._watched:
                watched.setdefault(number, []).append(start)
            for sought in word.sought:
                yield sought, start, end

    def _covers(self, number: int, watched: dict[int, list[int]], start: int, end: int) -> bool:
        """All places of one word are equally long, so only the last one begun before `start` matters."""
        starts = watched.get(number, [])
        last = bisect_right(starts, start) - 1
        return last >= 0 and starts[last] + len(self._words[number].text) >= end

    def _add_pattern(self, sought: _Sought) -> None:
        pattern, number = Pattern(sought.phrase), len(self._patterns)
        self._patterns.append(pattern)
        self._patterns_sought.append(sought)
        if not pattern.required:
            self._always.append(number)
        for text in pattern.required:
            self._awaited.setdefault(self._number(text), []).append(number)

    def _exclude(self, phrase: Phrase, text: str) -> int:
        exclude = normalise(text).strip()
        if not exclude:
            raise PhraseError("exclude-empty", phrase)
        if not phrase.is_pattern and (_folded(phrase) not in exclude or _folded(phrase) == exclude):
            raise PhraseError("exclude-does-not-cover", phrase, exclude=text)
        number = self._number(exclude)
        self._watched.add(number)
        return number

    def _number(self, text: str) -> int:
        number = self._numbers.setdefault(text, len(self._numbers))
        if number == len(self._words):
            self._words.append(_Word(text, _is_latin(text[0]), _is_latin(text[-1]), []))
        return number


def _distinct(phrases: Iterable[Phrase]) -> Iterable[Phrase]:
    """Drop repetitions; phrases themselves cannot be hashed, for their effects are a mapping."""
    return {
        (
            phrase.code,
            phrase.text,
            phrase.is_pattern,
            phrase.excludes,
            phrase.weight,
            *tuple(sorted(phrase.effects.items())),
        ): phrase
        for phrase in phrases
    }.values()


def _check_weight(phrase: Phrase) -> None:
    if not 1 <= phrase.weight <= HEAVIEST:
        raise PhraseError("weight-out-of-range", phrase, heaviest=HEAVIEST)


def _folded(phrase: Phrase) -> str:
    text = normalise(phrase.text).strip()
    if not text:
        raise PhraseError("phrase-empty", phrase)
    if len(text) > LONGEST_PHRASE:
        raise PhraseError("phrase-too-long", phrase, longest=LONGEST_PHRASE)
    return text


def _is_latin(char: str) -> bool:
    """Letters and digits of scripts that put spaces between words: Latin, Greek, Cyrillic."""
    return (char < "\u0530" or "\u1e00" <= char <= "\u1fff") and char.isalnum()


def _hit(phrase: Phrase, folded: Folded, place: tuple[int, int], text: str) -> Hit:
    start, end = folded.to_original(*place)
    return Hit(phrase, start, end, text[start:end])
