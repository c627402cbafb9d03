"""The live hub of one web process: addressed hints to streams of server-sent events."""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from huiyin.base.hints import Inbox
from huiyin.base.streams import HEADERS, StreamLimits, Subscription, encode, retry, stream

__all__ = ["HEADERS", "Hub", "Recheck", "StreamLimits", "Subscription", "UnknownEventError", "stream"]

Recheck = Callable[[Sequence[Subscription]], Mapping[Subscription, frozenset[str]]]
FAILED_CHECKS = 3
USUAL = StreamLimits()
log = logging.getLogger("huiyin.live")


class UnknownEventError(ValueError):
    """The name is not in the closed list of events."""


class Hub:
    """Passes each event to the streams that subscribed to one of its topics.

    `events` is the closed list of event names with the version of each one's payload, which
    travels as `v`. `recheck` is called in its own thread with all open streams and returns the
    topics each may keep: a stream that is missing there is ended, and all are when three checks
    in a row fail. Use from the loop's thread unless said otherwise.
    """

    def __init__(self, events: Mapping[str, int], *, recheck: Recheck, limits: StreamLimits = USUAL) -> None:
        self._events, self._recheck, self._limits = events, recheck, limits
        self._by_topic: dict[str, set[Subscription]] = defaultdict(set)
        self._by_person: dict[str, list[Subscription]] = defaultdict(list)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: Inbox | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._checker = ThreadPoolExecutor(1, "recheck")

    def start(self, inbox: Inbox | None = None) -> None:
        """Begin heartbeats, re-checks and listening to other processes; call inside the loop."""
        loop = self._loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._beat()), loop.create_task(self._check_rights(loop))]
        self._inbox = inbox
        if inbox is not None:
            loop.add_reader(inbox.fileno(), self._hear, inbox)

    def subscribe(self, topics: frozenset[str], *, person: str, subject: object = None) -> Subscription:
        """Open a stream; the caller has checked the right. The oldest beyond the person's four ends."""
        made = Subscription(person, subject, partial(self._end, code="closed"))
        mine = self._by_person[person]
        mine.append(made)
        for oldest in mine[: -self._limits.per_person]:
            self._end(oldest, "replaced")
        self._address(made, topics)
        return made

    def publish(
        self, topics: Iterable[str], event: str, payload: bytes | Mapping[str, Any], *, event_id: str = ""
    ) -> int:
        """Encode once and queue for every stream on one of `topics`; return how many there were.

        Raises UnknownEventError for a name outside the list, ValueError for an id with a line end.
        """
        self._check_name(event)
        found = {one for topic in topics for one in self._by_topic.get(topic, ())}
        if found:
            if not isinstance(payload, bytes):
                payload = json.dumps({**payload, "v": self._events[event]}, ensure_ascii=False).encode()
            frame = encode(event, payload, event_id)
            for one in found:
                if not one.put(frame, self._limits):
                    self._end(one, "slow")
        return len(found)

    def publish_threadsafe(
        self, topics: Iterable[str], event: str, payload: bytes | Mapping[str, Any], *, event_id: str = ""
    ) -> None:
        """Do the same from any thread, soon. Before `start` and after `close` nobody hears it."""
        self._check_name(event)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(partial(self.publish, topics, event, payload, event_id=event_id))

    def open(self) -> list[Subscription]:
        """Return all open streams."""
        return [one for mine in self._by_person.values() for one in mine]

    def close(self) -> None:
        """End every stream and stop; clients are told to come back spread over time. Harmless twice."""
        for one in self.open():
            self._end(one, "stopping", farewell=retry(0.0, self._limits.return_s))
        for task in self._tasks:
            task.cancel()
        if self._inbox is not None and self._loop is not None:
            self._loop.remove_reader(self._inbox.fileno())
            self._inbox.close()
            self._inbox = None
        self._checker.shutdown(wait=False, cancel_futures=True)

    def _check_name(self, event: str) -> None:
        if event not in self._events:
            raise UnknownEventError(event)

    def _end(self, one: Subscription, code: str, *, farewell: bytes = b"") -> None:
        if one.ended:
            return
        self._address(one, frozenset())
        mine = self._by_person[one.person]
        mine.remove(one)
        if not mine:
            del self._by_person[one.person]
        one.finish(code, farewell=farewell)

    def _address(self, one: Subscription, topics: frozenset[str]) -> None:
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
                if not one.beat(self._limits):
                    self._end(one, "slow")

    async def _check_rights(self, loop: asyncio.AbstractEventLoop) -> None:
        check: asyncio.Future[Mapping[Subscription, frozenset[str]]] | None = None
        asked: list[Subscription] = []
        failed = 0
        while True:
            await asyncio.sleep(self._limits.recheck_s)
            if check is None:
                asked = self.open()
                if not asked:
                    continue
                check = loop.run_in_executor(self._checker, self._recheck, asked)
            done, _ = await asyncio.wait([check], timeout=self._limits.recheck_s)
            error = check.exception() if done else TimeoutError("the check takes too long")
            if error is None:
                failed = 0
                self._keep(asked, check.result())
            else:
                failed += 1
                log.error("the rights of %s live streams could not be checked", len(asked), exc_info=error)
            if failed >= FAILED_CHECKS:
                for one in self.open():
                    self._end(one, "unchecked")
            check = None if done else check

    def _keep(self, asked: Sequence[Subscription], kept: Mapping[Subscription, frozenset[str]]) -> None:
        for one in asked:
            topics = kept.get(one, frozenset())
            if not topics:
                self._end(one, "withdrawn")
            elif not one.ended:
                self._address(one, topics)
