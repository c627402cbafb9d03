"""Near duplicates among many texts without comparing every pair.

Locality-sensitive hashing (Indyk and Motwani 1998): signatures are cut into bands; texts that agree in a
whole band are candidates, and only candidates are compared exactly. So nothing is ever called alike that is
not; a pair just as alike as the threshold is overlooked in less than 1 % of the cases.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from huiyin.engines.similarity.alike import Unit, jaccard, shingles
from huiyin.engines.similarity.minhash import SIZE, signature

OVERLOOKED = 0.01


class Nearby:
    """Texts that can be asked which of them are alike to a new one. Mutable: texts are added one by one.

    Raises ValueError for a threshold not above 0 or above 1.
    """

    def __init__(self, threshold: float = 0.8, unit: Unit = "characters") -> None:
        self._rows = _rows(threshold)
        self.threshold = threshold
        self.unit: Unit = unit
        self._sets: dict[str, frozenset[str]] = {}
        self._buckets: dict[tuple[int, ...], list[str]] = {}

    def add(self, key: str, text: str) -> None:
        """Add a text; a key that is known already is refused with ValueError."""
        if key in self._sets:
            raise ValueError(f"the key {key!r} was added before")
        self._sets[key] = shingles(text, self.unit)
        for band in self._bands(self._sets[key]):
            self._buckets.setdefault(band, []).append(key)

    def near(self, text: str) -> list[tuple[str, float]]:
        """Return the texts that reach the threshold, with their Jaccard measure, most alike first."""
        asked = shingles(text, self.unit)
        found = {key for band in self._bands(asked) for key in self._buckets.get(band, ())}
        measured = [(key, jaccard(asked, self._sets[key])) for key in found]
        alike = [one for one in measured if one[1] >= self.threshold]
        return sorted(alike, key=lambda one: (-one[1], one[0]))

    def _bands(self, members: frozenset[str]) -> Iterator[tuple[int, ...]]:
        return _bands(members, self._rows)


def clusters(texts: Sequence[str], threshold: float = 0.8, unit: Unit = "characters") -> list[list[int]]:
    """Return groups of the texts' numbers, linked by pairs that are alike by at least `threshold`.

    Every number is in one group; groups and their members are in order. Texts without letters stay alone.
    Raises ValueError for a threshold not above 0 or above 1.
    """
    rows = _rows(threshold)
    by_set: dict[frozenset[str], list[int]] = {}
    for number, text in enumerate(texts):
        by_set.setdefault(shingles(text, unit), []).append(number)
    alone = by_set.pop(frozenset(), [])
    sets = list(by_set)
    linked = _link(sets, rows, threshold)
    groups: dict[int, list[int]] = {}
    for at, root in enumerate(linked):
        groups.setdefault(root, []).extend(by_set[sets[at]])
    return sorted([sorted(group) for group in groups.values()] + [[number] for number in alone])


def _link(sets: list[frozenset[str]], rows: int, threshold: float) -> list[int]:
    """Give each set the number of its group: a forest of parents, flattened."""
    parents = list(range(len(sets)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    buckets: dict[tuple[int, ...], list[int]] = {}
    for at, members in enumerate(sets):
        for band in _bands(members, rows):
            buckets.setdefault(band, []).append(at)
    for one, two in _candidates(buckets.values()):
        first, second = root(one), root(two)
        if first != second and jaccard(sets[one], sets[two]) >= threshold:
            parents[max(first, second)] = min(first, second)
    return [root(at) for at in range(len(sets))]


def _candidates(buckets: Iterable[list[int]]) -> Iterator[tuple[int, int]]:
    for bucket in buckets:
        yield from combinations(bucket, 2)


def _bands(members: frozenset[str], rows: int) -> Iterator[tuple[int, ...]]:
    if members:
        signed = signature(members)
        yield from ((first, *signed[first : first + rows]) for first in range(0, SIZE - rows + 1, rows))


def _rows(threshold: float) -> int:
    """The longest bands that still overlook less than 1 % of the pairs just at the threshold."""
    if not 0 < threshold <= 1:
        raise ValueError(f"a threshold lies above 0 and is at most 1, not {threshold}")
    for rows in range(SIZE, 1, -1):
        if (1 - threshold**rows) ** (SIZE // rows) < OVERLOOKED:
            return rows
    return 1
