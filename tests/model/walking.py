"""Drives walks: steps drawn from a seed and from nothing else, played one by one, and shortened when they fail.

Arguments of a step mean something in every state (a number is taken modulo what there is), so a history without
some of its steps can be played too.
"""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Draw = Callable[[random.Random], Any]
Verb = TypeVar("Verb", bound=Callable[..., None])
WEIGHTS = (0.05, 1.0, 1.0, 3.0)  # each walk prefers other verbs, so that rare company comes together too
REPLAYS = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One verb with its arguments; its text is Python that makes it again."""

    verb: str
    told: Mapping[str, Any]


class Walker(Protocol):
    """What is walked through. `agrees` raises when the product is not what the model says, and returns a trace."""

    def agrees(self, nth: int) -> str: ...


Begin = Callable[[], AbstractContextManager[Walker]]


class Apart(AssertionError):
    """Product and model disagree; the message tells the seed and the steps that are enough to show it."""


def whole(least: int, most: int) -> Draw:
    """Return a draw of a whole number, both ends included."""
    return lambda chance: least + int(chance.random() * (most - least + 1))


def one_of(choices: Sequence[Any]) -> Draw:
    """Return a draw of one of these."""
    return lambda chance: choices[int(chance.random() * len(choices))]


def verb(*, often: float = 1, **draws: Draw) -> Callable[[Verb], Verb]:
    """Mark a method as a verb of the walk, and say how its arguments are drawn, and how much oftener than others."""

    def marked(method: Verb) -> Verb:
        method.__dict__.update(draws=draws, often=often)
        return method

    return marked


def drawn(walker: type[Any], seed: str, length: int) -> list[Step]:
    """Return the steps of a walk: the same for the same seed and verbs, on any machine, in any order of tests."""
    chance = random.Random(seed)
    verbs = {name: method.draws for name in dir(walker) if hasattr(method := getattr(walker, name), "draws")}
    weights = [one_of(WEIGHTS)(chance) * getattr(walker, name).often for name in verbs]
    names = chance.choices(list(verbs), weights, k=length)
    return [Step(name, {key: draw(chance) for key, draw in verbs[name].items()}) for name in names]


def walk(begin: Begin, steps: Sequence[Step], *, seed: str) -> str:
    """Play these steps and return the digest of what came of each. Raises Apart, with the steps that are enough."""
    trace = hashlib.sha256()
    played: list[Step] = []
    try:
        _play(begin, steps, trace.update, played)
    except Exception as error:
        enough = shortened(lambda fewer: _fails(begin, fewer), played)
        history = "\n".join(map(repr, enough))
        raise Apart(f"{error!r}\nseed {seed}, {len(enough)} of {len(played)} steps:\n{history}") from error
    return trace.hexdigest()


def shortened(fails: Callable[[Sequence[Step]], bool], steps: Sequence[Step]) -> Sequence[Step]:
    """Return fewer steps that still fail: half of them is left out, then quarters, at last one by one."""
    size, left = len(steps) // 2, REPLAYS
    while size and left:
        place = 0
        while place < len(steps) and left:
            fewer = [*steps[:place], *steps[place + size :]]
            left -= 1
            if fails(fewer):
                steps = fewer
            else:
                place += size
        size //= 2
    return steps


def _fails(begin: Begin, steps: Sequence[Step]) -> bool:
    try:
        _play(begin, steps, lambda line: None, [])
    except Exception:  # noqa: BLE001 any way to fail is a finding
        return True
    return False


def _play(begin: Begin, steps: Sequence[Step], heard: Callable[[bytes], None], played: list[Step]) -> None:
    with begin() as walker:
        for nth, step in enumerate(steps, 1):
            played.append(step)
            getattr(walker, step.verb)(**step.told)
            heard(f"{step} {walker.agrees(nth)}\n".encode())
