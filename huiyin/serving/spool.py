"""Reads a whole request body before a thread is taken, so that a slow sender costs no thread."""

import asyncio
import contextlib
import tempfile
from dataclasses import dataclass
from typing import IO

from starlette.types import Receive, Scope

from huiyin.serving import problem
from huiyin.serving.limits import Limits
from huiyin.serving.problem import Refused


class ClientGoneError(Exception):
    """The client closed its connection."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body that has arrived: `file` stands at its start, `size_bytes` is its true length."""

    file: IO[bytes]
    size_bytes: int


class Spool:
    """Takes bodies into memory, the larger ones into temporary files, and keeps count of all it holds."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held_bytes = 0

    async def take(self, scope: Scope, receive: Receive) -> Body:
        """Return the whole body; the caller closes its file and then calls `release` once.

        Raises Refused when it is too large, too slow or finds no room, ClientGoneError when the
        client leaves.
        """
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if int(declared) > self._limits.body_bytes:
            raise Refused(problem.BODY_TOO_LARGE)
        with contextlib.ExitStack() as undo:
            file = undo.enter_context(tempfile.SpooledTemporaryFile(self._limits.body_memory_bytes))
            size = await self._fill(file, receive, undo)
            file.seek(0)
            undo.pop_all()
            return Body(file, size)

    def release(self, size_bytes: int) -> None:
        """Give back the room of one body."""
        self._held_bytes -= size_bytes

    async def _fill(self, file: IO[bytes], receive: Receive, undo: contextlib.ExitStack) -> int:
        size, started = 0, asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(started + self._limits.body_s) as deadline:
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGoneError
                    chunk, more = message.get("body", b""), message.get("more_body", False)
                    size += len(chunk)
                    self._held_bytes += len(chunk)
                    undo.callback(self.release, len(chunk))
                    self._store(file, chunk, size)
                    deadline.reschedule(started + self._limits.body_s + size / self._limits.body_bytes_per_s)
        except TimeoutError:
            raise Refused(problem.BODY_TOO_SLOW) from None
        return size

    def _store(self, file: IO[bytes], chunk: bytes, size: int) -> None:
        if size > self._limits.body_bytes:
            raise Refused(problem.BODY_TOO_LARGE)
        if self._held_bytes > self._limits.bodies_bytes:
            raise Refused(problem.NO_ROOM)
        try:
            file.write(chunk)
        except OSError:  # the disk is full
            raise Refused(problem.NO_ROOM) from None
