"""What a process read from the database at most a second ago: for rows that every message asks for and few change.

Only for what may be a second late.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

HELD_FOR_S = 1.0
T = TypeVar("T")


class Held(Generic[T]):
    """One value, read again when it is asked for after a second."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._held: tuple[float, T] | None = None

    def get(self) -> T:
        """Return the value. Threads that ask at the same moment may each read it."""
        held = self._held
        if held is None or time.monotonic() - held[0] > HELD_FOR_S:
            held = (time.monotonic(), self._read())
            self._held = held
        return held[1]

    def forget(self) -> None:
        """Read it again at the next question."""
        self._held = None
