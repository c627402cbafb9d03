"""The search page: what is found, what is too little, and nothing of what the visitor may not see."""

import pytest

from huiyin.cases import indexing
from huiyin.customers.recognise import Sender
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def page(desk: given.Client, typed: str) -> str:
    while indexing.index_some(at=MONDAY_9):
        pass
    answer = desk.post("/desk/search", {"q": typed}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_words_lead_to_an_address_that_can_be_kept_and_show_the_passage() -> None:
    alice = given.an_agent("alice")
    case = given.a_case("您好，耳机没有声音<script>", handler=alice)
    desk = given.at_desk(alice)
    shown = page(desk, "没有声音")
    assert f"/desk/cases/{case.number}#entry-1" in shown
    assert "<mark>没有声音</mark>" in shown
    assert "<script>" not in shown.partition("found__passage")[2]
    assert desk.post("/desk/search", {"q": "没有声音"}).status_code == 302


def test_a_phone_number_never_comes_into_an_address() -> None:
    alice = given.an_agent("alice")
    case = given.a_case(handler=alice, sender=Sender("李雷", phone="13900001234"))
    assert case.customer is not None
    answer = given.at_desk(alice).post("/desk/search", {"q": "139 0000 1234"})
    assert answer.status_code == 200
    assert case.customer.number in answer.content.decode()


def test_a_colleague_is_told_that_nothing_was_found() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case = given.a_case("耳机没有声音", handler=alice)
    shown = page(given.at_desk(bob), "没有声音")
    assert case.number not in shown
    assert "在您可查看的范围内没有找到相关内容" in shown


def test_too_little_is_said_to_be_too_little() -> None:
    assert "内容太少" in page(given.at_desk(given.an_agent("alice")), "开")


@pytest.mark.tampers
def test_a_hit_far_back_leads_to_the_part_of_the_talk_it_stands_in() -> None:
    alice = given.an_agent("alice")
    case = given.a_case("耳机没有声音", handler=alice)
    type(case).objects.filter(pk=case.pk).update(entry_seq=500)
    assert f"/desk/cases/{case.number}?before=51#entry-1" in page(given.at_desk(alice), "没有声音")


def test_who_sees_no_cases_has_no_search() -> None:
    desk = given.at_desk(given.a_person("adam", role="administrator"))
    assert desk.get("/desk/search").status_code == 403
