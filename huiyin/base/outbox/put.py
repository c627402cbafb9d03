"""Putting work on the table, and what may be relied on.

1. A task put inside `tx.write()` exists if and only if the cause was committed.
2. It runs at least once. Its key is unique while it is not done: a second put meanwhile is the same task.
3. A task marked `@task(lane)` runs in one transaction together with its own completion, so its rows are written
   exactly once. A task marked `@task(lane, outside=True)` talks to the outside world: it runs without a transaction,
   and lasting once-ness is the effect's own unique row.
4. A worker holds a task by a lease and a fence number. A worker that lost its lease finds a newer fence and its
   write is refused; nothing is written twice.
5. A failure is retried with growing, jittered pauses; after the last attempt, or at once when the error says it is
   `permanent`, the task is dead and `doctor`, `verify` and the metrics show it.
6. What tasks cause is bounded (`chain`): five deep, fifty for one subject. What would come after that is dead at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.utils.module_loading import import_string

from huiyin.base import announce, tx
from huiyin.base.models import Task
from huiyin.base.outbox import chain

LANES = ("clock", "fast", "mail", "sms", "wecom", "webhook", "heavy")
Work = TypeVar("Work", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Put:
    """How a task function is run."""

    lane: str
    outside: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class Spec:
    """One task to put: the function's dotted name, a key, plain JSON arguments, and not before when.

    `depth` and `budget` say where it stands in its chain (None: where the running task stands); with `cut` it is
    buried at once, because the chain ends there.
    """

    function: str
    key: str
    args: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    depth: int | None = None
    budget: int | None = None
    cut: str = ""


def task(lane: str, *, outside: bool = False, attempts: int = 12) -> Callable[[Work], Work]:
    """Mark a function as a task. It takes `at` (UTC, when it runs) and its arguments by keyword."""
    if lane not in LANES:
        raise ValueError(f"no lane {lane!r}; choose one of {', '.join(LANES)}")

    def mark(function: Work) -> Work:
        function.put = Put(lane, outside, attempts)  # type: ignore[attr-defined]
        return function

    return mark


def how(function: str) -> Put:
    """Return how the named function is run; raises ImportError or ValueError when it is no task."""
    put_as = getattr(import_string(function), "put", None)
    if not isinstance(put_as, Put):
        raise ValueError(f"{function} is not marked as a task")
    return put_as


def put(spec: Spec, *, at: datetime) -> None:
    """Put one task; a second call with a key that is not done yet changes nothing."""
    put_many([spec], at=at)


def put_many(specs: Iterable[Spec], *, at: datetime) -> None:
    """Put tasks in the running transaction and wake the worker once it is committed."""
    rows = [
        Task(
            lane=how(spec.function).lane,
            function=spec.function,
            key=spec.key,
            args=dict(spec.args),
            run_at=spec.at or at,
            put_at=at,
            depth=chain.depth() if spec.depth is None else spec.depth,
            budget=chain.budget() if spec.budget is None else spec.budget,
            **({"state": Task.DEAD, "ended_at": at, "error": spec.cut} if spec.cut else {}),
        )
        for spec in specs
    ]
    if rows:
        with tx.write():
            Task.objects.bulk_create(rows, ignore_conflicts=True)
            announce.wake_worker()
