"""Invariants of what is stored: each package registers its own, `huiyin verify` runs them all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Check = Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """`rule` says in plain words what must hold; `check` yields one line for each place where it does not."""

    rule: str
    check: Check


INVARIANTS: list[Invariant] = []


def invariant(rule: str) -> Callable[[Check], Check]:
    """Register a check under the rule it proves."""

    def register(check: Check) -> Check:
        INVARIANTS.append(Invariant(rule, check))
        return check

    return register
