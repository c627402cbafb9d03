"""What solving a case needs, what closing it leaves behind, and what the customer says of the result."""

import pytest
from django.utils import translation

from huiyin.cases import (
    callbacks,
    editing,
    escalation,
    evidence,
    finishing,
    lifecycle,
    outcome,
    relating,
    told,
)
from huiyin.cases.callbacks import Attempt
from huiyin.cases.evidence import Evidence
from huiyin.cases.models import Case, Entry, Promise
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.rules import book as rulebook
from huiyin.rules.finishing import goal_of
from huiyin.rules.models import Category
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = pytest.mark.django_db
COMPLAINT = "我要投诉你们的服务态度"


def asks_for_evidence(category: str = "hardware_fault") -> None:
    Category.objects.filter(code=category).update(evidence=True)
    rulebook.forget()


@pytest.fixture(autouse=True)
def forget() -> object:
    yield
    rulebook.forget()


def solve(case: Case, by: Staff, **told: object) -> Case:
    at = MONDAY_9 + hours(1)
    return lifecycle.move(given.fresh(case), "resolve", by=given.actor(by), at=at, text="已更换", **told)


def solved(text: str = "我的电脑突然无法开机") -> tuple[Case, Staff]:
    alice = given.an_agent()
    return given.a_case(text, handler=alice, status="resolved"), alice


def called(case: Case, by: Staff, result: str, said: str = "", *, n: int = 0, client_id: str = "") -> Case:
    attempt = Attempt(result, said, client_id=client_id)
    callbacks.record(given.fresh(case), attempt, by=given.actor(by), at=MONDAY_9 + hours(2) + minutes(n))
    return given.fresh(case)


def state(case: Case, kind: str) -> str:
    return Promise.objects.filter(case=case, kind=kind).latest("id").state


# Evidence


def test_a_category_that_asks_for_evidence_is_not_solved_without_it() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    asks_for_evidence()
    with pytest.raises(lifecycle.Invalid) as refused:
        solve(case, alice)
    assert refused.value.fields == {"evidence": "missing"}
    assert given.fresh(case).status == "open"


def test_a_category_asks_for_evidence_when_the_one_above_it_does() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    asks_for_evidence("after_sales")
    with pytest.raises(lifecycle.Invalid):
        solve(case, alice)


def test_a_file_of_the_customer_is_evidence() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open", attachments=(given.a_file(),))
    asks_for_evidence()
    assert solve(case, alice).status == "resolved"


def test_a_reference_to_a_record_is_evidence_and_the_customer_does_not_see_it() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    asks_for_evidence()
    entry = evidence.attach(case, Evidence(reference="REC-7"), by=given.actor(alice), at=MONDAY_9)
    assert entry.audience == "staff"
    assert solve(case, alice).status == "resolved"


def test_evidence_of_nothing_is_refused_and_the_same_evidence_twice_is_kept_once() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    with pytest.raises(lifecycle.Invalid):
        evidence.attach(case, Evidence(text="看过了"), by=given.actor(alice), at=MONDAY_9)
    for _ in range(2):
        given_ = Evidence(reference="REC-7", client_id="once")
        evidence.attach(case, given_, by=given.actor(alice), at=MONDAY_9)
    assert Entry.objects.filter(case=case, kind="evidence.added").count() == 1


# The goal


def test_a_case_begins_with_the_goal_of_its_category_or_of_the_nearest_above() -> None:
    assert given.a_case().goal == "works_again"
    book = rulebook.current()
    assert goal_of(book, "service_complaint") == goal_of(book, "complaint") == "made_good"
    assert goal_of(book, "cooperation") == ""


def test_whether_the_goal_was_reached_is_kept_and_why_not_must_be_said() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    with pytest.raises(lifecycle.Invalid) as refused:
        solve(case, alice, goal_met=False)
    assert refused.value.fields == {"goal_reason": "missing"}
    solve(case, alice, goal_met=False, goal_reason="缺货,退款了结")
    assert given.fresh(case).goal_met is False
    assert Entry.objects.get(case=case, kind="goal.checked").payload == {"goal": "works_again", "met": False}


def test_a_dispute_asks_for_the_goal_anew() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    solve(case, alice, goal_met=True)
    outcome.tell(case, "dissatisfied", how="customer", by=given.customer_of(case), at=MONDAY_9 + hours(2))
    assert given.fresh(case).goal_met is None


def test_another_category_brings_its_goal_unless_one_is_given_and_any_known_goal_may_be_set() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    by = given.actor(alice)
    editing.edit(case, {"category": "refund"}, by=by, at=MONDAY_9)
    assert given.fresh(case).goal == "money_back"
    editing.edit(case, {"category": "exchange", "goal": "works_again"}, by=by, at=MONDAY_9)
    assert given.fresh(case).goal == "works_again"
    with pytest.raises(lifecycle.Invalid):
        editing.edit(case, {"goal": "happiness"}, by=by, at=MONDAY_9)


def test_a_group_answered_at_once_leaves_open_what_lacks_evidence() -> None:
    alice = given.an_agent()
    parent, whole, lacking = (given.a_case(handler=alice, status="open") for _ in range(3))
    for child in (whole, lacking):
        relating.put_under(given.fresh(child), given.fresh(parent), by=given.actor(alice), at=MONDAY_9)
    evidence.attach(whole, Evidence(reference="REC-7"), by=given.actor(alice), at=MONDAY_9)
    asks_for_evidence()
    relating.answer_all(given.fresh(parent), "已恢复", resolve=True, by=given.actor(alice), at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    assert [given.fresh(case).status for case in (whole, lacking)] == ["resolved", "open"]
    answered = Entry.objects.filter(case__in=(whole, lacking), kind="message.sent")
    assert answered.count() == 2


# What the customer says


@pytest.mark.parametrize("how", ["customer", "channel", "call"])
def test_satisfied_closes_the_case_and_says_how_it_was_told(how: str) -> None:
    case, alice = solved()
    outcome.tell(case, "satisfied", how=how, by=given.actor(alice), at=MONDAY_9 + hours(1))
    case = given.fresh(case)
    assert (case.status, case.closed_loop, case.outcome) == ("closed", how, "satisfied")


def test_pending_leaves_the_case_to_be_confirmed_and_silence_waits_anew() -> None:
    case, _ = solved()
    before = case.silence_at
    outcome.tell(case, "pending", how="customer", by=given.customer_of(case), at=MONDAY_9 + hours(24))
    case = given.fresh(case)
    assert (case.status, case.outcome) == ("resolved", "pending")
    assert before is not None and case.silence_at is not None and case.silence_at > before


def test_dissatisfied_opens_the_case_again_and_is_told_to_its_handler_not_to_the_manager() -> None:
    case, _ = solved()
    given.a_lead()
    outcome.tell(case, "dissatisfied", how="customer", by=given.customer_of(case), at=MONDAY_9 + hours(1))
    given.work_done(at=MONDAY_9 + hours(1))
    case = given.fresh(case)
    assert (case.status, case.outcome, case.escalation_level) == ("open", "dissatisfied", 0)


def test_an_outcome_that_nobody_knows_is_refused() -> None:
    case, alice = solved()
    with pytest.raises(lifecycle.Invalid):
        outcome.tell(case, "delighted", how="call", by=given.actor(alice), at=MONDAY_9)


def test_nobody_claims_silence_or_three_attempts_by_hand() -> None:
    case, alice = solved()
    for how in (finishing.SILENCE, finishing.NO_ANSWER):
        with pytest.raises(MoveNotAllowed):
            lifecycle.move(case, "confirm", by=given.actor(alice), at=MONDAY_9 + hours(999), how=how)
    assert given.fresh(case).status == "resolved"


# Calling back


def test_who_is_reached_and_satisfied_closes_a_complaint_and_the_call_back_is_kept() -> None:
    case, alice = solved(COMPLAINT)
    case = called(case, alice, "reached", "satisfied")
    assert (case.status, case.closed_loop) == ("closed", "call")
    assert (state(case, "call_back"), state(case, "complaint_closed_loop")) == ("kept", "kept")


def test_who_is_still_dissatisfied_at_call_back_opens_the_case_again_and_it_climbs() -> None:
    case, alice = solved(COMPLAINT)
    lena = given.a_lead()
    case = called(case, alice, "reached", "dissatisfied")
    given.work_done(at=MONDAY_9 + hours(3))
    case = given.fresh(case)
    assert (case.status, state(case, "call_back"), case.escalation_level) == ("open", "kept", 1)
    told = Entry.objects.get(case=case, kind="case.escalated").payload
    assert (told["to"], told["cause"]) == (lena.number, escalation.DISSATISFIED)


def test_the_third_call_without_an_answer_closes_the_loop_and_says_so() -> None:
    case, alice = solved(COMPLAINT)
    for n in range(2):
        case = called(case, alice, "no_answer", n=n)
        assert (case.status, case.closed_loop, state(case, "complaint_closed_loop")) == (
            "resolved",
            "",
            "running",
        )
    case = called(case, alice, "no_answer", n=2)
    assert (case.status, case.closed_loop, case.outcome) == ("closed", "no_answer", "")
    assert (state(case, "call_back"), state(case, "complaint_closed_loop")) == ("kept", "kept")
    tried = Entry.objects.filter(case=case, kind="callback.tried").order_by("seq")
    assert [entry.payload["attempt"] for entry in tried] == [1, 2, 3]


def test_attempts_of_an_earlier_result_do_not_count() -> None:
    case, alice = solved(COMPLAINT)
    for n in range(2):
        called(case, alice, "no_answer", n=n)
    lifecycle.move(given.fresh(case), "dispute", by=given.customer_of(case), at=MONDAY_9 + hours(3))
    lifecycle.move(given.fresh(case), "resolve", by=given.actor(alice), at=MONDAY_9 + hours(4), text="已道歉")
    assert called(case, alice, "no_answer", n=300).status == "resolved"


def test_an_attempt_recorded_twice_by_one_press_counts_once() -> None:
    case, alice = solved(COMPLAINT)
    for _ in range(3):
        case = called(case, alice, "no_answer", client_id="one")
    assert (case.status, finishing.unanswered(case)) == ("resolved", 1)


def test_who_was_reached_must_have_said_something_and_the_case_must_be_solved() -> None:
    case, alice = solved()
    with pytest.raises(lifecycle.Invalid):
        called(case, alice, "reached")
    with pytest.raises(MoveNotAllowed):
        called(given.a_case(handler=alice, status="open"), alice, "no_answer")
    with pytest.raises(Stale):
        callbacks.record(case, Attempt("no_answer"), by=given.actor(alice), at=MONDAY_9, version=0)


# The customer writes


def test_a_message_about_a_solved_case_opens_it_again_and_says_so_honestly() -> None:
    case, _ = solved()
    draft = lifecycle.Draft("message.received", {"channel": "api", "files": []}, "还是开不了机")
    lifecycle.receive(case, draft, by=given.customer_of(case), at=MONDAY_9 + hours(1))
    case = given.fresh(case)
    assert (case.status, case.outcome) == ("open", "")
    assert Entry.objects.get(case=case, kind="case.disputed").payload == {"how": "message"}


@pytest.mark.parametrize("words", ["谢谢", "好的,谢谢您!", "收到👍", "Thank you very much!", "非常感谢你们"])
def test_mere_thanks_leave_a_solved_case_solved(words: str) -> None:
    case, _ = solved()
    draft = lifecycle.Draft("message.received", {"channel": "api", "files": []}, words)
    lifecycle.receive(case, draft, by=given.customer_of(case), at=MONDAY_9 + hours(1))
    assert given.fresh(case).status == "resolved"


@pytest.mark.parametrize("words", ["谢谢,但是还不行", "谢谢,发票呢?", "不好", "?", "not ok", "thanks but no"])
def test_thanks_with_anything_else_are_no_mere_thanks(words: str) -> None:
    case, _ = solved()
    draft = lifecycle.Draft("message.received", {"channel": "api", "files": []}, words)
    lifecycle.receive(case, draft, by=given.customer_of(case), at=MONDAY_9 + hours(1))
    assert given.fresh(case).status == "open"


def test_what_people_raised_counts_as_a_complaint_whatever_it_is_filed_under() -> None:
    assert set(finishing.AS_COMPLAINT) == set(escalation.CAUSES)


@pytest.mark.parametrize("words", ["再不退款我就去法院起诉你们", "给我两千回扣我就算了"])
@pytest.mark.parametrize("status", ["open", "resolved"])
def test_a_threat_or_an_improper_demand_in_a_later_message_raises_the_case(words: str, status: str) -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(handler=alice, status=status)
    message = given.a_message(words, thread_case=case.number)
    given.received(message, at=MONDAY_9 + hours(1))
    given.received(given.a_message(words, thread_case=case.number), at=MONDAY_9 + hours(2))
    given.work_done(at=MONDAY_9 + hours(2))
    raised = Entry.objects.filter(case=case, kind="case.escalated")
    assert [(entry.payload["to"], entry.payload["cause"]) for entry in raised] == [
        (lena.number, escalation.THREATENING)
    ]


def test_the_entry_of_a_call_back_says_that_the_lead_keeps_it_not_who_solved_the_case() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(COMPLAINT, handler=alice, status="resolved")
    entry = Entry.objects.get(case=case, kind="promise.made", payload__promise="call_back")
    assert (entry.by_ref, entry.payload["to"]) == ("alice", lena.number)
    with translation.override("en"):
        assert told.sentence(entry, told.names_of([entry])).endswith(", which lena 同事 keeps")
        entry.payload["to"] = "alice"
        assert "keeps" not in told.sentence(entry)
        del entry.payload["to"]  # as older entries are
        assert "keeps" not in told.sentence(entry)
