"""What a merge and its undoing do to a case that waits, and to what is paused on it."""

from datetime import timedelta

import pytest

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import lifecycle, merging, promises
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Promise
from huiyin.cases.moves import MoveNotAllowed
from huiyin.customers.recognise import Sender
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = pytest.mark.django_db
LI_LEI = Sender("李雷", "13900001234")


@pytest.fixture
def by() -> Actor:
    return given.actor(given.an_agent())


def a_waiting_case_and_another(by: Actor) -> tuple[Case, Case]:
    """Two cases of one customer; the first waits for them, and what it alone owes stands still."""
    waiting, other = (
        given.received(given.a_message("我的电脑无法开机", sender=LI_LEI), at=MONDAY_9).case for _ in range(2)
    )
    assert waiting is not None and other is not None
    lifecycle.move(waiting, "accept", by=by, at=MONDAY_9 + minutes(1))
    told = {"waiting_for": "customer", "reason": ""}
    lifecycle.move(waiting, "wait", by=by, at=MONDAY_9 + minutes(2), **told)
    with tx.write():
        promises.cancel(other, cause="by_hand", by=by, at=MONDAY_9, kinds=["resolution"])
    return given.fresh(waiting), given.fresh(other)


def test_a_merged_case_is_not_restored_beside_the_one_that_it_lives_on_in(by: Actor) -> None:
    waiting, other = a_waiting_case_and_another(by)
    merging.merge(waiting, other, by=by, at=MONDAY_9 + hours(1))
    with pytest.raises(MoveNotAllowed):
        lifecycle.move(given.fresh(waiting), "restore", by=by, at=MONDAY_9 + hours(2), reason="")
    assert given.fresh(waiting).status == "void"


def test_what_stood_still_goes_on_in_a_survivor_that_does_not_wait(by: Actor) -> None:
    waiting, other = a_waiting_case_and_another(by)
    merging.merge(waiting, other, by=by, at=MONDAY_9 + hours(1))
    resolution = Promise.objects.get(case=other, kind="resolution", state=Promise.RUNNING)
    assert resolution.due_at == MONDAY_9 + hours(25) - minutes(2)  # two of its 24 hours' minutes were used


def test_a_case_that_waited_waits_again_after_the_merge_is_undone(by: Actor) -> None:
    waiting, other = a_waiting_case_and_another(by)
    merging.merge(waiting, other, by=by, at=MONDAY_9 + hours(1))
    again = merging.unmerge(given.fresh(waiting), by=by, at=MONDAY_9 + hours(2))
    assert (again.status, given.fresh(again).waiting_for) == ("waiting", "customer")
    assert Promise.objects.get(case=again, kind="resolution").state == Promise.PAUSED
    said = Draft("message.received", {"channel": again.channel, "files": []}, "还没好")
    lifecycle.receive(again, said, by=given.customer_of(again), at=MONDAY_9 + hours(3))
    assert given.fresh(again).status == "open"
    assert Promise.objects.get(case=again, kind="resolution").state == Promise.RUNNING


def test_what_goes_back_is_taken_from_wherever_it_was_merged_on_to(by: Actor) -> None:
    first, second = a_waiting_case_and_another(by)
    third = given.received(given.a_message("屏幕也坏了", sender=LI_LEI), at=MONDAY_9).case
    assert third is not None
    with tx.write():
        promises.cancel(third, cause="by_hand", by=by, at=MONDAY_9)
    merging.merge(first, second, by=by, at=MONDAY_9 + hours(1))
    merging.merge(given.fresh(second), given.fresh(third), by=by, at=MONDAY_9 + hours(2))
    merging.unmerge(given.fresh(first), by=by, at=MONDAY_9 + hours(3))
    assert Promise.objects.filter(case=first, kind="resolution").exists()
    third = given.fresh(third)
    left = Promise.objects.filter(promises.OWED, case=third).values_list("due_at", flat=True)
    assert third.next_due == min(left) and third.next_due > MONDAY_9 - timedelta(days=1)


def test_what_stands_still_on_the_survivor_stays_as_it_is_when_another_joins(by: Actor) -> None:
    into, other = a_waiting_case_and_another(by)
    paused = Promise.objects.get(case=into, kind="resolution")
    merging.merge(other, into, by=by, at=MONDAY_9 + hours(1))
    now = Promise.objects.get(pk=paused.pk)
    assert (now.state, now.due_at, now.used_s) == ("paused", paused.due_at, paused.used_s)
    assert not into.entries.filter(kind="promise.changed").exists()
