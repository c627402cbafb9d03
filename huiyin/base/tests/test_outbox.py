"""Durable work: put with its cause, run at least once, given back, buried, never run by two."""

from datetime import datetime
from typing import Any

import pytest

from huiyin.automation import schedule
from huiyin.base import outbox, tx
from huiyin.base.actor import CLOCK
from huiyin.base.models import ScheduleRun, Task
from huiyin.base.outbox import Happened, Spec, put, task
from huiyin.base.outbox.chain import DEPTH_LIMIT
from huiyin.base.outbox.claim import LEASE, Fenced, claim, finish, give_back, renew, waiting
from huiyin.base.outbox.reactions import react, tasks_for
from huiyin.base.outbox.worker import drain, sweep
from tests import given
from tests.given import MONDAY_9, days, hours, minutes, seconds

pytestmark = pytest.mark.django_db
ran: list[Any] = []


@task("fast", attempts=3)
def note(*, at: datetime, word: str) -> None:
    ran.append(word)


@task("fast", attempts=3)
def write_then_fail(*, at: datetime) -> None:
    ScheduleRun.objects.create(schedule="half", due=at)
    raise RuntimeError("no")


class Final(Exception):
    permanent = True


@task("webhook", outside=True)
def refuse(*, at: datetime) -> None:
    raise Final("gone")


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


def spec(name: str, key: str = "k", **args: Any) -> Spec:
    return Spec(f"{__name__}.{name}", key, args)


def done(at: datetime = MONDAY_9) -> int:
    return drain(lambda: at)


def test_a_task_exists_if_and_only_if_its_cause_was_committed() -> None:
    with pytest.raises(ZeroDivisionError), tx.write():
        put(spec("note", word="never"), at=MONDAY_9)
        raise ZeroDivisionError
    assert not Task.objects.exists()
    with tx.write():
        put(spec("note", word="yes"), at=MONDAY_9)
    assert (done(), ran) == (1, ["yes"])


def test_a_key_is_the_same_task_until_it_is_done_and_another_one_after() -> None:
    put(spec("note", word="a"), at=MONDAY_9)
    put(spec("note", word="b"), at=MONDAY_9)
    done()
    put(spec("note", word="c"), at=MONDAY_9)
    done()
    assert ran == ["a", "c"]


def test_a_task_waits_until_its_time() -> None:
    put(Spec(f"{__name__}.note", "later", {"word": "x"}, MONDAY_9 + hours(1)), at=MONDAY_9)
    assert done(MONDAY_9 + minutes(59)) == 0
    assert done(MONDAY_9 + hours(1)) == 1


def test_what_fails_is_undone_tried_again_with_growing_pauses_and_then_dead_with_its_error() -> None:
    put(spec("write_then_fail"), at=MONDAY_9)
    at, pauses = MONDAY_9, []
    for _ in range(3):
        assert done(at) == 1
        row = Task.objects.get()
        if row.state == Task.READY:
            pauses.append((row.run_at - at).total_seconds())
            at = row.run_at
    assert (row.state, row.attempts, row.error) == (Task.DEAD, 3, "RuntimeError: no")
    assert 1.5 <= pauses[0] <= 2.5 and 3 <= pauses[1] <= 5
    assert not ScheduleRun.objects.exists()
    assert done(at + days(9)) == 0


def test_an_error_that_is_permanent_buries_the_task_at_once() -> None:
    put(spec("refuse"), at=MONDAY_9)
    done()
    assert Task.objects.get().state == Task.DEAD


def test_a_function_that_is_gone_is_dead_in_the_end_and_stops_nobody() -> None:
    put(spec("note", "good", word="x"), at=MONDAY_9)
    Task.objects.create(lane="fast", function="huiyin.gone.away", key="bad", run_at=MONDAY_9, put_at=MONDAY_9)
    for n in range(6):
        done(MONDAY_9 + hours(n))
    assert ran == ["x"]
    assert Task.objects.get(key="bad").state == Task.DEAD


@pytest.mark.parametrize("name", ["huiyin.base.tx.write", "huiyin.gone.away"])
def test_only_functions_marked_as_tasks_are_put(name: str) -> None:
    with pytest.raises((ValueError, ImportError)):
        put(Spec(name, "k"), at=MONDAY_9)


def test_a_worker_that_lost_its_lease_writes_nothing() -> None:
    put(spec("note", word="x"), at=MONDAY_9)
    (slow,) = claim("fast", limit=9, at=MONDAY_9)
    assert not claim("fast", limit=9, at=MONDAY_9 + LEASE)
    (quick,) = claim("fast", limit=9, at=MONDAY_9 + LEASE + seconds(1))
    with pytest.raises(Fenced), tx.write():
        finish(slow, at=MONDAY_9)
    give_back(slow, "late", dead=True, at=MONDAY_9)
    renew([slow], at=MONDAY_9 + days(9))
    assert Task.objects.get().lease_until == MONDAY_9 + LEASE + seconds(1) + LEASE
    with tx.write():
        finish(quick, at=MONDAY_9)
    assert Task.objects.get().state == Task.DONE


def test_a_lane_is_woken_exactly_when_there_is_something_to_claim() -> None:
    put(spec("note", "now", word="now"), at=MONDAY_9)
    put(Spec(f"{__name__}.note", "later", {"word": "later"}, MONDAY_9 + hours(1)), at=MONDAY_9)
    put(spec("refuse"), at=MONDAY_9 + minutes(10))
    assert waiting(at=MONDAY_9) == {"fast"}
    (taken,) = claim("fast", limit=5, at=MONDAY_9)
    assert waiting(at=MONDAY_9) == set()
    assert waiting(at=MONDAY_9 + minutes(10)) == {"fast", "webhook"}  # its lease has run out
    assert waiting(at=MONDAY_9 + minutes(10), held=[taken.id]) == {"webhook"}
    assert waiting(at=MONDAY_9 + hours(1), held=[taken.id]) == {"fast", "webhook"}


def test_a_heartbeat_keeps_the_task() -> None:
    put(spec("note", word="x"), at=MONDAY_9)
    (held,) = claim("fast", limit=9, at=MONDAY_9)
    renew([held], at=MONDAY_9 + seconds(20))
    assert not claim("fast", limit=9, at=MONDAY_9 + seconds(45))


def test_ended_tasks_are_swept_after_a_day_and_dead_ones_after_ninety() -> None:
    put(spec("note", "one", word="x"), at=MONDAY_9)
    put(spec("refuse", "two"), at=MONDAY_9)
    done()
    assert sweep(MONDAY_9 + hours(23)) == 0
    assert sweep(MONDAY_9 + hours(25)) == 1
    assert sweep(MONDAY_9 + days(91)) == 1


def test_a_chain_of_facts_ends_at_the_fifth() -> None:
    react("test.looped", lambda fact: [spec("note", fact.ref, word="again")])
    deep = [Happened("test.looped", f"e:{n}", 1, {}, CLOCK, MONDAY_9, depth=n) for n in range(9)]
    put_or_cut = tasks_for(deep)
    assert sum(not one.cut for one in put_or_cut) == DEPTH_LIMIT
    assert sum(bool(one.cut) for one in put_or_cut) == 9 - DEPTH_LIMIT


def test_each_turn_of_the_schedule_is_put_once_by_any_number_of_workers() -> None:
    for memory in ({}, {}, {}):
        schedule.put_due(memory, at=MONDAY_9)  # type: ignore[arg-type]
    assert Task.objects.count() == len(schedule.SCHEDULE)
    given.work_done(at=MONDAY_9)
    schedule.put_due({}, at=MONDAY_9 + seconds(29))
    assert not Task.objects.filter(state=Task.READY).exists()
    schedule.put_due({}, at=MONDAY_9 + minutes(5))
    assert Task.objects.filter(key="schedule:serve-queue", state=Task.READY).count() == 1


def test_lanes_are_known_by_name() -> None:
    with pytest.raises(ValueError, match="no lane"):
        outbox.task("slow")
