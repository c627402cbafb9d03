"""uvicorn's HTTP protocol with the deadlines and caps that it lacks."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from huiyin.serving import problem
from huiyin.serving.limits import Gate
from huiyin.serving.problem import Problem

PIPELINED = 16


class TooMuchError(Exception):
    """Stops the parser when a head is too large or too many requests wait on one connection."""


class LimitedProtocol(HttpToolsProtocol):
    """Cuts slow and large heads, readers that do not read, and connections beyond the gate's caps."""

    def __init__(self, *args: Any, gate: Gate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate, self._limits = gate, gate.limits
        self._key: str | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._parsed = self._fed = self._unsent = 0
        self._began = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._key = self._gate.enter(self.client[0] if self.client else "", len(self.connections))
        if self._key is None:
            self._refuse(problem.TOO_MANY)
        else:
            self._arm_head()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        if self._key is not None:
            self._gate.leave(self._key)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        in_head = self._head_timer is not None
        super().data_received(data)
        if self.transport.is_closing():
            return
        if in_head and self._head_timer is not None:
            # The parser reports a header only when it is whole, so an endless one is counted here.
            self._fed += len(data)
            if self._fed > self._limits.header_bytes:
                self._refuse(problem.HEAD_TOO_LARGE)
        elif self._idle() and self._head_timer is None and self.timeout_keep_alive_task is None:
            # Blank lines end the keep-alive timer without beginning a request.
            self._arm_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._began, self._parsed, self._fed = True, 0, 0
        self._arm_head()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        self._began = False
        if len(self.pipeline) >= PIPELINED:
            raise TooMuchError
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body:
            # Answered before the body was read: nobody would bound the rest of it.
            self.transport.close()
        if self.transport.is_closing():
            self._watch_reader()

    def timeout_keep_alive_handler(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        super().timeout_keep_alive_handler()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall_timer is not None and not self.transport.is_closing():
            self._stall_timer.cancel()
            self._stall_timer = None

    def send_400_response(self, msg: str) -> None:
        self._refuse(
            problem.HEAD_TOO_LARGE if self._parsed > self._limits.header_bytes else problem.BAD_REQUEST
        )

    def _count(self, size_bytes: int) -> None:
        self._parsed += size_bytes
        if self._parsed > self._limits.header_bytes:
            raise TooMuchError

    def _idle(self) -> bool:
        return self.cycle is None or (self.cycle.response_complete and not self.pipeline)

    def _arm_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
        self._head_timer = self.loop.call_later(self._limits.header_s, self._head_late)

    def _head_late(self) -> None:
        if not self._idle():
            self._arm_head()  # an earlier request on this connection is still being answered
        elif self._began:
            self._refuse(problem.HEAD_TOO_SLOW)
        else:
            self.transport.close()

    def _refuse(self, why: Problem) -> None:
        if self._idle() and not self.transport.is_closing():
            self.transport.write(why.raw())
        self.transport.close()
        self._watch_reader()

    def _watch_reader(self) -> None:
        """Cut a client that does not read what it asked for; closing, too, waits for it to read the rest."""
        if self._stall_timer is None:
            self._unsent = self.transport.get_write_buffer_size()
            self._stall_timer = self.loop.call_later(self._limits.stall_s, self._check_stall)

    def _check_stall(self) -> None:
        self._stall_timer = None
        owed = self._limits.stall_s * self._limits.body_bytes_per_s
        if self.transport.get_write_buffer_size() > self._unsent - owed:
            self.transport.abort()
        else:
            self._watch_reader()
