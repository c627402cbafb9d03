"""Find all phrases of a configuration in a message, in one pass over the folded text."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from huiyin.engines.keywords.folding import Folded, fold, normalise
from huiyin.engines.keywords.pattern import Patterns
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
        patterns: list[_Sought] = []
        for phrase in phrases:
            _check_weight(phrase)
            sought = _Sought(phrase, tuple(self._exclude(phrase, text) for text in phrase.excludes))
            known = patterns if phrase.is_pattern else self._words[self._number(_folded(phrase))].sought
            if sought not in known:
                known.append(sought)
        self._automaton = AhoCorasick(list(self._numbers))
        self._patterns = Patterns([sought.phrase for sought in patterns])
        self._pattern_excludes = [sought.excludes for sought in patterns]

    def find(self, text: str) -> list[Hit]:
        """Return every hit in reading order, longer first, overlapping ones too.

        Positions are code points of `text` as given. Linear in its length.
        """
        folded = fold(text)
        watched: dict[int, list[int]] = {}
        places = list(self._words_in(folded.text, watched))
        for number, start, end in self._patterns.find(folded.text):
            phrase = self._patterns.phrases[number]
            places.append((_Sought(phrase, self._pattern_excludes[number]), start, end))
        hits = [
            _hit(sought.phrase, folded, (start, end), text)
            for sought, start, end in places
            if not any(self._covers(number, watched, start, end) for number in sought.excludes)
        ]
        hits.sort(key=lambda hit: (hit.start, -hit.end, hit.phrase.code))
        return hits

    def _words_in(self, text: str, watched: dict[int, list[int]]) -> Iterator[tuple[_Sought, int, int]]:
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
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
