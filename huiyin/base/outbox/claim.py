"""Taking work from the table and giving it back: lease, fence, back-off, death."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q

from huiyin.base import tx
from huiyin.base.models import Task
from huiyin.base.outbox import chain

LEASE = timedelta(seconds=30)


class Fenced(Exception):
    """The lease was lost and another worker has the task: what this one did is undone."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One task in our hands, until its lease ends."""

    id: int
    function: str
    args: dict[str, Any]
    key: str
    fence: int
    attempts: int
    depth: int = 0
    budget: int = chain.ACTIONS_LIMIT


def claim(lane: str, *, limit: int, at: datetime, held: Collection[int] = ()) -> Sequence[Claimed]:
    """Take up to `limit` tasks that are ready, or whose holder let the lease run out, oldest first.

    `held` are in this process's hands: a clock that was set forward ends no lease of its own.
    """
    ready, left = _ready(at), _left(at, held)
    if not Task.objects.filter(ready | left, lane=lane).exists():
        return ()  # the write gate is for those who have something to write
    with tx.write():
        due = Task.objects.filter(ready | left, lane=lane).order_by("run_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        tasks = list(due[:limit])
        Task.objects.filter(pk__in=[task.pk for task in tasks]).update(
            state=Task.RUNNING, lease_until=at + LEASE, fence=F("fence") + 1, attempts=F("attempts") + 1
        )
    return [
        Claimed(t.pk, t.function, t.args, t.key, t.fence + 1, t.attempts + 1, t.depth, t.budget)
        for t in tasks
    ]


def waiting(*, at: datetime, held: Collection[int] = ()) -> set[str]:
    """Return the lanes in which `claim` would find something: one query, from two indexes alone."""
    ready, left = (
        Task.objects.filter(wanted).values_list("lane") for wanted in (_ready(at), _left(at, held))
    )
    return {lane for (lane,) in ready.union(left)}


def renew(held: Sequence[Claimed], *, at: datetime) -> None:
    """Lengthen the leases of running tasks (the worker's heartbeat)."""
    with tx.write():
        for task in held:
            _mine(task).update(lease_until=at + LEASE)


def finish(task: Claimed, *, at: datetime) -> None:
    """Mark it done; raises Fenced, so that the transaction around it is undone, when the lease was lost."""
    if not _mine(task).update(state=Task.DONE, ended_at=at, lease_until=None, error=""):
        raise Fenced(task.key)


def put_back(tasks: list[Claimed], *, at: datetime) -> None:
    """Return what was claimed and never ended to those who are ready now, instead of when the lease ends; empties
    the list. Harmless for a task whose lease was lost."""
    if tasks:
        with tx.write():
            for task in tasks:
                _mine(task).update(state=Task.READY, run_at=at, lease_until=None, attempts=F("attempts") - 1)
        tasks.clear()


def give_back(task: Claimed, error: str, *, dead: bool, at: datetime) -> None:
    """Try again after a pause, or bury it with its error; harmless when the lease was lost."""
    pause = timedelta(seconds=min(3600.0, 2.0**task.attempts) * random.uniform(0.75, 1.25))  # noqa: S311 jitter
    change: dict[str, Any] = {"state": Task.READY, "run_at": at + pause}
    if dead:
        change = {"state": Task.DEAD, "ended_at": at}
    with tx.write():
        _mine(task).update(error=error[:2000], lease_until=None, **change)


def _mine(task: Claimed) -> Any:
    return Task.objects.filter(pk=task.id, fence=task.fence, state=Task.RUNNING)


def _ready(at: datetime) -> Q:
    return Q(state=Task.READY, run_at__lte=at)


def _left(at: datetime, held: Collection[int]) -> Q:
    return Q(state=Task.RUNNING, lease_until__lt=at) & ~Q(pk__in=held)
