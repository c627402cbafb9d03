"""What a person owes in a case that somebody else works on stands on their desk until it is kept."""

from typing import Any

import pytest

from huiyin.cases import lifecycle, promises
from huiyin.cases.models import Case, Promise
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TITLE = "他人工单中我的承诺"


def on_the_desk(person: Staff) -> str:
    return given.at_desk(person).get("/desk").content.decode()


def a_solved_complaint(alice: Staff) -> Case:
    case = given.a_case("我要投诉，服务态度太差", handler=alice, status="resolved")
    given.work_done(at=MONDAY_9)
    return case


def test_a_call_back_that_the_lead_owes_stands_on_the_leads_desk_until_it_is_kept() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = a_solved_complaint(alice)
    assert Promise.objects.get(case=case, kind="call_back").debtor == lena
    assert TITLE in on_the_desk(lena)
    assert TITLE not in on_the_desk(alice)
    lifecycle.move(given.fresh(case), "confirm", by=given.actor(alice), at=MONDAY_9, how="call")
    assert TITLE not in on_the_desk(lena)


def test_what_is_owed_in_ones_own_case_is_not_listed_twice() -> None:
    alice = given.an_agent()
    given.a_case(handler=alice, status="open")
    assert TITLE not in on_the_desk(alice)


def test_it_stands_there_also_when_it_is_late(monday: Any) -> None:
    alice, lena = given.an_agent(), given.a_lead()
    a_solved_complaint(alice)
    late = MONDAY_9 + days(2)
    monday.move_to(late)
    while promises.act_on_due(at=late):
        pass
    assert Promise.objects.get(kind="call_back").state == "broken"
    assert TITLE in on_the_desk(lena)
