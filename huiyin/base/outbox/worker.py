"""Running the lanes: each has its own threads, so that a provider that hangs delays nobody else's work."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.utils.module_loading import import_string

from huiyin.base import failpoint, tx
from huiyin.base.models import Task
from huiyin.base.outbox import chain
from huiyin.base.outbox.claim import Claimed, Fenced, claim, finish, give_back, put_back, renew, waiting
from huiyin.base.outbox.put import LANES, Put, how

log = structlog.get_logger("outbox")
THREADS = {"clock": 1, "fast": 2, "mail": 1, "sms": 1, "wecom": 1, "webhook": 2, "heavy": 1}
IDLE_S = 1.0
AT_ONCE = 20


class Worker:
    """Threads over lanes. `now` reads the clock; `wake()` ends an idle pause early."""

    def __init__(self, now: Callable[[], datetime], *, lanes: tuple[str, ...] = LANES) -> None:
        self._now = now
        self._stopping = threading.Event()
        self._held: dict[int, Claimed] = {}
        self._alarms = [(lane, threading.Event()) for lane in lanes for _ in range(THREADS[lane])]
        self._threads = [
            threading.Thread(target=self._run, args=(lane, alarm), name=f"lane-{lane}")
            for lane, alarm in self._alarms
        ]
        self._threads.append(threading.Thread(target=self._heartbeat, name="lane-heartbeat"))
        self._threads.append(threading.Thread(target=self._watch, name="lane-watch"))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        for _, alarm in self._alarms:
            alarm.set()

    def stop(self) -> None:
        """Finish what is running and return; what was not begun stays on the table."""
        self._stopping.set()
        self.wake()
        for thread in self._threads:
            thread.join()

    def _run(self, lane: str, alarm: threading.Event) -> None:
        left: list[Claimed] = []
        while not self._stopping.is_set():
            alarm.clear()
            try:
                put_back(left, at=self._now())
                worked = run_some(lane, self._now, self._held, stop=self._stopping, left=left)
            except tx.FAILURES as error:
                log.warning("the task table cannot be reached; trying again", lane=lane, error=str(error))
                connection.close()
                worked = 0
            if not worked:
                alarm.wait(IDLE_S if left else None)
        with suppress(*tx.FAILURES):
            put_back(left, at=self._now())
        connection.close()

    def _watch(self) -> None:
        """Wake the lanes whose time has come: one question a second, where each thread asking cost nine."""
        while not self._stopping.wait(IDLE_S):
            try:
                lanes = waiting(at=self._now(), held=list(self._held))
            except tx.FAILURES as error:
                log.warning("the task table cannot be reached; trying again", error=str(error))
                connection.close()
                continue
            for lane, alarm in self._alarms:
                if lane in lanes:
                    alarm.set()
        connection.close()

    def _heartbeat(self) -> None:
        while not self._stopping.wait(10):
            try:
                if held := list(self._held.values()):
                    renew(held, at=self._now())
            except tx.FAILURES as error:
                log.warning("leases could not be renewed", error=str(error))
                connection.close()
        connection.close()


def run_some(
    lane: str,
    now: Callable[[], datetime],
    held: dict[int, Claimed] | None = None,
    *,
    stop: threading.Event | None = None,
    left: list[Claimed] | None = None,
) -> int:
    """Claim some tasks of the lane and run them; return how many were claimed.

    `left` holds what was claimed and has not ended, also when the store fails in between.
    """
    held = {} if held is None else held
    left = [] if left is None else left
    failpoint.pass_by("before-claim")
    # What talks to the outside is claimed one by one: a slow call must not age the leases of those behind it.
    limit = AT_ONCE if lane in ("clock", "fast") else 1
    left[:] = claim(lane, limit=limit, at=now(), held=list(held))
    claimed = len(left)
    failpoint.pass_by("after-claim")
    held.update({task.id: task for task in left})
    while left and not (stop and stop.is_set()):
        try:
            _run_one(left[0], now)
        finally:
            held.pop(left[0].id, None)
        del left[0]
    for task in left:
        held.pop(task.id, None)
    return claimed


def drain(now: Callable[[], datetime], *, lanes: tuple[str, ...] = LANES) -> int:
    """Run everything that is due until nothing is left, in this thread: for tests, the demo and `doctor`."""
    done = 0
    while worked := sum(run_some(lane, now) for lane in lanes):
        done += worked
    return done


def sweep(
    at: datetime, *, kept_done: timedelta = timedelta(days=1), kept_dead: timedelta = timedelta(days=90)
) -> int:
    """Delete what ended long ago; return how many rows went."""
    with tx.write():
        done, _ = Task.objects.filter(state=Task.DONE, ended_at__lt=at - kept_done).delete()
        dead, _ = Task.objects.filter(state=Task.DEAD, ended_at__lt=at - kept_dead).delete()
    return done + dead


def _run_one(task: Claimed, now: Callable[[], datetime]) -> None:
    if task.attempts > _attempts(task.function) + 1:
        # Begun more often than it may fail: each time the process died with it. It must not go on doing that.
        give_back(task, "begun too often without an end; it may be killing the worker", dead=True, at=now())
        return
    try:
        put, work = how(task.function), import_string(task.function)
        if put.outside:
            with chain.inside(task.depth, task.budget):
                work(at=now(), **task.args)
            failpoint.pass_by("after-send")
            with tx.write():
                finish(task, at=now())
        else:
            with chain.inside(task.depth, task.budget), tx.write():
                work(at=now(), **task.args)
                finish(task, at=now())
                failpoint.pass_by("before-commit")
    except Fenced:
        log.warning("lease lost; another worker has the task", key=task.key)
    except (tx.Busy, tx.Unavailable) as error:
        give_back(task, str(error), dead=False, at=now())
    except Exception as error:  # noqa: BLE001 any failure of a task is kept with its error, retried, then dead
        _failed(task, error, now())


def _failed(task: Claimed, error: Exception, at: datetime) -> None:
    limit = _attempts(task.function)
    dead = getattr(error, "permanent", False) or task.attempts >= limit
    log.error(
        "task failed", key=task.key, function=task.function, attempt=task.attempts, dead=dead, exc_info=error
    )
    give_back(task, f"{type(error).__name__}: {error}", dead=dead, at=at)


def _attempts(function: str) -> int:
    try:
        return how(function).attempts
    except (ImportError, ValueError):
        return Put("fast", False, 3).attempts
