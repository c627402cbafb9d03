"""An order that looks random and is the same for the same seed, on every machine and Python version."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
MASK = 2**64 - 1


def shuffled(items: Iterable[T], seed: int) -> list[T]:
    """Return the items in the order of the numbers SplitMix64 (Steele, Lea, Flood 2014) draws for them."""
    drawn = [(_mix(seed * 0x9E3779B97F4A7C15 + at), at, item) for at, item in enumerate(items)]
    drawn.sort(key=lambda one: one[:2])
    return [item for _, _, item in drawn]


def _mix(state: int) -> int:
    mixed = (state + 0x9E3779B97F4A7C15) & MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
    return mixed ^ (mixed >> 31)
