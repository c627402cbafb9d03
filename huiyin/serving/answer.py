"""Carries one answer from the thread that makes it to the loop that sends it."""

import asyncio
import logging
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import IO, Any

from starlette.types import Send

from huiyin.serving.limits import KB, Limits
from huiyin.serving.problem import FAILED, refuse
from huiyin.serving.spool import ClientGoneError

PIECE_BYTES = 64 * KB
DROPPED = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade"})
log = logging.getLogger("huiyin.serving")


class AnswerBrokenError(Exception):
    """The application failed after its answer had begun: the connection is cut so the client can tell."""


class Answer:
    """A bounded pipe: memory first, then a temporary file, then the writing thread waits.

    A slow reader therefore keeps a thread only when an answer outgrows `answer_spill_bytes`.
    Use `with answer:` around the application: it ends the answer whichever way the block is left.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, head: bool, limits: Limits) -> None:
        self._loop, self._limits = loop, limits
        self._changed = threading.Condition()
        self._ready = asyncio.Event()
        self._start: dict[str, Any] | None = None
        self._chunks: deque[bytes] = deque()
        self._held = self._spilled = self._read = 0
        self._owed = -1  # bytes of the declared length that have not come yet
        self._spill: IO[bytes] | None = None
        self._ended = self._broken = False
        self.gone = False
        self.bodiless = head

    # In the thread

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        """Take status and headers, as WSGI demands; a second call replaces them while nothing is sent."""
        code = int(status.split(" ", 1)[0])
        self.bodiless = self.bodiless or code in (204, 304)
        dropped = DROPPED | {"content-length"} if code in (204, 304) else DROPPED
        pairs = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers
            if name.lower() not in dropped
        ]
        self._start = {"type": "http.response.start", "status": code, "headers": pairs}
        self._owed = next((int(value) for name, value in pairs if name == b"content-length"), -1)
        return self.write

    def write(self, chunk: bytes) -> None:
        """Hand over a piece. Waits while the client is far behind; raises ClientGoneError when it left.

        The piece that completes the declared length ends the answer: one turn of the loop then sends all of it.
        """
        with self._changed:
            self._owed -= len(chunk)
            self._ended = self._ended or self._owed == 0
            if self._spilled == 0 and (
                not self._held or self._held + len(chunk) <= self._limits.answer_memory_bytes
            ):
                self._chunks.append(chunk)
                self._held += len(chunk)
            elif not self.gone:
                self._write_spill(chunk)
            self._wake()
            self._changed.wait_for(
                lambda: self.gone or self._spilled - self._read <= self._limits.answer_spill_bytes
            )
            if self.gone:
                raise ClientGoneError

    def end(self) -> None:
        """Say that nothing more comes. A second call is harmless."""
        with self._changed:
            if not self._ended:
                self._ended = True
                self._wake()

    def __enter__(self) -> "Answer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        if error is not None and not isinstance(error, ClientGoneError):
            log.error("the application failed", exc_info=error)
            self._broken = not self._ended
        self.end()
        return True  # a thread of the pool outlives whatever one request does

    # In the loop

    async def relay(self, send: Send) -> None:
        """Send the answer as it comes. Raises AnswerBrokenError when it cannot be completed."""
        await self._ready.wait()
        if self.gone:
            return
        if self._start is None or (self._broken and not self._chunks):
            await refuse(FAILED, send)
            return
        await send(self._start)
        while True:
            chunk, last = self._take()
            if chunk or last:
                await send({"type": "http.response.body", "body": chunk, "more_body": not last})
            if last or self.gone:
                return
            if not chunk:
                await self._ready.wait()

    def abandon(self) -> None:
        """Forget the answer; the thread learns of it at its next piece. A second call is harmless."""
        with self._changed:
            self.gone = True
            self._chunks.clear()
            if self._spill is not None:
                self._spill.close()
            self._changed.notify()
        self._ready.set()

    def _take(self) -> tuple[bytes, bool]:
        with self._changed:
            chunk = b""
            if self._chunks:
                chunk = self._join()
            elif self._spilled and not self.gone:
                chunk = self._read_spill()
                self._changed.notify()
            last = self._ended and not self._chunks and not self._spilled
            if last and self._broken:
                raise AnswerBrokenError
            if not chunk and not last:
                self._ready.clear()
            return chunk, last

    def _join(self) -> bytes:
        """Take the waiting pieces together, so that many small ones cost one write."""
        taken = [self._chunks.popleft()]
        size = len(taken[0])
        while self._chunks and size + len(self._chunks[0]) <= PIECE_BYTES:
            taken.append(self._chunks.popleft())
            size += len(taken[-1])
        self._held -= size
        return b"".join(taken)

    def _write_spill(self, chunk: bytes) -> None:
        if self._spill is None:
            self._spill = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by abandon, which always comes
        self._spill.seek(self._spilled)
        self._spill.write(chunk)
        self._spilled += len(chunk)

    def _read_spill(self) -> bytes:
        assert self._spill is not None
        self._spill.seek(self._read)
        chunk = self._spill.read(PIECE_BYTES)
        self._read += len(chunk)
        if self._read >= self._spilled:
            self._spill.truncate(0)
            self._spilled = self._read = 0
        return chunk

    def _wake(self) -> None:
        try:
            if not self._ready.is_set():
                self._loop.call_soon_threadsafe(self._ready.set)
        except RuntimeError:  # the loop has closed: the process is leaving
            self.gone = True
