"""Promises by hand: made, kept, put off and cancelled by a person, each with its reason."""

from datetime import datetime

import pytest

from huiyin.cases import lifecycle, owing, promises, watching
from huiyin.cases.models import Case, Entry, Promise
from huiyin.cases.owing import Made
from huiyin.notices.models import Notice
from huiyin.rules import book as rulebook
from huiyin.rules.models import PromisePolicy
from huiyin.staff.models import Staff
from tests import given
from tests.given import FRIDAY_17, MONDAY_9, days, hours, minutes

pytestmark = pytest.mark.django_db


def a_promise(case: Case, made: Made | None = None) -> Promise:
    made = made or Made("call_back", MONDAY_9 + hours(2), "技师2小时内联系您")
    return owing.make(case, made, by=given.actor(given.an_agent("maker")), at=MONDAY_9)


def last(case: Case, kind: str) -> Entry:
    return Entry.objects.filter(case=case, kind=kind).latest("seq")


def test_what_an_agent_tells_a_customer_is_proposed_with_its_time() -> None:
    (found,) = owing.proposed("您好，技师会在2小时内给您回电。", given.a_case(), at=MONDAY_9)
    assert (found.kind, found.due) == ("call_back", MONDAY_9 + hours(2))


def test_an_answer_that_promises_two_things_proposes_both_each_in_its_own_calendar() -> None:
    words = "我们2小时内给您回电，3个工作日内为您退款。"
    found = owing.proposed(words, given.a_case(), at=FRIDAY_17)
    # Hours are natural ones; the third working day after a Friday is the Wednesday, to its end.
    ends = FRIDAY_17.replace(hour=18) + days(5)
    assert [(one.kind, one.due) for one in found] == [("call_back", FRIDAY_17 + hours(2)), ("refund", ends)]


def test_what_is_to_be_solved_by_a_time_is_proposed_as_the_solution() -> None:
    (found,) = owing.proposed("今天内为您解决", given.a_case(), at=MONDAY_9)
    assert found.kind == "resolution"


def test_proposing_records_nothing() -> None:
    case = given.a_case()
    before = (case.promises.count(), case.entries.count())
    owing.proposed("2小时内给您回电", case, at=MONDAY_9)
    assert (case.promises.count(), case.entries.count()) == before


def test_words_that_commit_to_nothing_propose_nothing() -> None:
    assert owing.proposed("您好，请问您的订单号是多少？", given.a_case(), at=MONDAY_9) == []


def test_a_promise_by_hand_is_owed_by_who_works_on_the_case_and_runs_beside_the_others() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    before = case.promises.count()
    promise = a_promise(case)
    assert (promise.debtor, promise.state, promise.first_due) == (alice, "running", MONDAY_9 + hours(2))
    assert promise.made_by and promise.made_by.number == "maker"
    assert case.promises.count() == before + 1
    assert last(case, "promise.made").payload["promise"] == "call_back"


def test_a_promise_by_hand_warns_an_hour_before_and_breaks_like_any_other() -> None:
    case = given.a_case()
    promise = a_promise(case)
    assert promise.next_at == MONDAY_9 + hours(1)
    while promises.act_on_due(at=MONDAY_9 + hours(2)):
        pass
    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == ("broken", promise.due_at)


def test_personal_values_in_what_is_promised_are_masked_for_good() -> None:
    promise = a_promise(given.a_case(), Made("visit", MONDAY_9 + days(1), "明天致电 13900001234 上门"))
    assert "13900001234" not in promise.about


def test_a_time_that_has_passed_cannot_be_promised() -> None:
    with pytest.raises(lifecycle.Invalid, match="not_after_now"):
        a_promise(given.a_case(), Made("visit", MONDAY_9))


def test_what_an_option_promises_takes_its_term_from_the_policy() -> None:
    case = given.a_case(at=FRIDAY_17)
    by = given.actor(given.an_agent())
    refund = owing.make(case, Made("refund"), by=by, at=FRIDAY_17)
    exchange = owing.make(case, Made("exchange"), by=by, at=FRIDAY_17)
    friday_evening = FRIDAY_17.replace(hour=18)
    assert (refund.due_at, exchange.due_at) == (friday_evening + days(7), friday_evening + days(5))


def test_a_kind_without_a_policy_needs_its_time() -> None:
    with pytest.raises(lifecycle.Invalid, match="missing"):
        a_promise(given.a_case(), Made("visit"))


def test_nothing_is_promised_on_a_case_that_is_over() -> None:
    with pytest.raises(lifecycle.MoveNotAllowed):
        a_promise(given.a_case(status="closed"))


def test_nobody_owes_a_promise_in_a_case_about_themselves() -> None:
    alice = given.an_agent()
    case = given.a_case()
    case.about.add(alice)
    with pytest.raises(lifecycle.Invalid, match="about_them"):
        a_promise(case, Made("visit", MONDAY_9 + days(1), debtor=alice))


def test_what_only_rules_and_verbs_promise_nobody_promises_by_hand() -> None:
    for kind in ("assigned_task", "collaboration", "greeting", "first_reply", "anything"):
        with pytest.raises(lifecycle.Invalid, match="not_by_hand"):
            owing.make(
                given.a_case(), Made(kind, MONDAY_9 + hours(2)), by=given.actor(an_agent()), at=MONDAY_9
            )


def test_what_an_option_of_the_house_promises_may_be_promised_by_its_name() -> None:
    PromisePolicy.objects.create(code="option-gift", kind="gift_sent", working_days=2, opens="hand")
    rulebook.forget()
    promise = owing.make(given.a_case(), Made("gift_sent"), by=given.actor(an_agent()), at=MONDAY_9)
    rulebook.forget()
    assert promise.due_at == MONDAY_9 + days(2) + hours(9)


def test_a_promise_is_given_only_to_who_may_see_the_case_and_work_on_it() -> None:
    alice, _bob, charlie = given.alice_bob_charlie()
    quality = given.a_person("quinn", role="quality", team=None)
    case = given.a_case(handler=alice)
    for person in (charlie, quality):
        with pytest.raises(lifecycle.Invalid, match="cannot_see"):
            owing.make(
                case, Made("visit", MONDAY_9 + days(1), debtor=person), by=given.actor(alice), at=MONDAY_9
            )
    watching.watch(case, charlie, by=given.actor(alice), at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    promise = owing.make(
        case, Made("visit", MONDAY_9 + days(1), debtor=charlie), by=given.actor(alice), at=MONDAY_9
    )
    given.work_done(at=MONDAY_9)
    assert promise.debtor == charlie
    assert last(case, "promise.given").payload["to"] == "charlie"
    assert "promise.given" in set(Notice.objects.filter(staff=charlie).values_list("kind", flat=True))


def an_agent() -> Staff:
    return Staff.objects.filter(number="hanna").first() or given.an_agent("hanna")


def test_kept_by_hand_says_who_kept_it_and_how() -> None:
    case = given.a_case()
    promise = a_promise(case)
    alice = given.an_agent()
    kept = owing.keep(promise, "已回电", by=given.actor(alice), at=MONDAY_9 + hours(1))
    assert (kept.state, kept.fulfilled_at) == ("kept", MONDAY_9 + hours(1))
    assert last(case, "promise.kept").by_ref == "alice"


def test_what_is_kept_or_cancelled_is_not_kept_again() -> None:
    by = given.actor(given.an_agent())
    promise = a_promise(given.a_case())
    owing.cancel(promise, "客户撤回", by=by, at=MONDAY_9)
    with pytest.raises(lifecycle.MoveNotAllowed):
        owing.keep(promise, "已回电", by=by, at=MONDAY_9)


def test_each_change_by_hand_needs_a_reason() -> None:
    by = given.actor(given.an_agent())
    promise = a_promise(given.a_case())
    with pytest.raises(lifecycle.Invalid, match="missing"):
        owing.cancel(promise, " ", by=by, at=MONDAY_9)


def test_putting_off_records_both_times_and_keeps_the_first_due() -> None:
    case = given.a_case()
    promise = a_promise(case)
    later = MONDAY_9 + hours(5)
    by = given.actor(given.an_agent())
    put_off = owing.extend(promise, later, "客户改约", by=by, at=MONDAY_9 + minutes(5))
    told = last(case, "promise.changed").payload
    was, due = (datetime.fromisoformat(told[name]) for name in ("was", "due"))
    assert (put_off.due_at, put_off.first_due) == (later, MONDAY_9 + hours(2))
    assert (was, due, told["why"]) == (promise.due_at, later, "extended")


def test_a_broken_promise_cannot_be_put_off_and_an_earlier_time_is_no_putting_off() -> None:
    by = given.actor(given.an_agent())
    promise = a_promise(given.a_case())
    with pytest.raises(lifecycle.Invalid, match="not_later"):
        owing.extend(promise, MONDAY_9 + hours(1), "提前", by=by, at=MONDAY_9)
    with pytest.raises(lifecycle.MoveNotAllowed):
        owing.extend(promise, MONDAY_9 + days(1), "太迟", by=by, at=MONDAY_9 + hours(2))


def test_a_broken_promise_that_is_cancelled_stays_broken_and_is_owed_no_more() -> None:
    case = given.a_case()
    promise = a_promise(case)
    at = MONDAY_9 + hours(3)
    while promises.act_on_due(at=at):
        pass
    ended = owing.cancel(promise, "客户不再需要", by=given.actor(given.an_agent()), at=at)
    assert (ended.state, ended.is_owed, ended.ended_cause) == ("broken", False, "by_hand")


def test_a_complaint_that_is_solved_owes_a_call_back_by_the_lead_within_a_day() -> None:
    lena, alice = given.a_lead(), given.an_agent()
    at = MONDAY_9 + hours(3)
    case = given.a_case("我要投诉", handler=alice, status="open")
    lifecycle.move(case, "resolve", by=given.actor(alice), at=at, text="已道歉")
    call = Promise.objects.get(case=case, kind="call_back")
    assert (call.debtor, call.due_at) == (lena, at + hours(24))
    lifecycle.move(case, "confirm", by=given.actor(alice), at=at + hours(1), how="call")
    call.refresh_from_db()
    assert call.state == "kept"


def test_a_plain_case_owes_no_call_back_and_a_marked_one_does() -> None:
    alice = given.an_agent()
    for is_complex in (False, True):
        case = given.a_case(handler=alice, status="open")
        case.is_complex = is_complex
        case.save()
        lifecycle.move(case, "resolve", by=given.actor(alice), at=MONDAY_9 + hours(1), text="好了")
        assert Promise.objects.filter(case=case, kind="call_back").exists() == is_complex


def test_a_dispute_takes_the_call_back_away_until_it_is_solved_again() -> None:
    alice = given.an_agent()
    case = given.a_case("我要投诉", handler=alice, status="resolved")
    lifecycle.move(case, "dispute", by=given.customer_of(case), at=MONDAY_9 + hours(5), text="没有解决")
    assert Promise.objects.get(case=case, kind="call_back").state == "cancelled"
    lifecycle.move(case, "resolve", by=given.actor(alice), at=MONDAY_9 + hours(6), text="已道歉")
    assert Promise.objects.filter(case=case, kind="call_back", state="running").count() == 1
