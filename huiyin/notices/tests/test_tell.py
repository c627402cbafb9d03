"""Telling people inside: each once for each cause, however often the task comes again."""

import pytest

from huiyin.notices.models import Notice
from huiyin.notices.tell import read_all, tell
from tests import given
from tests.given import MONDAY_9

pytestmark = pytest.mark.django_db


def test_a_task_that_comes_again_tells_nobody_twice() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    for people in ([alice.pk], [alice.pk, bob.pk], [alice.pk, alice.pk]):
        tell(people, "case.disputed", cause="entry:1:2", case_number="260302-0001", at=MONDAY_9)
    assert sorted(Notice.objects.values_list("staff__number", flat=True)) == ["alice", "bob"]


def test_another_cause_is_another_notice() -> None:
    alice = given.an_agent()
    for seq in (2, 3):
        tell([alice.pk], "case.disputed", cause=f"entry:1:{seq}", case_number="260302-0001", at=MONDAY_9)
    assert Notice.objects.count() == 2


def test_reading_marks_ones_own_and_nobody_elses() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    tell([alice.pk, bob.pk], "case.disputed", cause="entry:1:2", case_number="260302-0001", at=MONDAY_9)
    assert (read_all(alice.pk, at=MONDAY_9), read_all(alice.pk, at=MONDAY_9)) == (1, 0)
    assert Notice.objects.filter(read_at=None).get().staff == bob
