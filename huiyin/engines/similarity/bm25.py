"""A search index that ranks by BM25, built once and then only read.

Formula: Robertson and Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond” (2009), with the idf
ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative. k1 = 1.2, b = 0.75.
"""

import heapq
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from huiyin.engines.similarity.tokens import tokens

K1 = 1.2
B = 0.75


@dataclass(frozen=True, slots=True)
class Match:
    """A document found: its key, its score (comparable within one index), and the words it shares."""

    key: str
    score: float
    words: tuple[str, ...]


class Index:
    """An immutable index; threads may share it. Build it with Builder."""

    __slots__ = ("_keys", "_postings")

    def __init__(self, keys: tuple[str, ...], postings: Mapping[str, tuple[tuple[int, float], ...]]) -> None:
        self._keys = keys
        self._postings = postings

    def __len__(self) -> int:
        return len(self._keys)

    def search(self, text: str, limit: int = 10) -> list[Match]:
        """Return the best documents that share a word with `text`, best first; equal ones as they were added.

        A word counts once however often `text` repeats it. An empty text finds nothing.
        """
        scores: dict[int, float] = {}
        words: dict[int, list[str]] = {}
        for word in dict.fromkeys(tokens(text)):
            for number, part in self._postings.get(word, ()):
                scores[number] = scores.get(number, 0.0) + part
                words.setdefault(number, []).append(word)
        best = heapq.nsmallest(limit, scores, key=lambda number: (-scores[number], number))
        return [Match(self._keys[number], scores[number], tuple(words[number])) for number in best]


class Builder:
    """Collects documents for an Index."""

    def __init__(self) -> None:
        self._documents: dict[str, Counter[str]] = {}

    def add(self, key: str, text: str) -> None:
        """Add a document; text added under the same key again belongs to the same document."""
        self._documents.setdefault(key, Counter()).update(tokens(text))

    def build(self) -> Index:
        """Return an index of what was added so far; adding more afterwards does not change it."""
        lengths = [counts.total() for counts in self._documents.values()]
        average = sum(lengths) / len(lengths) if any(lengths) else 1.0
        spread = Counter(word for counts in self._documents.values() for word in counts)
        size = len(lengths)
        idf = {word: math.log(1 + (size - n + 0.5) / (n + 0.5)) for word, n in spread.items()}
        postings: dict[str, list[tuple[int, float]]] = {word: [] for word in spread}
        for number, counts in enumerate(self._documents.values()):
            damping = K1 * (1 - B + B * lengths[number] / average)
            for word, times in counts.items():
                postings[word].append((number, idf[word] * times * (K1 + 1) / (times + damping)))
        return Index(tuple(self._documents), {word: tuple(listed) for word, listed in postings.items()})
