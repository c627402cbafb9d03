"""The worker process: the lanes of tasks, the clock of promises, the schedule."""

import threading
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection

from huiyin.automation import schedule
from huiyin.base import audit, clock, tx
from huiyin.base.hints import Inbox
from huiyin.base.outbox.worker import Worker
from huiyin.cases import indexing, promises, silence

log = structlog.get_logger("worker")
TICK_S = 0.5
STEPS = 100
CATCH_UP_S = 60.0
INDEX_S = 1.0
PAUSE_S = 0.01  # between two batches, for others who write


def run(stop: threading.Event) -> None:
    """Work until `stop` is set; what is running then is finished, the rest stays on the table."""
    lanes = Worker(clock.now)
    caught_up = threading.Event()
    ticker = threading.Thread(target=_tick, args=(stop, caught_up), name="clock")
    ticker.start()
    # What fell due during a stop goes before everything else.
    caught_up.wait(CATCH_UP_S)
    lanes.start()
    indexer = threading.Thread(target=_index, args=(stop,), name="index")
    indexer.start()
    inbox = Inbox(settings.HUIYIN.data_dir / "run", prefix="work")
    try:
        while not stop.is_set():
            if inbox.wait(TICK_S):
                lanes.wake()
    finally:
        inbox.close()
        stop.set()
        ticker.join()
        indexer.join()
        lanes.stop()


def _tick(stop: threading.Event, caught_up: threading.Event) -> None:
    last: dict[str, datetime] = {}
    while not stop.wait(TICK_S):
        try:
            clock.follow_database()
            steps = 0
            # A flood leaves room for the schedule and the seal between its steps.
            while steps < STEPS and promises.act_on_due(at=clock.now()) and not stop.is_set():
                steps += 1
            caught_up.set()
            silence.confirm_due(at=clock.now())
            schedule.put_due(last, at=clock.now())
            audit.seal()
        except tx.FAILURES as error:
            log.warning("the clock cannot reach the store; trying again", error=str(error))
            connection.close()
    caught_up.set()
    connection.close()


def _index(stop: threading.Event) -> None:
    """Let search follow what was said, a batch at a time."""
    while not stop.wait(INDEX_S):
        try:
            while indexing.index_some(at=clock.now()) and not stop.wait(PAUSE_S):
                pass
        except tx.FAILURES as error:
            log.warning("the search index cannot reach the store; trying again", error=str(error))
            connection.close()
    connection.close()
