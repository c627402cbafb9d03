"""The driver of walks, tried on a product that forgets: what a seed draws, and what a failure tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import pytest

from tests.model.walking import Apart, Step, drawn, one_of, shortened, verb, walk, whole


class Shelf:
    """Holds things; one that holds a pear loses its count at the third apple."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.counted = 0

    @classmethod
    @contextmanager
    def begun(cls) -> Iterator[Self]:
        yield cls()

    @verb(thing=one_of(["apple", "pear", "plum"]), times=whole(1, 3))
    def puts(self, thing: str, times: int) -> None:
        self.held += [thing] * times
        self.counted += 0 if "pear" in self.held and self.held.count("apple") >= 3 else times

    @verb()
    def looks(self) -> None:
        pass

    def agrees(self, nth: int) -> str:
        assert self.counted == len(self.held)
        return str(self.counted)


def test_a_seed_draws_the_same_steps_everywhere() -> None:
    assert drawn(Shelf, "31/7", 6) == [
        Step("puts", {"thing": "plum", "times": 2}),
        Step("looks", {}),
        Step("puts", {"thing": "apple", "times": 2}),
        Step("puts", {"thing": "plum", "times": 1}),
        Step("looks", {}),
        Step("looks", {}),
    ]


def test_a_walk_that_agrees_leaves_a_trace_of_what_came_of_each_step() -> None:
    calm = [Step("puts", {"thing": "plum", "times": 2}), Step("looks", {})]
    assert walk(Shelf.begun, calm, seed="1") == walk(Shelf.begun, calm, seed="2")
    assert walk(Shelf.begun, calm[:1], seed="1") != walk(Shelf.begun, calm, seed="1")


def test_a_walk_that_fails_tells_its_seed_and_only_the_steps_that_matter() -> None:
    steps = [Step("looks", {})] * 9 + [
        Step("puts", {"thing": "pear", "times": 1}),
        Step("puts", {"thing": "plum", "times": 3}),
        Step("looks", {}),
        Step("puts", {"thing": "apple", "times": 3}),
        *[Step("looks", {})] * 9,
    ]
    with pytest.raises(Apart) as apart:
        walk(Shelf.begun, steps, seed="31/7")
    assert str(apart.value).splitlines()[1:] == [
        "seed 31/7, 2 of 13 steps:",
        "Step(verb='puts', told={'thing': 'pear', 'times': 1})",
        "Step(verb='puts', told={'thing': 'apple', 'times': 3})",
    ]


def test_the_search_for_fewer_steps_ends() -> None:
    replays: list[int] = []

    def fails(steps: object) -> bool:
        replays.append(1)
        return False

    assert len(shortened(fails, [Step("looks", {})] * 500)) == 500
    assert len(replays) == 100
