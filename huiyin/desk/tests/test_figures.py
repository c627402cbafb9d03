"""A number in a form is whatever somebody sends: what cannot be one is refused, and nothing breaks."""

import pytest

from huiyin.desk import figures
from tests import given

NO_NUMBER = ["", "-1", "1.5", "²", "①", "9" * 10, "9" * 5000]


@pytest.mark.parametrize("text", [None, *NO_NUMBER])
def test_only_a_whole_number_that_the_store_can_hold_is_one(text: str | None) -> None:
    assert figures.whole(text) is None
    assert [figures.whole(one) for one in ("0", "42", "９", "9" * 9)] == [0, 42, 9, 999_999_999]


@pytest.mark.django_db
@pytest.mark.parametrize("text", NO_NUMBER)
def test_forms_with_such_a_version_or_message_are_refused_and_change_nothing(text: str) -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    desk = given.at_desk(alice)
    before = given.fresh(case).version
    sent = {"version": text, "seq": text, "act": "split", "move": "accept", "text": "x"}
    for path in ("move", "relate", "change/act"):
        answer = desk.post(f"/desk/cases/{case.number}/{path}", sent)
        assert 400 <= answer.status_code < 500, path
    assert desk.post(f"/desk/customers/{case.customer.number}/change", sent).status_code in (400, 409, 422)
    assert given.fresh(case).version == before
