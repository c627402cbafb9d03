"""What an answer promises is proposed on the case's page: recorded with a yes, gone with a no, never by itself."""

import pytest
from django.test import Client

from huiyin.cases.models import Case, Entry, Promise
from tests import given
from tests.given import MONDAY_9, hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
WORDS = "您好，我们2小时内给您回电。"


def answered(text: str = WORDS) -> tuple[Case, Client]:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    client = given.at_desk(alice)
    client.post(f"/desk/cases/{case.number}/reply", {"text": text})
    return case, client


def by_hand(case: Case) -> list[Promise]:
    return list(Promise.objects.filter(case=case, policy=""))


def page(client: Client, case: Case) -> str:
    return client.get(f"/desk/cases/{case.number}").content.decode()


def form(case: Case, **changed: str) -> dict[str, str]:
    seq = Entry.objects.filter(case=case, kind="message.sent").latest("seq").seq
    due = "2026-03-02T11:00"
    return {"kind": "call_back", "due_at": due, "text": "我们2小时内给您回电。", "seq": str(seq), **changed}


def test_an_answer_that_promises_asks_whether_to_keep_it_in_view_and_records_nothing_yet() -> None:
    case, client = answered()
    assert "promise-offer-1" in page(client, case)
    assert by_hand(case) == []


def test_one_yes_records_it_with_its_kind_and_time_and_the_question_is_gone() -> None:
    case, client = answered()
    answer = client.post(f"/desk/cases/{case.number}/promises/make", form(case))
    assert answer["Location"] == f"/desk/cases/{case.number}"
    (made,) = by_hand(case)
    assert (made.kind, made.due_at) == ("call_back", MONDAY_9 + hours(2))
    assert "promise-offer-" not in page(client, case)


def test_kind_and_time_may_be_changed_with_the_yes() -> None:
    case, client = answered()
    changed = form(case, kind="visit", due_at="2026-03-02T15:00")
    client.post(f"/desk/cases/{case.number}/promises/make", changed)
    (made,) = by_hand(case)
    assert (made.kind, made.due_at) == ("visit", MONDAY_9 + hours(6))
    assert "promise-offer-" not in page(client, case)


def test_one_no_takes_the_question_away_and_records_no_promise() -> None:
    case, client = answered()
    client.post(f"/desk/cases/{case.number}/promises/set-aside", form(case))
    assert by_hand(case) == []
    assert "promise-offer-" not in page(client, case)
    assert case.entries.filter(kind="promise.set_aside").count() == 1


def test_a_later_answer_asks_again() -> None:
    case, client = answered()
    client.post(f"/desk/cases/{case.number}/promises/set-aside", form(case))
    client.post(f"/desk/cases/{case.number}/reply", {"text": "4小时内给您回电"})
    assert "promise-offer-1" in page(client, case)


def test_two_promises_in_one_answer_are_asked_one_by_one() -> None:
    case, client = answered("我们2小时内给您回电，3个工作日内为您退款。")
    client.post(f"/desk/cases/{case.number}/promises/make", form(case))
    text = page(client, case)
    assert 'value="refund" selected' in text and 'value="call_back" selected' not in text


def test_the_api_answers_a_reply_with_what_it_promises_and_records_nothing() -> None:
    case = given.a_case(handler=given.an_agent())
    client = given.with_token(given.a_token("cases:read", "cases:write"))
    body = {"kind": "reply", "text": WORDS}
    told = client.post(f"/api/v1/cases/{case.number}/entries", body, content_type="application/json").json()
    (proposed,) = told["proposed_promises"]
    assert (proposed["kind"], proposed["due_at"]) == ("call_back", "2026-03-02T11:00:00+08:00")
    assert by_hand(case) == []
    # What is proposed is what the other operation takes.
    taken = client.post(f"/api/v1/cases/{case.number}/promises", proposed, content_type="application/json")
    assert taken.status_code == 201 and len(by_hand(case)) == 1


def test_a_note_proposes_nothing() -> None:
    case = given.a_case(handler=given.an_agent())
    client = given.with_token(given.a_token("cases:read", "cases:write"))
    body = {"kind": "note", "text": WORDS}
    told = client.post(f"/api/v1/cases/{case.number}/entries", body, content_type="application/json").json()
    assert told["proposed_promises"] == []
