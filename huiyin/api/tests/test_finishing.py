"""The end of a case by API: evidence, goal, outcome, call-backs, and what the case then says of itself."""

import base64
from typing import Any

import pytest

from huiyin.base.models import Blob
from huiyin.cases.models import Case
from huiyin.rules import book as rulebook
from huiyin.rules.models import Category
from tests import given
from tests.given import MONDAY_9, days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()


@pytest.fixture
def call() -> Any:
    client = given.with_token(given.a_token("all"))

    def post(case: Case, verb: str, **body: Any) -> Any:
        path = f"/api/v1/cases/{case.number}/{verb}"
        return client.post(path, given.as_json(body), content_type="application/json")

    return post


def asks_for_evidence() -> None:
    Category.objects.filter(code="hardware_fault").update(evidence=True)
    rulebook.forget()


def test_solving_is_refused_until_evidence_is_attached(call: Any) -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    asks_for_evidence()
    refused = call(case, "resolve", version=case.version, resolution="已更换")
    assert (refused.status_code, refused.json()["fields"]) == (422, {"evidence": "missing"})
    file = {"name": "截图.png", "content_type": "image/png", "data": PNG}
    kept = call(case, "evidence", files=[file], text="更换后的照片")
    assert (kept.status_code, kept.json()["entry"]["payload"]["files"][0]["name"]) == (201, "截图.png")
    assert Blob.objects.get().subject == f"case:{case.number}"
    solved = call(case, "resolve", version=case.version, resolution="已更换", goal_met=True)
    rulebook.forget()
    assert (solved.status_code, solved.json()["goal"], solved.json()["goal_met"]) == (
        200,
        "works_again",
        True,
    )


def test_evidence_that_is_nothing_too_much_or_not_base64_is_refused(call: Any) -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    assert call(case, "evidence", text="看过了").json()["fields"] == {"evidence": "missing"}
    broken = call(case, "evidence", files=[{"name": "a", "data": "?"}])
    assert (broken.status_code, broken.json()["fields"]) == (422, {"files.0.data": "not base64"})
    assert call(case, "evidence", files=[{"name": "a", "data": ""}] * 21).status_code == 422
    assert not Blob.objects.exists()


def test_a_goal_that_was_not_reached_needs_a_reason(call: Any) -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    refused = call(case, "resolve", version=case.version, resolution="退款了结", goal_met=False)
    assert refused.json()["fields"] == {"goal_reason": "missing"}


@pytest.mark.parametrize(
    ("outcome", "status", "closed_how"),
    [("satisfied", "closed", "call"), ("pending", "resolved", None), ("dissatisfied", "open", None)],
)
def test_what_the_customer_says_decides_where_the_case_goes(
    call: Any, outcome: str, status: str, closed_how: str | None
) -> None:
    case = given.a_case(handler=given.an_agent(), status="resolved")
    told = call(case, "confirm", version=case.version, how="call", outcome=outcome).json()
    assert (told["status"], told["outcome"], told["closed_how"]) == (status, outcome, closed_how)


def test_silence_and_unanswered_calls_cannot_be_claimed(call: Any) -> None:
    case = given.a_case(handler=given.an_agent(), status="resolved")
    for how in ("silence", "no_answer", "lead"):
        assert call(case, "confirm", version=case.version, how=how).status_code == 422


def test_call_backs_are_counted_and_the_third_without_an_answer_closes_the_case(call: Any) -> None:
    case = given.a_case("我要投诉你们的服务态度", handler=given.an_agent(), status="resolved")
    assert case.silence_at is None
    for n in range(3):
        answer = call(case, "callbacks", version=case.version, result="no_answer", client_id=str(n))
        assert answer.status_code == 201
    told = answer.json()
    assert (told["status"], told["closed_how"], told["outcome"]) == ("closed", "no_answer", None)
    assert call(case, "callbacks", version=told["version"], result="no_answer").status_code == 409


def test_who_was_reached_must_have_said_something(call: Any) -> None:
    case = given.a_case(handler=given.an_agent(), status="resolved")
    refused = call(case, "callbacks", version=case.version, result="reached")
    assert (refused.status_code, refused.json()["fields"]) == (422, {"outcome": "missing"})
    stale = call(case, "callbacks", version=case.version - 1, result="no_answer")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")


def test_going_on_with_a_closed_case_is_the_case_itself_and_later_one_that_follows(
    call: Any, monday: Any
) -> None:
    soon, late = (given.a_case(status="closed") for _ in range(2))
    assert call(soon, "reopen", version=soon.version, reason="又坏了").json()["number"] == soon.number
    monday.move_to(MONDAY_9 + days(31))
    assert call(late, "reopen", version=late.version).json()["fields"] == {"reason": "missing"}
    after = call(late, "reopen", version=late.version, reason="又坏了").json()
    assert (after["follows"], after["status"]) == (late.number, "new")
