"""A key is worked on once, answers again for a day, and is never lost with a process."""

import pytest

from huiyin.base import once, tx
from tests import given

pytestmark = pytest.mark.django_db
AT = given.MONDAY_9
ANSWER = once.Answered(201, '{"number": "1"}')


def key(digest: str = "a", *, at: object = AT, scope: str = "token:one") -> once.Key:
    return once.Key(scope, "k1", digest, at)  # type: ignore[arg-type]


def test_the_first_works_and_the_second_gets_its_answer() -> None:
    assert once.begin(key()) is None
    once.finish(key(), ANSWER)
    assert once.begin(key(at=AT + given.hours(23))) == ANSWER


def test_while_the_first_works_the_second_is_told_to_wait() -> None:
    once.begin(key())
    with pytest.raises(once.Running):
        once.begin(key(at=AT + given.seconds(30)))


def test_another_request_under_the_key_is_refused() -> None:
    once.begin(key())
    with pytest.raises(once.Reused):
        once.begin(key("b"))


def test_the_same_key_of_another_caller_is_another_key() -> None:
    once.begin(key())
    assert once.begin(key("b", scope="token:two")) is None


def test_after_a_day_the_key_is_free() -> None:
    once.begin(key())
    once.finish(key(), ANSWER)
    assert once.begin(key("b", at=AT + given.days(1))) is None


def test_a_key_lost_with_its_process_is_taken_over_and_the_late_one_is_undone() -> None:
    once.begin(key())
    later = key(at=AT + given.minutes(1))
    assert once.begin(later) is None
    with pytest.raises(once.TakenOver), tx.write():
        once.finish(key(), ANSWER)
    once.finish(later, ANSWER)
    assert once.begin(key(at=AT + given.minutes(2))) == ANSWER


def test_a_key_given_up_is_free_at_once() -> None:
    once.begin(key())
    once.give_up(key())
    assert once.begin(key("b")) is None
