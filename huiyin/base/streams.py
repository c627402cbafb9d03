"""One live stream: its bounded queue, and how server-sent events are written."""

import asyncio
import json
import random
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

HEADERS: Mapping[str, str] = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
}
BEAT = b": \n\n"
LINE_END = re.compile(b"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Figures of the streams of one process; times in seconds."""

    frames: int = 256
    frames_bytes: int = 1024 * 1024
    per_person: int = 4
    beat_s: float = 15.0
    recheck_s: float = 4.0  # a right withdrawn must be gone from the screen within 5 s, query included
    return_s: float = 10.0  # clients of a stopping process come back spread over this time


class Subscription:
    """One open stream: iterate it for bytes that are ready to send. Compared by identity.

    `person` is whose stream it is, to count them; `subject` is what the re-check needs to judge
    the right again (an id, never a session key). `ended` is empty while it is open, then one of
    closed, slow, replaced, withdrawn, unchecked, stopping. Made by `Hub.subscribe` only.
    """

    def __init__(self, person: str, subject: object, leave: Callable[["Subscription"], None]) -> None:
        self.topics: frozenset[str] = frozenset()
        self.person, self.subject = person, subject
        self.ended = ""
        self._leave = leave
        self._frames: deque[bytes] = deque()
        self._size_bytes = 0
        self._wake = asyncio.Event()
        self._beaten = False

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> bytes:
        await self._wake.wait()
        if not self._frames:
            raise StopAsyncIteration
        ready = b"".join(self._frames)
        self._frames.clear()
        self._size_bytes, self._beaten = 0, False
        if not self.ended:
            self._wake.clear()
        return ready

    def close(self) -> None:
        """Leave the hub. A second call is harmless."""
        self._leave(self)

    def put(self, frame: bytes, limits: StreamLimits) -> bool:
        """Queue a frame; False when the client is too far behind and must be dropped."""
        if len(self._frames) >= limits.frames or self._size_bytes + len(frame) > limits.frames_bytes:
            return False
        self._frames.append(frame)
        self._size_bytes += len(frame)
        self._wake.set()
        return True

    def beat(self, limits: StreamLimits) -> bool:
        """Queue a heartbeat; False when nothing was read since the last one."""
        if self._beaten and self._frames:
            return False
        self._beaten = True
        return self.put(BEAT, limits)

    def finish(self, code: str, *, farewell: bytes = b"") -> None:
        """End with `farewell` and an `end` event that names the code; without one, drop what still waits."""
        if not farewell:
            self._frames.clear()
        self.ended = code
        self._frames.append(farewell + encode("end", json.dumps({"code": code}).encode()))
        self._wake.set()


async def stream(subscription: Subscription) -> AsyncIterator[bytes]:
    """Yield the whole stream for a StreamingResponse with `HEADERS`; leaves the hub at its end."""
    try:
        yield retry(1.0, 3.0)
        async for ready in subscription:
            yield ready
    finally:
        subscription.close()


def encode(event: str, payload: bytes, event_id: str = "") -> bytes:
    """Return one server-sent event. Raises ValueError when name or id hold a line end."""
    if len(f"{event}{event_id} ".splitlines()) > 1:
        raise ValueError("an event's name and id are one line each")
    head = f"event: {event}\n" + (f"id: {event_id}\n" if event_id else "")
    lines = b"".join(b"data: " + line + b"\n" for line in LINE_END.split(payload))
    return head.encode() + lines + b"\n"


def retry(at_least_s: float, at_most_s: float) -> bytes:
    """Return the field that tells a client how long to wait before it comes back, each its own time."""
    return b"retry: %d\n\n" % int(1000 * random.uniform(at_least_s, at_most_s))  # noqa: S311 -- not a secret
