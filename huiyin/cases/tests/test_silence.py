"""Silence confirms after three working days: to the second, over holidays, once, and never in a complaint."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from huiyin.base import configured, tx
from huiyin.cases import checks, editing, escalation, lifecycle, outcome, reckoning, silence
from huiyin.cases.models import Case, Entry, Promise
from huiyin.rules import book as rulebook
from huiyin.rules.models import Calendar, Category
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, SHANGHAI, days, hours, seconds
from tests.together import at_once

pytestmark = pytest.mark.django_db
# Solved on Thursday 30 April 2026; the Labour Day holiday lasts from 1 to 5 May, Saturday 9 May is worked.
THURSDAY = datetime(2026, 4, 30, 10, tzinfo=SHANGHAI)
FRIDAY_8_MAY_18 = datetime(2026, 5, 8, 18, tzinfo=SHANGHAI)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_AFTER = MONDAY_9 + days(60)


@pytest.fixture(autouse=True)
def forget() -> object:
    yield
    rulebook.forget()


def solved(text: str = "我的电脑突然无法开机", *, at: datetime = MONDAY_9) -> Case:
    alice = Staff.objects.filter(number="alice").first() or given.an_agent()
    return given.a_case(text, handler=alice, status="resolved", at=at)


def test_it_closes_at_the_end_of_the_third_working_day_to_the_second_over_a_holiday() -> None:
    case = solved(at=THURSDAY)
    silence.confirm_due(at=FRIDAY_8_MAY_18 - seconds(1))
    assert given.fresh(case).status == "resolved"
    silence.confirm_due(at=FRIDAY_8_MAY_18)
    case = given.fresh(case)
    assert (case.status, case.closed_loop, case.outcome) == ("closed", "silence", "")
    entry = Entry.objects.get(case=case, kind="case.confirmed")
    assert (entry.by_ref, entry.payload) == ("clock", {"how": "silence", "outcome": ""})


def test_what_fell_silent_during_a_stop_is_closed_afterwards_in_steps_and_once() -> None:
    cases = [solved() for _ in range(5)]
    looked = 0
    while done := silence.confirm_due(at=LONG_AFTER, limit=2):
        looked += done
    assert looked == 5
    assert Entry.objects.filter(case__in=cases, kind="case.confirmed").count() == 5


@pytest.mark.parametrize("words", ["我要投诉你们的服务态度", "提一个建议"])
def test_it_never_closes_a_complaint_nor_anything_filed_below_one(words: str) -> None:
    case = solved(words)
    silence.confirm_due(at=LONG_AFTER)
    assert (case.silence_at, given.fresh(case).status) == (None, "resolved")


def test_it_never_closes_what_became_a_complaint_after_it_was_solved() -> None:
    case = solved()
    Case.objects.filter(pk=case.pk).update(category="service_complaint")
    assert silence.confirm_due(at=LONG_AFTER) == 1
    assert silence.confirm_due(at=LONG_AFTER) == 0
    assert given.fresh(case).status == "resolved"


def test_what_turns_out_to_be_a_complaint_is_not_confirmed_by_silence_until_it_is_solved_anew() -> None:
    case = solved()
    before = case.silence_at
    editing.edit(case, {"category": "software_bug"}, by=given.OPERATOR, at=MONDAY_9 + days(1))
    assert given.fresh(case).silence_at == before
    editing.edit(case, {"category": "service_complaint"}, by=given.OPERATOR, at=MONDAY_9 + days(1))
    assert given.fresh(case).silence_at is None
    editing.edit(case, {"category": "software_bug"}, by=given.OPERATOR, at=MONDAY_9 + days(1))
    assert given.fresh(case).silence_at is None
    lifecycle.move(case, "dispute", by=given.OPERATOR, at=MONDAY_9 + days(1))
    lifecycle.move(case, "resolve", by=given.OPERATOR, at=MONDAY_9 + days(1), text="已更换")
    assert given.fresh(case).silence_at == MONDAY_9 + days(4) + hours(9)


def configured_now(**of_after_sales: object) -> None:
    Category.objects.filter(code="after_sales").update(**of_after_sales)
    with tx.write():
        configured.bump()


def test_a_category_says_after_how_many_days_and_those_below_it_follow_unless_they_say_otherwise() -> None:
    configured_now(silence_days=1)
    assert solved().silence_at == MONDAY_9 + days(1) + hours(9)
    Category.objects.filter(code="hardware_fault").update(silence_days=2)
    rulebook.forget()
    assert solved().silence_at == MONDAY_9 + days(2) + hours(9)


def test_a_changed_calendar_or_number_of_days_moves_what_waits_for_silence_once_and_never_into_the_past() -> (
    None
):
    case = solved()
    Calendar.objects.filter(code="office").update(
        definition={"time_zone": "Asia/Shanghai", "weekly": {day: [["08:00", "20:00"]] for day in WEEK}}
    )
    configured_now()
    for _ in range(2):
        reckoning.follow_configuration(by=given.OPERATOR, at=MONDAY_9 + days(1))
    assert given.fresh(case).silence_at == MONDAY_9 + days(3) + hours(11)
    (told,) = Entry.objects.filter(case=case, kind="silence.moved")
    assert datetime.fromisoformat(told.payload["was"]) == MONDAY_9 + days(3) + hours(9)
    configured_now(silence_days=1)
    reckoning.follow_configuration(by=given.OPERATOR, at=MONDAY_9 + days(2))
    assert given.fresh(case).silence_at == MONDAY_9 + days(2)
    configured_now(silence_confirms=False)
    assert silence.confirm_due(at=LONG_AFTER) == 1
    assert given.fresh(case).status == "resolved"


def test_what_was_filed_where_silence_says_nothing_keeps_the_days_counted_from_its_new_place() -> None:
    Category.objects.filter(code="price").update(silence_confirms=False)
    case = solved("这款多少钱")
    assert (case.category, case.silence_at) == ("price", None)
    editing.edit(case, {"category": "hardware_fault"}, by=given.OPERATOR, at=MONDAY_9 + days(1))
    ends = given.fresh(case).silence_at
    assert ends == MONDAY_9 + days(4) + hours(9)
    configured_now()
    reckoning.follow_configuration(by=given.OPERATOR, at=MONDAY_9 + days(2))
    assert given.fresh(case).silence_at == ends


def test_raising_a_solved_case_as_a_complaint_ends_the_silence() -> None:
    given.a_lead()
    case = solved()
    escalation.by_hand(case, "客户要求经理回电", by=given.OPERATOR, at=MONDAY_9)
    assert given.fresh(case).silence_at is None


def test_what_is_stored_about_the_end_of_cases_adds_up() -> None:
    solved()
    assert list(checks.finished_rightly()) == []
    with given.undone():
        Case.objects.update(status="open", closed_loop="call")
        assert len(list(checks.finished_rightly())) == 2


def test_it_never_closes_what_was_raised_as_a_complaint_whatever_it_is_filed_under() -> None:
    given.a_lead()
    case = given.a_case(handler=given.an_agent(), status="open")
    escalation.by_rule(case, escalation.DISSATISFIED, at=MONDAY_9)
    lifecycle.move(given.fresh(case), "resolve", by=given.OPERATOR, at=MONDAY_9, text="已更换")
    silence.confirm_due(at=LONG_AFTER)
    assert given.fresh(case).status == "resolved"


@pytest.mark.parametrize("code", ["hardware_fault", "after_sales"])
def test_it_never_closes_where_the_category_or_one_above_it_forbids_it(code: str) -> None:
    Category.objects.filter(code=code).update(silence_confirms=False)
    rulebook.forget()
    case = solved()
    silence.confirm_due(at=LONG_AFTER)
    assert given.fresh(case).status == "resolved"


def test_whoever_answers_before_ends_the_silence() -> None:
    confirmed, disputed, pending = solved(), solved(), solved()
    outcome.tell(confirmed, "satisfied", how="customer", by=given.customer_of(confirmed), at=MONDAY_9)
    outcome.tell(disputed, "dissatisfied", how="customer", by=given.customer_of(disputed), at=MONDAY_9)
    outcome.tell(pending, "pending", how="customer", by=given.customer_of(pending), at=MONDAY_9 + days(2))
    silence.confirm_due(at=MONDAY_9 + days(3) + hours(9))
    assert [given.fresh(case).status for case in (confirmed, disputed, pending)] == [
        "closed",
        "open",
        "resolved",
    ]
    silence.confirm_due(at=MONDAY_9 + days(7) + hours(9))
    assert (given.fresh(pending).status, given.fresh(pending).outcome) == ("closed", "pending")


def test_a_call_back_that_nobody_made_is_not_counted_as_kept() -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    Case.objects.filter(pk=case.pk).update(is_complex=True)
    lifecycle.move(given.fresh(case), "resolve", by=given.OPERATOR, at=MONDAY_9, text="已更换")
    silence.confirm_due(at=LONG_AFTER)
    promise = Promise.objects.get(case=case, kind="call_back")
    assert (promise.state, promise.fulfilled_at, promise.ended_cause) == ("cancelled", None, "silence")


@pytest.mark.django_db(transaction=True)
def test_broken_off_in_the_middle_it_leaves_each_case_whole_and_is_done_by_the_next() -> None:
    cases = [solved(), solved()]
    written = 0

    def killed(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal written
        written += sql.startswith('INSERT INTO "cases_entry"')
        if written == 2:
            raise KeyboardInterrupt
        return execute(sql, *rest)

    with connection.execute_wrapper(killed), pytest.raises(KeyboardInterrupt):
        silence.confirm_due(at=LONG_AFTER)
    assert [given.fresh(case).status for case in cases] == ["closed", "resolved"]
    silence.confirm_due(at=LONG_AFTER)
    assert Entry.objects.filter(case__in=cases, kind="case.confirmed").count() == 2


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_confirm_each_case_once() -> None:
    cases = [solved() for _ in range(4)]
    answers = at_once([lambda: silence.confirm_due(at=LONG_AFTER)] * 3)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    confirmed = Entry.objects.filter(case__in=cases, kind="case.confirmed")
    assert sorted(confirmed.values_list("case", flat=True)) == sorted(case.pk for case in cases)
