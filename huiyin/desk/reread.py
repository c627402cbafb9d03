"""What changed since one last looked: makes good for hints that were lost on the way to this process."""

import asyncio
from dataclasses import dataclass

import structlog
from asgiref.sync import sync_to_async
from django.db import close_old_connections

from huiyin.base import clock, tx
from huiyin.base.live import Hub
from huiyin.cases import recent
from huiyin.notices import tell

log = structlog.get_logger("live")
EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Marks:
    """The newest entry and notice that were looked at."""

    entry: int
    notice: int


async def keep_looking(hub: Hub) -> None:
    """Publish every two seconds what is newer than the mark, while somebody listens; ends when cancelled."""
    marks: Marks | None = None
    while True:
        await asyncio.sleep(EVERY_S)
        await follow_clock()
        if not hub.open():
            marks = None
            continue
        try:
            marks = await sync_to_async(_look, thread_sensitive=False)(hub, marks)
        except tx.FAILURES as error:
            log.warning("changes could not be looked up; trying again", error=str(error))


async def follow_clock() -> None:
    """Measure the database's clock if it is time to; a database that does not answer is only noted."""
    await sync_to_async(_follow_clock, thread_sensitive=False)()


def _follow_clock() -> None:
    try:
        clock.follow_database()
    except tx.FAILURES as error:
        log.warning("the database's clock could not be read; trying again", error=str(error))


def _look(hub: Hub, marks: Marks | None) -> Marks:
    try:
        if marks is None:
            return Marks(recent.newest_entry(), tell.newest())
        entry, cases = recent.changed_since(marks.entry)
        notice, people = tell.told_since(marks.notice)
        for case in cases:
            hub.publish_threadsafe(case.topics, "case.changed", {"case": case.number})
        for staff_id in people:
            hub.publish_threadsafe({f"person:{staff_id}"}, "notice.made", {"case": ""})
        return Marks(entry, notice)
    finally:
        close_old_connections()
