"""Numbers: never twice, whatever is rolled back or runs at once; gaps do not matter."""

import pytest

from huiyin.base import numbers, tx
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def take(count: int = 1) -> list[int]:
    with tx.write():
        return numbers.take("trial", count)


def test_numbers_follow_each_other_within_a_block() -> None:
    assert take(3) + take(2) == [1, 2, 3, 4, 5]


def test_more_than_a_block_at_once_is_given_whole() -> None:
    taken = take(120) + take(1)
    assert len(set(taken)) == 121


def test_after_a_rollback_no_number_is_given_twice() -> None:
    kept = take()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), tx.write():
            numbers.take("trial", 60)
            raise ZeroDivisionError
        kept += take(7)
    assert len(set(kept)) == len(kept)


def test_a_process_that_begins_anew_takes_another_block() -> None:
    first = take()
    numbers.forget()
    assert take()[0] > first[0] + 1


def test_threads_share_blocks_without_sharing_numbers() -> None:
    taken = [n for answer in at_once([lambda: take(9)] * 12) for n in answer]
    assert len(set(taken)) == 12 * 9


def test_counters_do_not_know_each_other() -> None:
    take(5)
    with tx.write():
        assert numbers.take("other", 1) == [1]
