"""Due times when the priority, the category, a policy or a calendar changes while promises run."""

from datetime import datetime

import pytest

from huiyin.base import configured, tx
from huiyin.base.actor import OPERATOR
from huiyin.cases import lifecycle, owing, reckoning
from huiyin.cases.models import Case, Entry, Promise
from huiyin.rules.models import Calendar, PromisePolicy
from huiyin.staff import sites
from tests import given
from tests.given import FRIDAY_17, MONDAY_9, days, hours, minutes

pytestmark = pytest.mark.django_db


def owed(case: Case, kind: str) -> Promise:
    return Promise.objects.filter(case=case, kind=kind).latest("id")


def changed(case: Case, why: str, *, after: float, **columns: object) -> None:
    Case.objects.filter(pk=case.pk).update(**columns)
    reckoning.apply_again(given.fresh(case), why, by=OPERATOR, at=MONDAY_9 + hours(after))


def test_a_raised_priority_counts_the_time_used_already() -> None:
    case = given.a_case()
    changed(case, "priority", after=1, priority="urgent")
    promise = owed(case, "resolution")
    assert (promise.policy, promise.due_at) == ("resolution-urgent", MONDAY_9 + hours(2))
    assert promise.first_due == MONDAY_9 + hours(24)


def test_both_times_are_recorded_and_a_second_call_changes_nothing() -> None:
    case = given.a_case()
    for _ in range(2):
        changed(case, "priority", after=1, priority="low")
    (told,) = Entry.objects.filter(case=case, kind="promise.changed")
    assert told.payload["why"] == "priority"
    was, due = (datetime.fromisoformat(told.payload[name]) for name in ("was", "due"))
    assert (was, due) == (MONDAY_9 + hours(24), MONDAY_9 + hours(72))
    assert owed(case, "resolution").due_at == MONDAY_9 + hours(72)


def test_a_target_that_is_used_up_already_is_due_now_and_not_in_the_past() -> None:
    case = given.a_case()
    changed(case, "priority", after=5, priority="urgent")
    assert owed(case, "resolution").due_at == MONDAY_9 + hours(5)


def test_the_complaint_pair_replaces_the_normal_resolution_and_counts_from_the_opening() -> None:
    case = given.a_case()
    changed(case, "category", after=2, category="complaint")
    states = {p.kind: (p.state, p.due_at - MONDAY_9) for p in case.promises.exclude(kind="greeting")}
    assert states == {
        "first_reply": ("running", hours(1)),
        "resolution": ("cancelled", hours(24)),
        "complaint_response": ("running", hours(24)),
        "complaint_closed_loop": ("running", hours(72)),
    }
    assert given.fresh(case).next_due <= owed(case, "complaint_response").due_at


def test_the_urgent_two_hours_stay_in_force_over_the_complaint_pair() -> None:
    case = given.a_case("系统全部瘫痪")
    changed(case, "category", after=1, category="complaint")
    assert owed(case, "resolution").state == "running"
    assert owed(case, "complaint_closed_loop").state == "running"


def test_a_case_that_turns_out_to_be_no_complaint_gets_its_resolution_back() -> None:
    case = given.a_case()
    changed(case, "category", after=1, category="complaint")
    changed(case, "category", after=2, category="hardware_fault")
    assert owed(case, "resolution").state == "running"
    assert owed(case, "complaint_closed_loop").state == "cancelled"


def test_an_answer_already_given_is_not_owed_again_when_the_matter_becomes_a_complaint() -> None:
    case = given.a_case()
    lifecycle.reply(case, "您好", by=given.actor(given.an_agent()), at=MONDAY_9 + minutes(5))
    changed(case, "category", after=1, category="complaint")
    assert not Promise.objects.filter(case=case, kind="complaint_response").exists()


def test_a_pause_is_still_counted_after_the_priority_changed_meanwhile() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    by = given.actor(alice)
    lifecycle.move(case, "wait", by=by, at=MONDAY_9 + hours(1), waiting_for="customer", reason="")
    changed(case, "priority", after=3, priority="urgent")
    paused = owed(case, "resolution")
    assert (paused.state, paused.next_at) == ("paused", None)
    lifecycle.move(given.fresh(case), "resume", by=by, at=MONDAY_9 + hours(9), reason="")
    assert owed(case, "resolution").due_at == MONDAY_9 + hours(10)


def test_a_changed_policy_reaches_the_promises_that_run_once() -> None:
    case, done = given.a_case(), given.a_case(status="void")
    with tx.write():
        PromisePolicy.objects.filter(code="resolution-normal").update(seconds=12 * 3600)
        configured.bump()
    at = MONDAY_9 + hours(1)
    assert reckoning.follow_configuration(by=OPERATOR, at=at) == 1
    assert reckoning.follow_configuration(by=OPERATOR, at=at) == 0
    assert owed(case, "resolution").due_at == MONDAY_9 + hours(12)
    assert owed(done, "resolution").due_at == MONDAY_9 + hours(24)


def test_a_day_that_becomes_a_holiday_moves_what_is_counted_in_that_calendar() -> None:
    case = given.a_case(at=FRIDAY_17)
    by = given.actor(given.an_agent())
    refund = owing.make(case, owing.Made("refund"), by=by, at=FRIDAY_17)
    office = Calendar.objects.get(code="office")
    with tx.write():
        office.definition = {**office.definition, "closed": ["2026-03-11"]}
        office.save()
        configured.bump()
    reckoning.follow_configuration(by=OPERATOR, at=FRIDAY_17 + hours(1))
    moved = Promise.objects.get(pk=refund.pk)
    assert moved.due_at == refund.due_at + days(3)  # from Friday to Monday
    assert moved.first_due == refund.first_due


def test_a_site_that_gets_another_calendar_takes_what_runs_with_it() -> None:
    case = given.a_case(at=FRIDAY_17)
    refund = owing.make(case, owing.Made("refund"), by=given.actor(given.an_agent()), at=FRIDAY_17)
    office = Calendar.objects.get(code="office")
    definition = {**office.definition, "closed": ["2026-03-11"]}
    with tx.write():
        Calendar.objects.create(code="warehouse", definition=definition)
    site = case.site
    wanted = sites.Wanted(dict(site.name), site.zone, site.language, "warehouse")
    for moved in (1, 0):
        sites.save(site.code, wanted, by=OPERATOR, at=FRIDAY_17)
        assert reckoning.follow_configuration(by=OPERATOR, at=FRIDAY_17 + hours(1)) == moved
    assert Promise.objects.get(pk=refund.pk).due_at == refund.due_at + days(3)  # from Friday to Monday


def test_what_was_put_off_by_hand_stays_where_it_was_put() -> None:
    case = given.a_case()
    later = MONDAY_9 + days(3)
    owing.extend(owed(case, "resolution"), later, "客户同意", by=OPERATOR, at=MONDAY_9 + hours(1))
    with tx.write():
        configured.bump()
    reckoning.follow_configuration(by=OPERATOR, at=MONDAY_9 + hours(2))
    assert owed(case, "resolution").due_at == later


def test_working_days_that_are_wholly_paused_do_not_count() -> None:
    with tx.write():
        PromisePolicy.objects.filter(code="option-refund").update(pauses_for=["customer"])
        configured.bump()
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    by = given.actor(alice)
    refund = owing.make(case, owing.Made("refund"), by=by, at=MONDAY_9)
    evening, wednesday = MONDAY_9 + hours(10), MONDAY_9 + days(2) + hours(1)
    lifecycle.move(case, "wait", by=by, at=evening, waiting_for="customer", reason="")
    lifecycle.move(case, "resume", by=by, at=wednesday, reason="")
    moved = Promise.objects.get(pk=refund.pk)
    assert moved.due_at == refund.due_at + days(1)
    assert (moved.waited, moved.first_due) == (days(1), refund.first_due)
