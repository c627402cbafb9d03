"""One writer at a time, over threads and processes, with an end to the waiting."""

import fcntl
import os
import threading
import time

WAIT_S = 5.0


class GateBusy(Exception):
    """Nobody let us through in time."""


class Gate:
    """A thread lock, then a file lock. The kernel frees the file lock when its holder dies."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = threading.Lock()
        self._file: int | None = None
        self._pid = os.getpid()

    def enter(self, wait_s: float = WAIT_S) -> float:
        """Pass the gate; return the seconds left of `wait_s`. Raises GateBusy, holding nothing."""
        until = time.monotonic() + wait_s
        if self._pid != os.getpid():
            # After a fork the inherited descriptor shares its lock with the parent: open our own.
            self._file, self._thread, self._pid = None, threading.Lock(), os.getpid()
        if not self._thread.acquire(timeout=wait_s):
            raise GateBusy(f"another request held the database for {wait_s:.0f} s")
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            pause = 0.0002
            while True:
                try:
                    fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return max(0.0, until - time.monotonic())
                except BlockingIOError:
                    if time.monotonic() >= until:
                        raise GateBusy(f"another process held the database for {wait_s:.0f} s") from None
                time.sleep(pause)
                pause = min(pause * 2, 0.002)
        except BaseException:
            self._thread.release()
            raise

    def leave(self) -> None:
        """Let the next one through."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._thread.release()


_gates: dict[str, Gate] = {}
_gates_lock = threading.Lock()


def gate_for(database: str) -> Gate:
    """Return the gate of this database file, one object a process."""
    with _gates_lock:
        return _gates.setdefault(database, Gate(f"{database}.gate"))
