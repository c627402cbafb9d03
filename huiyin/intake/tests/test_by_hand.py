"""Cases that colleagues and other systems open: the same rules, promises and procedure as for a message."""

from typing import Any

import pytest

from huiyin.cases import editing, lifecycle, load
from huiyin.cases.models import Case, Promise
from huiyin.channels.models import Account
from huiyin.customers.recognise import Sender
from huiyin.intake import by_hand
from huiyin.staff.models import Grant, Staff, Team
from tests import given
from tests.given import MONDAY_9, days, hours

pytestmark = pytest.mark.django_db


def opened(text: str, by: Staff, *, channel: str = "manual", **given_: Any) -> Case:
    known = {"account": Account.objects.get(code=channel), "sender": Sender("李雷", "13900000007")}
    wanted = by_hand.ByHand(text=text, **(known | given_))
    return given.fresh(by_hand.open_case(wanted, by=given.actor(by), at=MONDAY_9).case)


def owed(case: Case) -> dict[str, Any]:
    return {one.kind: one.due_at - MONDAY_9 for one in case.promises.all() if one.is_owed}


def kinds_of(case: Case) -> list[tuple[str, str]]:
    return list(case.entries.order_by("seq").values_list("kind", "by_ref"))


def test_what_a_customer_said_at_the_counter_is_understood_and_promised_like_a_message() -> None:
    alice = given.an_agent()
    case = opened("我的电脑突然无法开机", alice, handler=alice)
    assert (case.category, case.priority, case.team.code) == ("hardware_fault", "normal", "service")
    assert (case.status, case.owner, case.handler) == ("open", alice, alice)
    assert owed(case) == {"resolution": hours(24)}
    assert case.customer is not None
    assert kinds_of(case) == [
        ("message.received", case.customer.number),
        ("case.opened", "alice"),
        ("case.assigned", "alice"),
        ("case.accepted", "alice"),
    ]
    assert load.wrong() == []


def test_a_category_and_a_priority_given_by_hand_bring_their_promises_and_procedure() -> None:
    alice = given.an_agent()
    case = opened("客户来店里说了一件事", alice, handler=alice, category="complaint", priority="urgent")
    assert owed(case).keys() >= {"resolution", "complaint_response", "complaint_closed_loop"}
    assert owed(case)["resolution"] == hours(2) and owed(case)["complaint_closed_loop"] == days(3)
    assert case.procedure == "service_complaint"


def test_who_opens_a_case_for_another_team_was_the_first_asked_and_still_sees_it() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    given.on_duty(charlie)
    case = opened("退货没人来取", alice, team=Team.objects.get(code="returns"))
    assert (case.owner, case.handler, case.status) == (alice, charlie, "new")
    assert Case.objects.visible_to(given.seen_by(alice)).filter(pk=case.pk).exists()


def test_a_call_that_is_written_down_has_been_answered_and_a_later_category_does_not_ask_again() -> None:
    alice = given.an_agent()
    case = opened("电话里说退款", alice, channel="phone", handler=alice)
    assert Promise.objects.get(case=case, kind="first_reply").state == Promise.KEPT
    editing.edit(case, {"category": "complaint"}, by=given.actor(alice), at=MONDAY_9 + hours(1))
    assert owed(given.fresh(case)).keys() == {"complaint_response", "complaint_closed_loop"} | {
        one.kind for one in case.promises.all() if one.kind.startswith("stage_") and one.is_owed
    }


def test_what_we_begin_is_no_answer_owed_and_is_sent_on_a_written_channel() -> None:
    alice = given.an_agent()
    case = opened("您好，您订的货到了", alice, channel="mail-support", handler=alice, is_outbound=True)
    assert case.is_outbound and owed(case).keys() == {"resolution"}
    assert kinds_of(case)[0] == ("message.sent", "alice")
    editing.edit(case, {"category": "complaint"}, by=given.actor(alice), at=MONDAY_9 + hours(1))
    assert not {"greeting", "first_reply", "complaint_response"} & owed(given.fresh(case)).keys()


def test_a_call_that_we_make_begins_with_a_note_that_the_customer_does_not_read() -> None:
    alice = given.an_agent()
    case = opened("回访安装情况", alice, channel="phone", handler=alice, is_outbound=True)
    assert kinds_of(case)[0] == ("note.added", "alice")


def test_a_known_customer_is_taken_and_what_is_known_of_them_is_not_missing() -> None:
    alice = given.an_agent()
    customer = given.a_customer(phone="13900000008")
    case = opened("想退款", alice, customer=customer, handler=alice)
    assert (case.customer, case.missing) == (customer, ["order_number"])
    assert opened("想退款", alice, customer=customer, order_no="JD1").missing == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "  "}, "text"),
        ({"category": "weather"}, "category"),
        ({"priority": "huge"}, "priority"),
        ({"sender": Sender()}, "customer"),
        ({"title": "长" * 201}, "title"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_field_and_nothing_is_written(
    wrong: dict[str, Any], field: str
) -> None:
    alice = given.an_agent()
    with pytest.raises(lifecycle.Invalid) as refused:
        opened(**{"text": "想退款", "by": alice} | wrong)
    assert set(refused.value.fields) == {field}
    assert not Case.objects.exists()


def test_nobody_is_named_who_does_not_work_in_the_team() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    with pytest.raises(lifecycle.Invalid, match="cannot_take"):
        opened("想退款", alice, handler=charlie)
    assert not Case.objects.exists()


def test_nobody_is_named_whose_role_is_for_other_categories() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    Grant.objects.filter(staff=bob).update(categories=["pre_sales"])
    with pytest.raises(lifecycle.Invalid, match="other_categories"):
        opened("想退款", alice, handler=bob)
    assert opened("这款多少钱", alice, handler=bob).handler == bob


def test_a_title_is_taken_from_the_words_without_whole_personal_values() -> None:
    assert opened("请回电 13912345678", given.an_agent()).title == "请回电 139****5678"
