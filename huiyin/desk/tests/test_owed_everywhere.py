"""Wherever a case is shown stands how long is left until its next promise breaks, in words and as a moment."""

from typing import Any

import pytest

from huiyin.cases import escalation, indexing, mentions, relating
from huiyin.cases.models import NEVER, Case
from tests import given
from tests.given import MONDAY_9, hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PAGES = ("around", "change", "finishing", "macros", "promises", "relations", "together", "unwanted")


def shown(desk: Any, path: str) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def countdown(case: Case) -> str:
    return f'data-due="{case.next_due.astimezone(MONDAY_9.tzinfo).isoformat()}"'


def test_each_page_of_a_case_and_each_list_that_names_it_counts_down() -> None:
    lena = given.a_lead()
    case, other = (given.a_case("没有声音", handler=lena, status="open") for _ in range(2))
    assert case.customer is not None and case.next_due < NEVER
    relating.link(other, case, by=given.actor(lena), at=MONDAY_9)
    mentions.record(case, "@lena", 1, by=given.actor(given.an_agent("bob")), at=MONDAY_9)
    while indexing.index_some(at=MONDAY_9):
        pass
    desk, left = given.at_desk(lena), countdown(case)
    paths = [f"/desk/cases/{case.number}/{page}" for page in PAGES]
    paths += [f"/desk/cases/{other.number}/relations", f"/desk/customers/{case.customer.number}"]
    paths += ["/desk/search?q=没有声音", "/desk/mentions"]
    assert [path for path in paths if left not in shown(desk, path)] == []


def test_what_was_raised_to_somebody_counts_down_the_next_to_break_first() -> None:
    boss = given.a_person("boss", role="general_manager", team=None)
    first, second = given.a_case(at=MONDAY_9 + hours(1)), given.a_case()
    for case in (first, second):
        escalation.by_hand(case, "需要决定", by=given.OPERATOR, at=MONDAY_9)
    page = shown(given.at_desk(boss), "/desk/requests")
    places = [page.index(countdown(given.fresh(case))) for case in (second, first)]
    assert places == sorted(places)


def test_the_cases_of_a_customer_stand_in_the_order_in_which_they_break_and_closed_ones_last() -> None:
    lena = given.a_lead()
    closed = given.a_case(handler=lena, status="closed")
    late, soon = given.a_case(at=MONDAY_9 + hours(1)), given.a_case()
    one = closed.customer
    assert one is not None
    Case.objects.filter(pk__in=(late.pk, soon.pk)).update(customer=one)
    page = shown(given.at_desk(lena), f"/desk/customers/{one.number}")
    places = [page.index(f"/desk/cases/{case.number}") for case in (soon, late, closed)]
    assert places == sorted(places)
    assert page.count("data-due") == len((late, soon))
