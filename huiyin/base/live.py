"""The live hub of one web process: addressed hints to streams of server-sent events."""

import asyncio
import json
import logging
import random
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from huiyin.base.hints import Inbox

HEADERS: Mapping[str, str] = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
}
BEAT = b": \n\n"
LINE_END = re.compile(b"\r\n|\r|\n")
log = logging.getLogger("huiyin.live")


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

    `person` counts the streams of one person or visitor. `subject` is what `recheck` needs to
    judge the right again (an id, never a session key). `ended` is empty while it is open, then a
    code: closed, slow, replaced, withdrawn, unchecked, stopping.
    """

    def __init__(self, hub: "Hub", topics: frozenset[str], person: str, subject: object) -> None:
        self.topics, self.person, self.subject = topics, person, subject
        self.ended = ""
        self._hub = hub
        self._frames: deque[bytes] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._unread_at_beat = False

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> bytes:
        await self._wake.wait()
        if not self._frames:
            raise StopAsyncIteration
        ready = b"".join(self._frames)
        self._frames.clear()
        self._size, self._unread_at_beat = 0, False
        if not self.ended:
            self._wake.clear()
        return ready

    def close(self) -> None:
        """Leave the hub. A second call is harmless."""
        self._hub.end(self, "closed")


Recheck = Callable[[Sequence[Subscription]], Mapping[Subscription, frozenset[str]]]


class Hub:
    """Passes each event to the streams that subscribed to one of its topics.

    `events` is the closed list of event names with the version of each one's payload, which
    travels as `v`. `recheck` is called in its own thread with all open streams and returns the
    topics each may keep: a stream that is missing there is ended. When no check succeeds for
    three rounds every stream is ended. Use from the loop's thread unless said otherwise.
    """

    def __init__(
        self,
        events: Mapping[str, int],
        *,
        recheck: Recheck,
        limits: StreamLimits = StreamLimits(),
    ) -> None:
        self._events, self._recheck, self._limits = events, recheck, limits
        self._by_topic: dict[str, set[Subscription]] = defaultdict(set)
        self._by_person: dict[str, list[Subscription]] = defaultdict(list)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: Inbox | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._checker = ThreadPoolExecutor(1, "recheck")

    def start(self, inbox: Inbox | None = None) -> None:
        """Begin heartbeats, re-checks and listening to other processes; call inside the loop."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [
            self._loop.create_task(self._beat()),
            self._loop.create_task(self._check_rights(self._loop)),
        ]
        self._inbox = inbox
        if inbox is not None:
            self._loop.add_reader(inbox.fileno(), self._hear, inbox)

    def subscribe(self, topics: frozenset[str], *, person: str, subject: object = None) -> Subscription:
        """Open a stream; the caller has checked the right. The oldest beyond the person's four ends."""
        made = Subscription(self, frozenset(), person, subject)
        mine = self._by_person[person]
        mine.append(made)
        while len(mine) > self._limits.per_person:
            self.end(mine[0], "replaced")
        self._readdress(made, topics)
        return made

    def publish(
        self, topics: frozenset[str], event: str, payload: bytes | Mapping[str, Any], *, event_id: str = ""
    ) -> int:
        """Encode once and queue for every stream on one of `topics`; return how many there were.

        Raises UnknownEventError for a name that is not in the list, ValueError for an id with a line end.
        """
        if event not in self._events:
            raise UnknownEventError(event)
        found = {one for topic in topics for one in self._by_topic.get(topic, ())}
        if found:
            if not isinstance(payload, bytes):
                payload = json.dumps({**payload, "v": self._events[event]}, ensure_ascii=False).encode()
            frame = encode(event, payload, event_id)
            for one in found:
                self._queue(one, frame)
        return len(found)

    def publish_threadsafe(
        self, topics: frozenset[str], event: str, payload: bytes | Mapping[str, Any], *, event_id: str = ""
    ) -> None:
        """Do the same from any thread, later and without an answer. Before `start` it does nothing."""
        if event not in self._events:
            raise UnknownEventError(event)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(partial(self.publish, topics, event, payload, event_id=event_id))

    def open(self) -> list[Subscription]:
        """Return all open streams."""
        return [one for mine in self._by_person.values() for one in mine]

    def end(self, one: Subscription, code: str) -> None:
        """End a stream with a last `end` event that says why. A second call is harmless."""
        if one.ended:
            return
        self._readdress(one, frozenset())
        mine = self._by_person[one.person]
        mine.remove(one)
        if not mine:
            del self._by_person[one.person]
        if code != "stopping":
            one._frames.clear()
        one.ended = code
        one._frames.append(encode("end", json.dumps({"code": code}).encode()))
        one._wake.set()

    def close(self) -> None:
        """End every stream and stop; clients are told to come back spread over time. Harmless twice."""
        for one in self.open():
            one._frames.append(_retry(0.0, self._limits.return_s))
            self.end(one, "stopping")
        for task in self._tasks:
            task.cancel()
        if self._inbox is not None and self._loop is not None:
            self._loop.remove_reader(self._inbox.fileno())
            self._inbox.close()
            self._inbox = None
        self._checker.shutdown(wait=False, cancel_futures=True)

    def _queue(self, one: Subscription, frame: bytes) -> None:
        if len(one._frames) >= self._limits.frames or one._size + len(frame) > self._limits.frames_bytes:
            self.end(one, "slow")
            return
        one._frames.append(frame)
        one._size += len(frame)
        one._wake.set()

    def _readdress(self, one: Subscription, topics: frozenset[str]) -> None:
        for topic in one.topics - topics:
            self._by_topic[topic].discard(one)
            if not self._by_topic[topic]:
                del self._by_topic[topic]
        for topic in topics:
            self._by_topic[topic].add(one)
        one.topics = topics

    def _hear(self, inbox: Inbox) -> None:
        for hint in inbox.read():
            if hint.event in self._events:  # an older or newer process may know other names
                self.publish(hint.topics, hint.event, hint.payload, event_id=hint.event_id)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._limits.beat_s)
            for one in self.open():
                if one._unread_at_beat and one._frames:
                    self.end(one, "slow")
                else:
                    one._unread_at_beat = True
                    self._queue(one, BEAT)

    async def _check_rights(self, loop: asyncio.AbstractEventLoop) -> None:
        failed = 0
        while True:
            await asyncio.sleep(self._limits.recheck_s)
            asked = self.open()
            if not asked:
                continue
            check = loop.run_in_executor(self._checker, self._recheck, asked)
            done, _ = await asyncio.wait([check], timeout=3 * self._limits.recheck_s)
            error = check.exception() if done else TimeoutError()
            if error is None:
                failed = 0
                self._keep(asked, check.result())
                continue
            failed += 1
            log.error("the rights of %s live streams could not be checked", len(asked), exc_info=error)
            if failed >= 3 or not done:
                for one in asked:
                    self.end(one, "unchecked")
            await asyncio.wait([check])

    def _keep(self, asked: Sequence[Subscription], kept: Mapping[Subscription, frozenset[str]]) -> None:
        for one in asked:
            topics = kept.get(one, frozenset())
            if not topics:
                self.end(one, "withdrawn")
            elif not one.ended:
                self._readdress(one, topics)


class UnknownEventError(ValueError):
    """The name is not in the closed list of events."""


async def stream(subscription: Subscription) -> AsyncIterator[bytes]:
    """Yield the whole stream for a StreamingResponse with `HEADERS`; leaves the hub at its end."""
    try:
        yield _retry(1.0, 3.0)
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


def _retry(at_least_s: float, at_most_s: float) -> bytes:
    # Browsers reconnect together after a restart unless each is given its own delay.
    return b"retry: %d\n\n" % int(1000 * random.uniform(at_least_s, at_most_s))  # noqa: S311 -- not a secret
