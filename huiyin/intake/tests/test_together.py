"""Messages that arrive at the same moment, in one process and in several."""

import pytest

from huiyin.cases.models import Case
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.intake import writer
from huiyin.intake.accept import Accepted, accept
from huiyin.intake.models import InboxItem
from tests import given
from tests.given import MONDAY_9
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(answers: list[object]) -> list[str]:
    assert all(isinstance(answer, Accepted) for answer in answers), answers
    return sorted(answer.outcome for answer in answers if isinstance(answer, Accepted))


def test_twenty_deliveries_of_one_message_by_as_many_processes_make_one_case() -> None:
    message = given.a_message()
    answers = at_once([lambda: accept([message], at=MONDAY_9)[0]] * 20)
    assert outcomes(answers) == ["duplicate"] * 19 + ["new"]
    assert (InboxItem.objects.count(), Case.objects.count()) == (1, 1)


def test_twenty_deliveries_through_the_one_writer_make_one_case() -> None:
    message = given.a_message()
    answers = at_once([lambda: writer.submit(message, at=MONDAY_9)] * 20)
    assert outcomes(answers) == ["duplicate"] * 19 + ["new"]


def test_forty_messages_at_once_each_get_a_case_with_a_number_of_its_own() -> None:
    messages = [given.a_message() for _ in range(40)]
    answers = at_once([lambda one=one: writer.submit(one, at=MONDAY_9) for one in messages])
    assert outcomes(answers) == ["new"] * 40
    assert len({answer.case.number for answer in answers}) == 40


def test_one_customer_who_writes_twice_at_once_is_one_customer() -> None:
    sender = Sender(name="李雷", phone="13955550009")
    messages = [given.a_message(sender=sender) for _ in range(8)]
    answers = at_once([lambda one=one: accept([one], at=MONDAY_9)[0] for one in messages])
    assert outcomes(answers) == ["new"] * 8
    assert Customer.objects.count() == 1


def test_a_message_that_is_refused_among_others_is_refused_alone() -> None:
    messages = [given.a_message(channel="fax" if n == 3 else "api") for n in range(8)]
    answers = at_once([lambda one=one: writer.submit(one, at=MONDAY_9) for one in messages])
    assert [isinstance(answer, Accepted) for answer in answers] == [n != 3 for n in range(8)]
