"""From ASGI to Django's WSGI handler: a fixed pool of threads that no slow client can hold."""

import asyncio
import queue
import sys
import threading
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment
from wsgiref.util import FileWrapper

from starlette.types import Receive, Scope, Send

from huiyin.serving import problem
from huiyin.serving.answer import PIECE_BYTES, Answer
from huiyin.serving.limits import Limits
from huiyin.serving.problem import Refused, refuse
from huiyin.serving.spool import Body, ClientGoneError, Spool


@dataclass(frozen=True, slots=True)
class Turn:
    """One request waiting for a thread."""

    environ: WSGIEnvironment
    body: Body
    answer: Answer


class Bridge:
    """An ASGI application that runs a WSGI application in `limits.threads` threads.

    Make it after the fork and put `Front` before it (`server.serve` does). A request whose body
    has wholly arrived waits among at most `limits.queue` others, else it is refused with 503.
    """

    def __init__(self, app: WSGIApplication, limits: Limits) -> None:
        self._app, self._limits = app, limits
        self._spool = Spool(limits)
        self._turns: queue.SimpleQueue[Turn | None] = queue.SimpleQueue()
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._work, name=f"request-{number}", daemon=True)
            for number in range(limits.threads)
        ]
        for thread in self._threads:
            thread.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if self._stopping:
                raise Refused(problem.STOPPING)
            body = await self._spool.take(scope, receive)
        except Refused as refused:
            await refuse(refused.problem, send, receive)
            return
        except ClientGoneError:
            return
        try:
            await self._exchange(scope, body, receive, send)
        finally:
            self._spool.release(body.size_bytes)

    def stop(self) -> None:
        """Refuse what comes from now on; what runs or waits is still answered. Harmless twice."""
        self._stopping = True

    def join(self, timeout_s: float) -> bool:
        """After `stop`, let every thread finish and end; tell whether all did in time."""
        for _ in self._threads:
            self._turns.put(None)
        for thread in self._threads:
            thread.join(timeout_s / len(self._threads))
        return not any(thread.is_alive() for thread in self._threads)

    async def _exchange(self, scope: Scope, body: Body, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        answer = Answer(loop, head=scope["method"] == "HEAD", limits=self._limits)
        # Only the loop puts turns in, so nothing comes between looking and putting.
        if self._turns.qsize() >= self._limits.queue:
            body.file.close()
            await refuse(problem.BUSY, send)
            return
        self._turns.put(Turn(environ(scope, body), body, answer))
        watch = loop.create_task(_abandon_when_gone(receive, answer))
        try:
            await answer.relay(send)
        finally:
            watch.cancel()
            answer.abandon()

    def _work(self) -> None:
        while (turn := self._turns.get()) is not None:
            with turn.answer, turn.body.file:
                if not turn.answer.gone:
                    self._run(turn)

    def _run(self, turn: Turn) -> None:
        answer = turn.answer
        pieces = self._app(turn.environ, answer.start_response)
        try:
            for piece in pieces:
                if answer.bodiless:
                    break
                if piece:
                    answer.write(piece)
            # Before close(), in which Django tidies its connections: the client need not wait for that.
            answer.end()
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()


async def _abandon_when_gone(receive: Receive, answer: Answer) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    answer.abandon()


def environ(scope: Scope, body: Body) -> WSGIEnvironment:
    """Return the WSGI environment of a request whose body has arrived.

    CONTENT_LENGTH is what arrived, whatever was declared; Transfer-Encoding is gone because the
    body is no longer chunked. `huiyin.request_id` is the id given by Front.
    """
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("", None)
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "CONTENT_LENGTH": str(body.size_bytes),
        "SERVER_NAME": server[0] or "localhost",
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "huiyin.request_id": scope.get("huiyin.request_id", ""),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body.file,
        "wsgi.input_terminated": True,
        "wsgi.file_wrapper": file_wrapper,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(made, name, value.decode("latin-1"))
    return made


def file_wrapper(file: IO[bytes], _: int = 0) -> FileWrapper:
    """Read files in large pieces, whatever the application asks for: each costs a change of thread."""
    return FileWrapper(file, PIECE_BYTES)


def _add_header(made: dict[str, Any], name: bytes, value: str) -> None:
    if b"_" in name or name in (b"content-length", b"transfer-encoding"):
        return
    key = name.decode("latin-1").upper().replace("-", "_")
    key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
    joiner = "; " if key == "HTTP_COOKIE" else ","
    made[key] = f"{made[key]}{joiner}{value}" if key in made else value
