"""Which hits count: each phrase once, the specific before the general, the subject twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huiyin.engines.keywords import Hit

SUBJECT_FACTOR = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """One phrase that argues for `value`, and how much it counts."""

    hit: Hit
    value: str
    score: int
    in_subject: bool


def gather(hits: Iterable[Hit], effect: str, subject: range | None = None) -> list[Evidence]:
    """Return what the hits argue for under one effect, in reading order, subject first.

    A hit inside a longer phrase with the same effect does not count: 退款流程 speaks, the 退款 in it
    does not. A phrase found several times counts once, where it counts most.
    """
    speaking = _outermost([hit for hit in hits if effect in hit.phrase.effects])
    evidence = [_weigh(hit, hit.phrase.effects[effect], subject) for hit in speaking]
    evidence.sort(key=lambda item: (not item.in_subject, item.hit.start, item.hit.end, item.hit.phrase.code))
    first: dict[tuple[str, str, str], Evidence] = {}
    for item in evidence:
        first.setdefault((item.hit.phrase.code, item.hit.phrase.text, item.value), item)
    return list(first.values())


def certainty(score: int) -> float:
    """Return how far a score convinces: 1 − 2^−score, so 1 gives 0.5, 2 gives 0.75, 3 gives 0.875."""
    return 1 - 0.5**score


def _outermost(hits: Sequence[Hit]) -> list[Hit]:
    """Patterns cover nothing: their length says how loose they are, not how exact."""
    kept: list[Hit] = []
    outer: Hit | None = None
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if outer and hit.end <= outer.end and (hit.start, hit.end) != (outer.start, outer.end):
            continue
        kept.append(hit)
        if not hit.phrase.is_pattern:
            outer = hit
    return kept


def _weigh(hit: Hit, value: str, subject: range | None) -> Evidence:
    in_subject = subject is not None and hit.start in subject
    return Evidence(hit, value, hit.phrase.weight * (SUBJECT_FACTOR if in_subject else 1), in_subject)
