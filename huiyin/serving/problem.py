"""Refusals made before Django is reached, as application/problem+json."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import Receive, Send

LINGER_S = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: status, stable code, and in `detail` what the caller can do about it."""

    status: int
    code: str
    detail: str
    retry_after_s: int | None = None

    def body(self) -> bytes:
        """Return the JSON document in UTF-8."""
        return json.dumps(
            {
                "type": "about:blank",
                "title": HTTPStatus(self.status).phrase,
                "status": self.status,
                "code": self.code,
                "detail": self.detail,
            }
        ).encode()

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return lower-case header pairs; a refusal always closes its connection."""
        found = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", b"%d" % len(self.body())),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        if self.retry_after_s is not None:
            found.append((b"retry-after", b"%d" % self.retry_after_s))
        return found

    def raw(self) -> bytes:
        """Return the whole HTTP/1.1 answer, for a connection that has no request yet."""
        status = f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n".encode()
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in self.headers())
        return status + lines + b"\r\n" + self.body()


class Refused(Exception):
    """A request is turned away with `problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


BUSY = Problem(503, "busy", "Send the same request again after the seconds given in Retry-After.", 2)
STOPPING = Problem(503, "stopping", "This process is stopping. Send the same request again.", 1)
NO_ROOM = Problem(503, "no_room", "The server has no room for more uploads now. Send it again later.", 10)
TOO_MANY = Problem(503, "too_many_connections", "Close idle connections, then connect again.", 5)
BODY_TOO_LARGE = Problem(413, "body_too_large", "Send less at once: split the batch or shrink the files.")
BODY_TOO_SLOW = Problem(408, "body_too_slow", "The request body came too slowly. Send it again.")
HEAD_TOO_SLOW = Problem(408, "header_too_slow", "The request header came too slowly. Send it again.")
HEAD_TOO_LARGE = Problem(431, "header_too_large", "Send fewer or shorter headers and cookies.")
BAD_REQUEST = Problem(400, "bad_request", "This is not a well-formed HTTP/1.1 request.")
FAILED = Problem(
    500, "failed", "The server failed. Give the X-Request-Id of this answer to the administrator."
)


async def refuse(problem: Problem, send: Send, unread: Receive | None = None) -> None:
    """Answer with `problem`; swallow what the client still sends to `unread` for at most LINGER_S.

    Closing before that would make the kernel reset the connection and the client would never read why.
    """
    await send({"type": "http.response.start", "status": problem.status, "headers": problem.headers()})
    await send({"type": "http.response.body", "body": problem.body(), "more_body": unread is not None})
    if unread is None:
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_S):
            while (await unread()).get("more_body", False):
                pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})
