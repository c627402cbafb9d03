"""How soon a case must be looked after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from huiyin.engines.classify.emotions import UPSET
from huiyin.engines.classify.evidence import Evidence, gather
from huiyin.engines.keywords import Hit
from huiyin.engines.reason import Reason

Priority = Literal["urgent", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "urgent")
IMPORTANT_LEVELS = frozenset({"vip", "key", "gold", "platinum", "diamond"})
_URGENT = PRIORITIES.index("urgent")


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about a message besides its category."""

    hits: Sequence[Hit]
    customer_level: str | None
    earlier_complaint: bool
    emotion: str | None
    burst: bool


@dataclass(frozen=True, slots=True)
class Urgency:
    """The priority decided, and why, in the order the steps were taken."""

    priority: Priority
    because: tuple[Reason, ...]


def prioritise(
    signals: Signals,
    *,
    category: str | None,
    defaults: Mapping[str, str],
    important_levels: frozenset[str] = IMPORTANT_LEVELS,
) -> Urgency:
    """Return the priority of a case.

    1. A phrase with the effect priority = urgent, or a burst, makes it urgent at once.
    2. Else the category's default holds (normal when it has none), but phrases replace it: the most
       pressing one; a default of urgent is never lowered.
    3. Then an important customer, an upset one and an earlier complaint each push: one push lifts low
       to normal, two lift normal to urgent. Never two steps.
    Raises ValueError for a default that is not a priority.
    """
    wishes = [item for item in gather(signals.hits, "priority") if item.value in PRIORITIES]
    urgent = [item for item in wishes if item.value == "urgent"]
    if urgent or signals.burst:
        because = [_phrase_says(item) for item in urgent] + ([Reason("burst")] if signals.burst else [])
        return Urgency("urgent", tuple(because))
    level, because = _starting_level(category, defaults, wishes)
    pushes = _pushes(signals, important_levels)
    lifted = level < _URGENT and len(pushes) > level
    if not lifted:
        return Urgency(PRIORITIES[level], tuple(because))
    return Urgency(PRIORITIES[level + 1], (*because, *pushes, _lifted(level)))


def _starting_level(
    category: str | None, defaults: Mapping[str, str], wishes: list[Evidence]
) -> tuple[int, list[Reason]]:
    level, because = PRIORITIES.index("normal"), Reason("no_default")
    if category is not None and category in defaults:
        level = _level(defaults[category])
        because = Reason("category_default", {"category": category, "priority": PRIORITIES[level]})
    if not wishes or level == _URGENT:
        return level, [because]
    level = max(_level(item.value) for item in wishes)
    return level, [_phrase_says(item) for item in wishes if item.value == PRIORITIES[level]]


def _level(priority: str) -> int:
    for level, known in enumerate(PRIORITIES):
        if priority == known:
            return level
    raise ValueError(f"{priority!r} is no priority")


def _pushes(signals: Signals, important_levels: frozenset[str]) -> list[Reason]:
    pushes = []
    if signals.customer_level in important_levels and signals.customer_level is not None:
        pushes.append(Reason("important_customer", {"level": signals.customer_level}))
    if signals.emotion in UPSET and signals.emotion is not None:
        pushes.append(Reason("upset_customer", {"emotion": signals.emotion}))
    if signals.earlier_complaint:
        pushes.append(Reason("earlier_complaint"))
    return pushes


def _phrase_says(item: Evidence) -> Reason:
    params = {"matched": item.hit.matched, "priority": item.value, "phrase": item.hit.phrase.code}
    return Reason("phrase_sets_priority", params)


def _lifted(level: int) -> Reason:
    return Reason("lifted", {"from": PRIORITIES[level], "to": PRIORITIES[level + 1]})
