"""A case that needs management is raised by rule: as its category or the stage it came to says, and only once."""

from decimal import Decimal

import pytest

from huiyin.base import configured
from huiyin.cases import compensation, editing, finishing, procedure
from huiyin.cases.compensation import Proposal
from huiyin.cases.models import Case, Entry
from huiyin.notices.models import Notice
from huiyin.rules.models import Category, Procedure
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, minutes

pytestmark = pytest.mark.django_db
FOUND = {"facts": "核对了通话录音", "cause": "培训不足", "result": "已道歉并补发"}


@pytest.fixture
def people() -> tuple[Staff, Staff]:
    alice, lena = given.an_agent(), given.a_lead()
    given.a_person("max", role="manager", team=None)
    return alice, lena


def causes(case: Case) -> list[str]:
    given.work_done(at=MONDAY_9 + minutes(9))
    rows = Entry.objects.filter(case=case, kind="case.escalated").order_by("seq")
    return [row.payload["cause"] for row in rows]


def says(category: str, *conditions: str) -> None:
    Category.objects.filter(code=category).update(needs_management=list(conditions))
    configured.bump()


def proposed(case: Case, by: Staff, value: str) -> None:
    wanted = Proposal("coupon", Decimal(value), "物流延误三天")
    compensation.propose(given.fresh(case), wanted, by=given.actor(by), at=MONDAY_9)


def test_a_complaint_in_which_more_is_proposed_than_the_limit_is_raised_once(
    people: tuple[Staff, Staff],
) -> None:
    alice, lena = people
    case = given.a_case("我要投诉", handler=alice, status="open")
    proposed(case, alice, "20")
    assert causes(case) == []
    for _ in range(2):
        proposed(case, alice, "500")
    assert causes(case) == ["needs_management"]
    told = Notice.objects.get(kind="case.raised")
    assert (told.staff, told.params["cause"]) == (lena, "needs_management")
    assert not finishing.may_lapse(given.fresh(case))


def test_the_same_proposal_in_an_enquiry_asks_for_approval_and_raises_nothing(
    people: tuple[Staff, Staff],
) -> None:
    alice, _ = people
    case = given.a_case(handler=alice, status="open")
    proposed(case, alice, "500")
    assert causes(case) == []


def test_a_complaint_that_becomes_urgent_is_raised_and_no_other(people: tuple[Staff, Staff]) -> None:
    alice, _ = people
    complaint, enquiry = (
        given.a_case(text, handler=alice, status="open") for text in ("我要投诉", "无法开机")
    )
    assert causes(complaint) == []
    for case in (complaint, enquiry):
        editing.edit(given.fresh(case), {"priority": "urgent"}, by=given.actor(alice), at=MONDAY_9)
    assert (causes(complaint), causes(enquiry)) == (["needs_management"], [])


def test_an_urgent_case_that_turns_out_to_be_a_complaint_is_raised(people: tuple[Staff, Staff]) -> None:
    alice, _ = people
    case = given.a_case("系统全部瘫痪", handler=alice, status="open")
    assert (case.priority, causes(case)) == ("urgent", [])
    editing.edit(given.fresh(case), {"category": "complaint"}, by=given.actor(alice), at=MONDAY_9)
    assert causes(case) == ["needs_management"]


def test_a_category_may_ask_for_management_from_the_first_moment_with_all_below_it(
    people: tuple[Staff, Staff],
) -> None:
    says("after_sales", "always")
    assert causes(given.a_case("想退款")) == ["needs_management"]
    assert causes(given.a_case("这款多少钱")) == []


def test_a_stage_may_ask_for_management(people: tuple[Staff, Staff]) -> None:
    alice, _ = people
    row = Procedure.objects.get(code="service_complaint")
    row.definition["stages"][2]["needs_management"] = True
    row.save()
    configured.bump()
    case = given.a_case("你们的服务态度太差", handler=alice, status="open")
    procedure.advance(given.fresh(case), "investigating", by=given.actor(alice), at=MONDAY_9)
    assert causes(case) == []
    procedure.advance(given.fresh(case), "supervised", by=given.actor(alice), at=MONDAY_9, form=FOUND)
    assert causes(case) == ["needs_management"]
