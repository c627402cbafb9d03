"""What is owed, by when, and what the clock does about it."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.base import configured, tx
from huiyin.base.actor import CLOCK
from huiyin.cases import lifecycle, promises
from huiyin.cases.models import Case, Entry, Promise
from huiyin.rules import book
from huiyin.rules.models import PromisePolicy
from tests import given
from tests.given import FRIDAY_17, MONDAY_9, SUNDAY_NIGHT, days, hours, minutes, seconds

pytestmark = pytest.mark.django_db
COMPLAINT = "我要投诉"


def owed(case: Case, kind: str) -> Promise:
    return Promise.objects.filter(case=case, kind=kind).latest("id")


def told(case: Case, kind: str) -> int:
    return Entry.objects.filter(case=case, kind=kind).count()


def tick(at: datetime) -> int:
    acted = 0
    while n := promises.act_on_due(at=at):
        acted += n
    return acted


def test_a_case_opens_with_every_promise_of_its_policies_side_by_side() -> None:
    case = given.a_case(COMPLAINT)
    due = {p.kind: p.due_at - MONDAY_9 for p in case.promises.all()}
    assert due == {
        "greeting": seconds(30),
        "first_reply": hours(1),
        "complaint_response": hours(24),
        "complaint_closed_loop": hours(72),
    }


def test_what_is_promised_within_thirty_seconds_outside_hours_starts_at_the_opening() -> None:
    case = given.a_case(at=SUNDAY_NIGHT)
    assert owed(case, "greeting").due_at == MONDAY_9 + seconds(30)
    assert owed(case, "first_reply").due_at == MONDAY_9 + hours(1)


def test_the_lunch_break_and_the_weekend_do_not_count_where_hours_are_the_sites() -> None:
    noon = MONDAY_9.replace(hour=11, minute=30)
    assert owed(given.a_case(at=noon), "first_reply").due_at == noon.replace(hour=14, minute=0)
    late = given.a_case(at=FRIDAY_17 + minutes(30))
    assert owed(late, "first_reply").due_at == MONDAY_9 + days(7) + minutes(30)


def test_a_year_that_nobody_has_announced_falls_back_to_the_weekly_hours_and_says_so() -> None:
    unknown = MONDAY_9.replace(year=2031, month=3, day=3)
    assert book.current().holidays.status(2031) == "unknown"
    promise = owed(given.a_case(at=unknown), "first_reply")
    assert (promise.due_at, promise.provisional) == (unknown + hours(1), True)


def test_an_announced_year_is_not_provisional() -> None:
    assert not owed(given.a_case(), "first_reply").provisional


def test_the_greeting_keeps_the_greeting_and_never_the_first_reply() -> None:
    case = given.a_case()
    assert owed(case, "greeting").state == "kept"
    assert owed(case, "first_reply").state == "running"
    assert told(case, "greeting.sent") == 1


def test_an_answer_in_time_keeps_every_first_answer() -> None:
    case = given.a_case(COMPLAINT)
    alice = given.an_agent()
    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + seconds(20))
    states = {p.kind: p.state for p in case.promises.all()}
    assert states == {
        "greeting": "kept",
        "first_reply": "kept",
        "complaint_response": "kept",
        "complaint_closed_loop": "running",
    }


def test_an_answer_at_the_very_due_moment_is_in_time_and_a_second_later_is_late() -> None:
    alice = given.an_agent()
    for after, state in ((hours(1), "kept"), (hours(1) + seconds(1), "broken")):
        case = given.a_case()
        lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + after)
        assert owed(case, "first_reply").state == state


def test_a_broken_promise_stays_first_until_it_is_done_and_done_later_is_kept_late() -> None:
    alice = given.an_agent()
    late, fresh_one = given.a_case(handler=alice), given.a_case(handler=alice, at=MONDAY_9 + minutes(50))
    at = MONDAY_9 + minutes(70)
    tick(at)
    assert list(Case.objects.by_next_promise()) == [late, fresh_one]
    broken = owed(late, "first_reply")
    assert (broken.state, broken.is_owed, broken.next_at) == ("broken", True, None)
    lifecycle.reply(late, "抱歉", by=given.actor(alice), at=at)
    done = owed(late, "first_reply")
    assert (done.state, done.fulfilled_at, done.is_owed) == ("broken", at, False)
    assert Entry.objects.get(case=late, kind="promise.kept", payload__promise="first_reply").payload["late"]
    assert given.fresh(late).next_due == owed(late, "resolution").due_at


def test_of_warnings_that_were_missed_during_a_stop_only_the_last_is_given() -> None:
    case = given.a_case()
    Promise.objects.filter(case=case).exclude(kind="resolution").delete()
    promise = owed(case, "resolution")
    moments = [MONDAY_9 + hours(n) for n in (1, 2, 3)]
    Promise.objects.filter(pk=promise.pk).update(
        warnings=[m.astimezone(UTC).isoformat() for m in moments], next_at=moments[0]
    )
    tick(MONDAY_9 + hours(2) + minutes(30))
    assert told(case, "promise.warned") == 1
    assert owed(case, "resolution").next_at == moments[2]
    tick(MONDAY_9 + hours(3))
    assert (told(case, "promise.warned"), owed(case, "resolution").next_at) == (2, promise.due_at)


def test_warnings_missed_together_with_the_due_time_are_not_given_any_more() -> None:
    case = given.a_case()
    tick(MONDAY_9 + days(3))
    assert (told(case, "promise.warned"), told(case, "promise.broken")) == (0, 2)


def test_the_clock_looks_again_and_finds_nothing_to_break() -> None:
    case = given.a_case()
    tick(MONDAY_9 + days(3))
    assert tick(MONDAY_9 + days(4)) == 0
    assert told(case, "promise.broken") == 2


def test_only_waiting_for_a_reason_that_the_policy_names_pauses() -> None:
    alice = given.an_agent()
    for waiting_for, state in (("customer", "paused"), ("third_party", "paused"), ("scheduled", "running")):
        case = given.a_case(handler=alice, status="open")
        told_ = {"waiting_for": waiting_for, "reason": ""}
        if waiting_for == "scheduled":
            told_ |= {"until": MONDAY_9 + days(1)}
        lifecycle.move(case, "wait", by=given.actor(alice), at=MONDAY_9 + hours(2), **told_)
        assert owed(case, "resolution").state == state, waiting_for
        assert owed(case, "first_reply").state == "running"


def test_after_a_pause_a_promise_has_the_time_left_that_it_had_before() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    by = given.actor(alice)
    for start, end in ((2, 12), (20, 25)):
        lifecycle.move(case, "wait", by=by, at=MONDAY_9 + hours(start), waiting_for="customer", reason="")
        assert owed(case, "resolution").next_at is None
        lifecycle.move(case, "resume", by=by, at=MONDAY_9 + hours(end), reason="")
    promise = owed(case, "resolution")
    assert promise.due_at == MONDAY_9 + hours(24 + 10 + 5)
    assert promise.first_due == MONDAY_9 + hours(24)


def test_a_paused_promise_is_never_warned_of_or_broken() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="waiting")
    tick(MONDAY_9 + days(9))
    assert owed(case, "resolution").state == "paused"


def test_solving_a_case_that_waits_keeps_its_solution_in_time() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="waiting")
    lifecycle.move(case, "resolve", by=given.actor(alice), at=MONDAY_9 + days(5), text="已更换")
    assert owed(case, "resolution").state == "kept"


def test_voiding_cancels_what_runs_and_the_clock_leaves_it_alone() -> None:
    case = given.a_case(status="void")
    assert {p.state for p in case.promises.exclude(kind="greeting")} == {"cancelled"}
    assert tick(MONDAY_9 + days(9)) == 0


@pytest.mark.parametrize("text", ["我的电脑突然无法开机", COMPLAINT])
@pytest.mark.parametrize(("status", "move"), [("closed", "reopen"), ("void", "restore")])
def test_a_case_that_is_taken_up_again_owes_something_again(text: str, status: str, move: str) -> None:
    case = given.a_case(text, status=status, handler=given.an_agent())
    lifecycle.move(case, move, by=CLOCK, at=MONDAY_9 + days(1), reason="")
    kind = "complaint_closed_loop" if text == COMPLAINT else "resolution"
    again = owed(case, kind)
    assert again.state == "running" and again.started_at == MONDAY_9 + days(1)
    assert given.fresh(case).next_due <= again.due_at


def test_a_dispute_owes_a_new_solution_and_the_first_one_stays_kept() -> None:
    case = given.a_case(status="resolved", handler=given.an_agent())
    lifecycle.move(case, "dispute", by=given.customer_of(case), at=MONDAY_9 + hours(5), text="又坏了")
    states = list(
        Promise.objects.filter(case=case, kind="resolution").order_by("id").values_list("state", flat=True)
    )
    assert states == ["kept", "running"]


def test_whoever_is_given_the_case_owes_its_promises() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    lifecycle.assign(case, bob, (), by=given.actor(alice), at=MONDAY_9)
    assert {p.debtor for p in case.promises.exclude(kind="greeting")} == {bob}


def test_lists_are_ordered_by_what_breaks_next_then_by_priority() -> None:
    later = given.a_case(at=MONDAY_9 + minutes(1))
    normal, urgent = given.a_case(), given.a_case("系统全部瘫痪")
    assert list(Case.objects.by_next_promise()) == [urgent, normal, later]


def test_a_due_time_that_came_while_everything_stood_is_recorded_as_of_when_it_was_due() -> None:
    case = given.a_case()
    tick(MONDAY_9 + days(30))
    promise = owed(case, "first_reply")
    assert promise.broken_at == promise.due_at
    assert isinstance(promise.broken_at - MONDAY_9, timedelta)


def next_replies(case: Case) -> list[tuple[str, object]]:
    rows = Promise.objects.filter(case=case, kind="next_reply").order_by("id")
    return [(row.state, row.due_at) for row in rows]


def test_a_later_message_is_owed_a_reply_from_the_oldest_unanswered_one_where_a_policy_says_so() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)

    def said(text: str, after: float) -> None:
        given.received(given.a_message(text, thread_case=case.number), at=MONDAY_9 + minutes(after))

    lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + minutes(1))
    said("还没好吗", 2)
    assert next_replies(case) == []
    PromisePolicy.objects.create(code="next", kind="next_reply", seconds=1800, opens="message")
    with tx.write():
        configured.bump()
    book.current()
    said("在吗", 10)
    said("有人吗", 20)
    said("好的，谢谢", 21)
    assert next_replies(case) == [("running", MONDAY_9 + minutes(40))]
    lifecycle.reply(given.fresh(case), "在的", by=given.actor(alice), at=MONDAY_9 + minutes(30))
    assert next_replies(case) == [("kept", MONDAY_9 + minutes(40))]
    book.forget()


def test_the_first_message_is_owed_a_first_reply_only() -> None:
    PromisePolicy.objects.create(code="next", kind="next_reply", seconds=1800, opens="message")
    with tx.write():
        configured.bump()
    case = given.a_case()
    given.received(given.a_message("在吗", thread_case=case.number), at=MONDAY_9 + minutes(10))
    assert next_replies(case) == []
    book.forget()
