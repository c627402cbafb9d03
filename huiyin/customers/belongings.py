"""What other packages keep of a customer: each says how it is counted, handed over at a merge, and erased.

Customers stand below cases and the intake, so these come here instead of being called by name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from huiyin.base.actor import Actor
from huiyin.customers.models import Customer


@dataclass(frozen=True, slots=True)
class Held:
    """Rows with a customer. `of` gives their ids; `give` moves exactly these to another customer."""

    name: str
    of: Callable[[Customer], list[int]]
    give: Callable[[Sequence[int], Customer, Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is to be forgotten: all customer rows that are them, and the plain values to look for."""

    ids: Sequence[int]
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One place that holds words of a person. `erase` may run again: what is gone stays gone."""

    name: str
    count: Callable[[Person], int]
    erase: Callable[[Person], None]


# What makes a customer one that was heard of since a moment, as a condition on customers.
HEARD_SINCE: list[Callable[[datetime], Q]] = []
HELD: dict[str, Held] = {}
PLACES: dict[str, Forgotten] = {}
BLOCKERS: list[Callable[[Person], bool]] = []


def hold(held: Held) -> None:
    """Let a merge hand these rows over."""
    HELD[held.name] = held


def forget(place: Forgotten) -> None:
    """Let an erasure empty this place; places are emptied in the order in which they were named."""
    PLACES[place.name] = place


def heard_since(condition: Callable[[datetime], Q]) -> None:
    """Let nobody be forgotten by age of whom this condition holds."""
    if condition not in HEARD_SINCE:
        HEARD_SINCE.append(condition)


def refuse_while(busy: Callable[[Person], bool]) -> None:
    """Let no erasure be asked for while `busy` says that the person still waits for something."""
    if busy not in BLOCKERS:
        BLOCKERS.append(busy)
