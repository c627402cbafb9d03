"""Raising a case: to whom, by which rules, and never to somebody it is about."""

import pytest

from huiyin.cases import collaboration, escalation, lifecycle
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = pytest.mark.django_db
THREAT = "再不退款我就去法院起诉你们"


def people() -> tuple[Staff, Staff, Staff, Staff]:
    """An agent, their lead, a manager and the general manager."""
    return (
        given.an_agent("alice"),
        given.a_lead("lena"),
        given.a_person("max", role="manager", team=None),
        given.a_person("gina", role="general_manager", team=None),
    )


def raised(case: Case) -> list[str]:
    rows = Entry.objects.filter(case=case, kind="case.escalated").order_by("seq")
    return [row.payload["to"] for row in rows]


def by_hand(case: Case, by: Staff) -> Staff:
    return escalation.by_hand(given.fresh(case), "客户要求经理回电", by=given.actor(by), at=MONDAY_9)


def test_by_hand_a_case_climbs_from_lead_to_manager_to_general_manager_and_stops() -> None:
    alice, *_ = people()
    case = given.a_case(handler=alice, status="open")
    assert [by_hand(case, alice).number for _ in range(3)] == ["lena", "max", "gina"]
    with pytest.raises(escalation.NobodyAbove):
        by_hand(case, alice)
    assert (raised(case), given.fresh(case).escalation_level) == (["lena", "max", "gina"], 3)


def test_the_reason_is_needed_and_kept() -> None:
    alice, *_ = people()
    case = given.a_case(handler=alice, status="open")
    with pytest.raises(Invalid):
        escalation.by_hand(case, "  ", by=given.actor(alice), at=MONDAY_9)
    by_hand(case, alice)
    entry = Entry.objects.get(case=case, kind="case.escalated")
    assert (entry.by_ref, entry.payload["cause"]) == ("alice", "by_hand")


def test_an_escalation_that_saw_an_older_version_is_refused() -> None:
    alice, *_ = people()
    case = given.a_case(handler=alice, status="open")
    with pytest.raises(Stale):
        escalation.by_hand(case, "急", by=given.actor(alice), at=MONDAY_9, version=case.version - 1)


def test_a_case_that_has_ended_is_not_raised() -> None:
    alice, *_ = people()
    with pytest.raises(MoveNotAllowed):
        by_hand(given.a_case(handler=alice, status="closed"), alice)


def test_whoever_the_case_is_about_is_skipped() -> None:
    alice, lena, *_ = people()
    case = given.a_case(handler=alice, status="open")
    case.about.add(lena)
    assert by_hand(case, alice).number == "max"


def test_a_lead_does_not_escalate_to_themselves() -> None:
    _, lena, *_ = people()
    assert by_hand(given.a_case(handler=lena, status="open"), lena).number == "max"


def test_a_deputy_stands_in_for_a_lead_who_is_not_active() -> None:
    alice, lena, *_ = people()
    dora = given.an_agent("dora")
    Team.objects.get(code="service").deputies.add(dora)
    Staff.objects.filter(pk=lena.pk).update(is_active=False)
    assert by_hand(given.a_case(handler=alice, status="open"), alice).number == "dora"


def test_the_one_it_was_raised_to_may_see_it_and_is_told_once() -> None:
    alice, *_ = people()
    given.a_team("returns")
    rita = given.a_lead("rita", team="returns")
    Team.objects.filter(code="service").update(lead=rita)
    case = given.a_case(handler=alice, status="open")
    assert not Case.objects.visible_to(given.seen_by(rita)).exists()
    assert by_hand(case, alice) == rita
    given.work_done(at=MONDAY_9)
    assert Case.objects.visible_to(given.seen_by(rita)).exists()
    assert list(Notice.objects.filter(staff=rita).values_list("kind", flat=True)) == ["case.raised"]


def test_a_threat_raises_the_case_at_once_and_only_once() -> None:
    people()
    case = given.a_case(THREAT)
    assert case.emotion == "threatening"
    given.work_done(at=MONDAY_9)
    assert raised(case) == ["lena"]
    assert escalation.by_rule(given.fresh(case), escalation.THREATENING, at=MONDAY_9) is None


def test_a_case_says_how_upset_its_customer_became_and_nobody_calms_down_by_what_they_write() -> None:
    people()
    case = given.a_case()
    for text, expected in (
        (THREAT, "threatening"),
        ("我很生气", "threatening"),
        ("谢谢，麻烦快一点", "threatening"),
    ):
        given.received(given.a_message(text, thread_case=case.number), at=MONDAY_9)
        assert given.fresh(case).emotion == expected
    told = Entry.objects.get(case=case, kind="case.changed").payload["changes"]
    assert told == [{"field": "emotion", "old": "calm", "new": "threatening"}]


def test_an_ordinary_case_is_not_raised() -> None:
    people()
    case = given.a_case()
    given.work_done(at=MONDAY_9)
    assert raised(case) == []


@pytest.mark.parametrize(("text", "expected"), [("我要投诉", ["lena"]), ("我的电脑突然无法开机", [])])
def test_a_complaint_that_needs_another_department_is_raised_and_an_enquiry_is_not(
    text: str, expected: list[str]
) -> None:
    alice, *_ = people()
    case = given.a_case(text, handler=alice, status="open")
    wanted = collaboration.Asked(given.a_team("logistics"), "查单", "请查", MONDAY_9 + hours(4))
    collaboration.ask(case, wanted, by=given.actor(alice), at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    assert raised(case) == expected


def test_a_customer_who_is_still_dissatisfied_when_called_back_is_raised() -> None:
    alice, *_ = people()
    case = given.a_case(handler=alice, status="resolved")
    lifecycle.move(case, "dispute", by=given.actor(alice), at=MONDAY_9 + minutes(5), text="客户说还没好")
    given.work_done(at=MONDAY_9 + minutes(6))
    assert raised(case) == ["lena"]
