"""Searching by API shows what the token may see, page by page, and says plainly when the words are too short."""

from typing import Any

import pytest

from huiyin.cases import indexing
from huiyin.customers.recognise import Sender
from huiyin.staff import people
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def indexed() -> None:
    while indexing.index_some(at=MONDAY_9):
        pass


def ask(token: str, query: str, status: int = 200) -> Any:
    answer = given.with_token(token).get(f"/api/v1/search?{query}")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_case_is_found_with_the_passage_and_the_entry_it_stands_in() -> None:
    case = given.a_case("您好，耳机没有声音")
    indexed()
    (item,) = ask(given.a_token("all"), "q=没有声音")["items"]
    assert item["in"] == "cases"
    assert item["case"]["number"] == case.number
    assert item["entry"] == f"{case.number}.1"
    assert {"text": "没有声音", "hit": True} in item["passage"]


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    made = [given.a_case("耳机没有声音").number for _ in range(5)]
    indexed()
    token, found, cursor = given.a_token("all"), [], ""
    while True:
        page = ask(token, f"q=没有声音&limit=2&cursor={cursor}")
        found += [item["case"]["number"] for item in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert found == made[::-1]


def test_a_customer_is_found_by_the_whole_phone_or_the_last_four_and_shown_masked() -> None:
    given.a_case(sender=Sender("李雷", phone="13900001234"))
    token = given.a_token("all")
    for typed in ("13900001234", "1234"):
        found = [one for one in ask(token, f"q={typed}")["items"] if one["in"] == "customers"]
        assert len(found) == 1, typed
        assert "13900001234" not in str(found)
    assert ask(token, "q=3900001234&in=customers")["items"] == []


def test_a_token_without_the_scope_for_customers_finds_none() -> None:
    given.a_case(sender=Sender("李雷", phone="13900001234"))
    token = given.a_token("cases:read")
    assert ask(token, "q=13900001234")["items"] == []
    assert ask(token, "q=13900001234&in=customers", 403)["code"] == "scope_missing"


def test_a_token_finds_only_what_its_account_may_see() -> None:
    given.a_team("returns")
    given.a_case("耳机没有声音", team="returns")
    indexed()
    token = given.a_token("all", role="lead", name="service-lead")
    account = people.found(kind="service")[0]
    account.grants.update(team=given.a_team("service"))
    assert ask(token, "q=没有声音") == {"items": [], "next_cursor": None}
    listed = given.with_token(token).get("/api/v1/cases?text=没有声音").json()
    assert listed == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("typed", ["", "开", "a"])
def test_too_little_is_refused(typed: str) -> None:
    assert ask(given.a_token("all"), f"q={typed}", 422)["code"] == "too_short"


def test_a_cursor_that_is_not_ours_is_refused() -> None:
    assert ask(given.a_token("all"), "q=没有声音&cursor=x", 422)["fields"] == {"cursor": "unreadable"}


def test_the_list_of_cases_can_be_filtered_by_words() -> None:
    case = given.a_case("耳机没有声音")
    given.a_case("快递没有收到")
    indexed()
    program = given.with_token(given.a_token("all"))
    found = program.get("/api/v1/cases?text=没有声音&status=new").json()["items"]
    assert [one["number"] for one in found] == [case.number]
    assert program.get("/api/v1/cases?text=开").json()["code"] == "too_short"
