"""Decide a category from phrases, or say that there is nothing to decide from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huiyin.engines.classify.evidence import Evidence, certainty, gather
from huiyin.engines.keywords import Hit
from huiyin.engines.reason import Reason


@dataclass(frozen=True, slots=True)
class Classification:
    """The category decided, how sure (0 to 1), every category's score, and why.

    `scores` holds each category that a phrase argued for and its ancestors, sub-categories included.
    """

    category: str | None
    confidence: float
    scores: Mapping[str, int]
    because: tuple[Reason, ...]


def classify(
    hits: Sequence[Hit], *, subject_span: range | None = None, parents: Mapping[str, str | None]
) -> Classification:
    """Return the category that the hits argue for; None with confidence 0 when none does.

    `subject_span` is where the subject lies in the text that was searched; phrases there count twice.
    `parents` names each category's parent (None at the top; a category not named is at the top).
    The best top category is chosen by the sum of its branch, then the best branch below it, down to
    where no phrase is more exact. Confidence = (1 − 2^−score) × score ÷ (score + best rival), so a
    tie is never above 0.5. Raises ValueError when `parents` runs in a ring.
    """
    evidence = gather(hits, "category", subject_span)
    if not evidence:
        return Classification(None, 0.0, {}, (Reason("nothing_matched"),))
    branches = _branches(evidence, parents)
    category, ties = _descend(branches, parents)
    own = branches[category]
    lineage = set(_lineage(category, parents))
    others = {
        code: items
        for code, items in branches.items()
        if code not in lineage and category not in _lineage(code, parents)
    }
    rival = max((_score(items) for items in others.values()), default=0)
    confidence = certainty(_score(own)) * _score(own) / (_score(own) + rival)
    because = [_decided(item) for item in own] + ties
    because += [_overruled(item) for item in evidence if category not in _lineage(item.value, parents)]
    scores = {code: _score(items) for code, items in sorted(branches.items())}
    return Classification(category, round(confidence, 4), scores, tuple(because))


def _branches(evidence: list[Evidence], parents: Mapping[str, str | None]) -> dict[str, list[Evidence]]:
    branches: dict[str, list[Evidence]] = {}
    for item in evidence:
        for code in _lineage(item.value, parents):
            branches.setdefault(code, []).append(item)
    return branches


def _lineage(category: str, parents: Mapping[str, str | None]) -> list[str]:
    lineage = [category]
    while (parent := parents.get(lineage[-1])) is not None:
        if parent in lineage:
            raise ValueError(f"categories run in a ring: {' → '.join([*lineage, parent])}")
        lineage.append(parent)
    return lineage


def _descend(
    branches: dict[str, list[Evidence]], parents: Mapping[str, str | None]
) -> tuple[str, list[Reason]]:
    ties: list[Reason] = []
    category: str | None = None
    while True:
        below = [code for code in branches if parents.get(code) == category]
        if not below:
            break
        below.sort(key=lambda code: _rank(code, branches[code]))
        if len(below) > 1 and _score(branches[below[0]]) == _score(branches[below[1]]):
            ties.append(_tie(below[0], below[1], branches))
        category = below[0]
    if category is None:
        raise AssertionError("evidence without a branch")
    return category, ties


def _rank(code: str, items: list[Evidence]) -> tuple[int, int, bool, int, str]:
    """Higher score, then more phrases, then the earlier mention (subject first), then the code."""
    first = items[0]
    return (-_score(items), -len(items), not first.in_subject, first.hit.start, code)


def _tie(winner: str, loser: str, branches: dict[str, list[Evidence]]) -> Reason:
    ours, theirs = _rank(winner, branches[winner]), _rank(loser, branches[loser])
    return Reason("tie_broken", {"category": winner, "against": loser, "by": _what_decided(ours, theirs)})


def _what_decided(ours: tuple[int, int, bool, int, str], theirs: tuple[int, int, bool, int, str]) -> str:
    if ours[1] != theirs[1]:
        return "more_phrases"
    return "earlier_mention" if ours[2:4] != theirs[2:4] else "code_order"


def _score(items: list[Evidence]) -> int:
    return sum(item.score for item in items)


def _decided(item: Evidence) -> Reason:
    return Reason("phrase_decided", _params(item))


def _overruled(item: Evidence) -> Reason:
    return Reason("phrase_overruled", _params(item))


def _params(item: Evidence) -> dict[str, str | int | float]:
    return {
        "matched": item.hit.matched,
        "category": item.value,
        "phrase": item.hit.phrase.code,
        "score": item.score,
        "start": item.hit.start,
        "end": item.hit.end,
    }
