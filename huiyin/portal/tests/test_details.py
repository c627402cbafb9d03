"""What a case still needs: shown, asked once, filled by what the customer answers."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base import configured
from huiyin.base.models import Task
from huiyin.cases import completing, links
from huiyin.cases.models import Case, Entry, EntryBody, Promise
from huiyin.customers.models import Customer, Identity
from huiyin.customers.recognise import Sender
from huiyin.rules.models import Category
from tests import given
from tests.given import MONDAY_9, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
NOBODY = Sender(name="李雷")


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}", given.as_json(body), content_type="application/json")


def program() -> Client:
    return given.with_token(given.a_token("all"))


def a_refund(**message: Any) -> Case:
    """A case without an order number and without a way to reach the customer."""
    case = given.a_case("我要退款", **{"sender": NOBODY, **message})
    assert sorted(case.missing) == ["contact", "order_number"]
    return case


def test_what_is_missing_stands_on_the_case_with_one_button_to_ask_for_it() -> None:
    alice = given.an_agent()
    case = a_refund(handler=alice)
    client = given.at_desk(alice)
    page = client.get(f"/desk/cases/{case.number}").content.decode()
    assert "客户信息不完整" in page and "订单号" in page and "向客户询问" in page
    assert client.post(f"/desk/cases/{case.number}/details").status_code == 302
    page = client.get(f"/desk/cases/{case.number}").content.decode()
    assert "已向客户询问" in page and page.count("向客户询问") == 1


def test_the_question_is_asked_once_in_the_customers_language_and_is_no_first_reply() -> None:
    case = a_refund(language="en")
    first, second = (post(program(), f"cases/{case.number}/ask-missing") for _ in range(2))
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 409, "nothing_to_ask")
    asked = Entry.objects.get(case=case, kind="details.asked")
    words = EntryBody.objects.get(case=case, seq=asked.seq).text
    assert asked.audience == "customer" and "the number of the order" in words and case.number in words
    assert Promise.objects.get(case=case, kind="first_reply").state == "running"
    assert given.fresh(case).status == "new"


def test_a_category_that_asks_by_itself_asks_after_opening_and_only_for_what_is_missing() -> None:
    Category.objects.filter(code="after_sales").update(ask_missing=True)
    configured.bump()
    case, full = a_refund(), given.a_case("我要退款，订单号 HY-2024-0031")
    given.work_done(at=MONDAY_9)
    given.work_done(at=MONDAY_9 + minutes(1))
    assert [entry.case for entry in Entry.objects.filter(kind="details.asked")] == [case]
    assert full.missing == []


def test_what_a_colleague_asked_already_is_not_asked_by_itself_again() -> None:
    Category.objects.filter(code="after_sales").update(ask_missing=True)
    configured.bump()
    case = a_refund()
    post(program(), f"cases/{case.number}/ask-missing")
    given.work_done(at=MONDAY_9)
    assert Entry.objects.filter(kind="details.asked").count() == 1
    assert not Task.objects.exclude(state="done").exists()


def test_no_category_of_the_pack_asks_by_itself() -> None:
    a_refund()
    given.work_done(at=MONDAY_9)
    assert not Entry.objects.filter(kind="details.asked").exists()


def test_a_later_message_fills_what_it_brings_and_the_rest_stays_missing() -> None:
    case = a_refund()
    given.received(given.a_message("订单号是 HY-2024-0031", sender=NOBODY, thread_case=case.number))
    case = given.fresh(case)
    assert case.missing == ["contact"]
    told = Entry.objects.get(case=case, kind="details.given")
    assert told.payload == {"needs": ["order_number"]}
    given.received(given.a_message("没有别的", sender=NOBODY, thread_case=case.number))
    assert Entry.objects.filter(kind="details.given").count() == 1


def test_an_answer_on_their_page_also_lets_a_waiting_case_go_on() -> None:
    case = a_refund(handler=given.an_agent(), status="waiting")
    body = {"text": "订单 HY-2024-0031，电话 13655550177"}
    assert Client().post(f"/c/{links.token(case)}/messages", body).status_code == 302
    case = given.fresh(case)
    assert (case.missing, case.status) == ([], "open")


def test_the_form_asks_exactly_what_is_missing_and_an_unusual_order_number_counts() -> None:
    case = a_refund()
    path = f"/c/{links.token(case)}"
    page = Client().get(path).content.decode()
    assert 'name="order_number"' in page and 'name="contact"' in page and 'name="phone"' not in page
    answer = Client().post(
        f"{path}/details", {"order_number": "旧单77", "contact": "13655550177", "name": "x"}
    )
    assert answer.status_code == 302
    assert given.fresh(case).missing == []
    words = EntryBody.objects.filter(case=case).latest("seq")
    assert "旧单77" in EntryBody.objects.get(case=case, text__contains="旧单77").text and words
    assert Identity.objects.filter(customer=case.customer, kind="phone").exists()
    assert 'id="details"' not in Client().get(path).content.decode()


def test_what_cannot_be_a_phone_number_is_said_and_kept_in_its_field() -> None:
    case = a_refund()
    answer = Client().post(f"/c/{links.token(case)}/details", {"contact": "随便", "order_number": ""})
    assert answer.status_code == 422
    assert 'value="随便"' in answer.content.decode() and given.fresh(case).missing == case.missing


def test_a_phone_that_is_somebody_elses_stays_in_the_message_and_changes_nobody() -> None:
    other = given.a_customer(name="韩梅梅", phone="13655550177")
    case = a_refund()
    Client().post(f"/c/{links.token(case)}/details", {"contact": "13655550177"})
    assert Identity.objects.get(kind="phone", customer=other)
    assert not Identity.objects.filter(customer=case.customer, kind="phone").exists()
    assert given.fresh(case).missing == ["order_number"]


def test_a_nameless_customer_gets_the_name_that_they_fill_in() -> None:
    case = given.a_case("我要退款", sender=Sender(phone="13655550178"))
    Case.objects.update(missing=["name"])
    Client().post(f"/c/{links.token(case)}/details", {"name": "韩梅梅"})
    assert Customer.objects.get().name.reveal() == "韩梅梅"


def test_a_colleague_strikes_off_what_was_told_by_phone() -> None:
    case = a_refund()
    answer = post(program(), f"cases/{case.number}/details", version=case.version, needs=["order_number"])
    assert answer.json()["missing"] == ["contact"]
    stale = post(program(), f"cases/{case.number}/details", version=case.version, needs=["contact"])
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    wrong = post(program(), f"cases/{case.number}/details", version=2, needs=["shoe_size"])
    assert wrong.status_code == 422


def test_a_case_that_is_done_asks_nothing_any_more() -> None:
    case = a_refund(handler=given.an_agent(), status="closed", attachments=(given.a_file(),))
    with pytest.raises(completing.MoveNotAllowed):
        completing.ask(case, by=given.OPERATOR, at=MONDAY_9)
    assert Client().post(f"/c/{links.token(case)}/details", {"contact": "13655550177"}).status_code == 302
    assert given.fresh(case).missing == case.missing
