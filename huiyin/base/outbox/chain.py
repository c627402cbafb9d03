"""How far one thing may cause another. What tasks cause is counted, so that rules that trigger each other end.

A person or a message stands at depth 0. A task stands one below the fact that put it, and so does all that it records.
What follows for one subject from one fact of depth 0 is at most fifty tasks: each task may use up its share, and
hands what is left of it to those it puts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

DEPTH_LIMIT = 5
ACTIONS_LIMIT = 50


@dataclass(slots=True)
class Link:
    """The task that runs: where it stands, and how many tasks it may still cause for each subject."""

    depth: int
    budget: int
    left: dict[int, int] = field(default_factory=dict)


_running: ContextVar[Link | None] = ContextVar("running", default=None)


@contextmanager
def inside(depth: int, budget: int) -> Iterator[None]:
    """Let everything recorded in the block stand at this depth."""
    token = _running.set(Link(depth, budget))
    try:
        yield
    finally:
        _running.reset(token)


def depth() -> int:
    """Return the depth of what is recorded now."""
    link = _running.get()
    return link.depth if link else 0


def budget() -> int:
    """Return what the running task was given; the whole of it outside of one."""
    link = _running.get()
    return link.budget if link else ACTIONS_LIMIT


def spend(subject: int, wanted: int) -> tuple[int, int]:
    """Take tasks out of what is left for this subject: how many may be put, and what each of them is given.

    What stands at depth 0 puts as many as it needs: one answer to a thousand cases is no loop.
    """
    link = _running.get()
    if link is None or link.depth == 0:
        return wanted, ACTIONS_LIMIT
    left = link.left.get(subject, link.budget)
    granted = min(wanted, left)
    each = (left - granted) // (granted + 1)
    link.left[subject] = left - granted - each * granted
    return granted, each
