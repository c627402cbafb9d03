"""What is owed, over the API: listing, recording, keeping, cancelling, putting off, and the keep rate."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from huiyin.cases import lifecycle
from huiyin.cases.models import Case, Promise
from huiyin.cases.promises import OWED
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(MONDAY_9, tick=False):
        yield


def caller() -> Client:
    return given.with_token(given.a_token("cases:read", "cases:write", "reports:read"))


def post(path: str, **body: Any) -> Any:
    return caller().post(f"/api/v1/{path}", body, content_type="application/json")


def uuid_of(case: Case, kind: str) -> str:
    return str(Promise.objects.get(case=case, kind=kind).uuid)


def test_the_list_begins_with_what_is_due_next_and_goes_on_at_its_cursor() -> None:
    for n in range(3):
        given.a_case(at=MONDAY_9 + minutes(n))
    client, seen, cursor = caller(), [], ""
    while True:
        page = client.get("/api/v1/promises", {"limit": 4, "owed": "true", "cursor": cursor}).json()
        seen += [item["due_at"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == Promise.objects.filter(OWED).count() and seen == sorted(seen)


def test_the_list_can_be_narrowed_to_a_person_and_a_kind() -> None:
    alice = given.an_agent()
    given.a_case()
    mine = given.a_case(handler=alice)
    found = caller().get("/api/v1/promises", {"debtor": "alice", "kind": "resolution"}).json()["items"]
    assert [item["case"] for item in found] == [mine.number]


def test_a_promise_is_recorded_by_time_by_seconds_or_by_its_words() -> None:
    case = given.a_case()
    by_seconds = post(f"cases/{case.number}/promises", kind="visit", seconds=7200).json()
    by_time = post(f"cases/{case.number}/promises", kind="visit", due_at="2026-03-02T11:00:00+08:00").json()
    by_words = post(f"cases/{case.number}/promises", text="技师会在2小时内给您回电。").json()
    due = {answer["promise"]["due_at"] for answer in (by_seconds, by_time, by_words)}
    assert due == {"2026-03-02T11:00:00+08:00"}
    assert by_words["promise"]["kind"] == "call_back"


def test_words_that_promise_nothing_are_refused_and_nothing_is_written() -> None:
    case = given.a_case()
    answer = post(f"cases/{case.number}/promises", text="您好")
    assert (answer.status_code, answer.json()["fields"]) == (422, {"text": "no_promise"})
    assert not Promise.objects.filter(case=case, policy="").exists()


def test_both_a_time_and_seconds_are_refused() -> None:
    case = given.a_case()
    body = {"kind": "visit", "seconds": 60, "due_at": "2026-03-02T11:00:00+08:00"}
    assert post(f"cases/{case.number}/promises", **body).status_code == 422


def test_a_promise_is_kept_put_off_and_cancelled_with_a_reason() -> None:
    case = given.a_case()
    resolution, reply = uuid_of(case, "resolution"), uuid_of(case, "first_reply")
    put_off = post(
        f"promises/{resolution}/extend", reason="客户改约", due_at="2026-03-05T09:00:00+08:00"
    ).json()
    assert put_off["due_at"] == "2026-03-05T09:00:00+08:00"
    assert put_off["first_due"] == "2026-03-03T09:00:00+08:00"
    assert post(f"promises/{resolution}/keep", reason="已解决").json()["state"] == "kept"
    assert post(f"promises/{reply}/cancel", reason="电话已答复").json()["state"] == "cancelled"
    again = post(f"promises/{reply}/cancel", reason="电话已答复")
    assert (again.status_code, again.json()["code"]) == (409, "move_not_allowed")


def test_a_change_without_a_reason_is_refused() -> None:
    case = given.a_case()
    assert post(f"promises/{uuid_of(case, 'resolution')}/keep").status_code == 422


def test_nobody_reaches_a_promise_of_a_case_they_may_not_see() -> None:
    given.a_team("returns")
    case = given.a_case(handler=given.an_agent("charlie", team="returns"), team="returns")
    page = given.at_desk(given.an_agent("bob")).post(
        f"/desk/promises/{uuid_of(case, 'resolution')}", {"act": "keep"}
    )
    assert page.status_code == 404
    assert post("promises/not-an-id/keep", reason="x").status_code == 404


def test_at_the_desk_the_debtor_and_the_lead_may_change_a_promise_and_a_colleague_may_not() -> None:
    alice, bob, lena = given.an_agent("alice"), given.an_agent("bob"), given.a_lead()
    for person, status in ((bob, 403), (alice, 302), (lena, 302)):
        case = given.a_case(handler=alice)
        case.watchers.create(staff=bob, since=MONDAY_9)
        body = {"act": "keep", "reason": "已完成"}
        answer = given.at_desk(person).post(f"/desk/promises/{uuid_of(case, 'resolution')}", body)
        assert answer.status_code == status


def test_at_the_desk_words_without_a_time_are_read_and_shown_before_they_are_recorded() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    client = given.at_desk(alice)
    read = client.post(f"/desk/cases/{case.number}/promises/make", {"text": "2小时内给您回电"})
    assert "2026-03-02T11:00" in read.content.decode()
    assert not Promise.objects.filter(case=case, policy="").exists()
    body = {"text": "2小时内给您回电", "kind": "call_back", "due_at": "2026-03-02T11:00"}
    assert client.post(f"/desk/cases/{case.number}/promises/make", body).status_code == 302
    made = Promise.objects.get(case=case, policy="")
    assert (made.kind, made.due_at, made.debtor) == ("call_back", MONDAY_9 + hours(2), alice)
    shown = client.get(f"/desk/cases/{case.number}/promises").content.decode()
    assert "2小时内给您回电" in shown


def test_the_keep_rate_counts_what_was_kept_by_its_first_due() -> None:
    alice = given.an_agent()
    for after in (minutes(5), hours(2)):
        case = given.a_case(handler=alice)
        lifecycle.reply(case, "您好", by=given.actor(alice), at=MONDAY_9 + after)
    with time_machine.travel(MONDAY_9 + hours(3), tick=False):
        found = caller().get(
            "/api/v1/promises/keep-rate", {"by": "kind", "from": "2026-03-01", "to": "2026-04-01"}
        )
    rates = {item["group"]: item for item in found.json()["items"]}
    assert (rates["first_reply"]["due"], rates["first_reply"]["kept"], rates["first_reply"]["late"]) == (
        2,
        1,
        1,
    )
    assert rates["first_reply"]["rate"] == 0.5


def test_what_an_answer_promises_is_offered_on_the_case_until_it_is_recorded() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    client = given.at_desk(alice)
    lifecycle.reply(case, "您好，技师会在2小时内给您回电。", by=given.actor(alice), at=MONDAY_9)
    assert "promise-offer" in client.get(f"/desk/cases/{case.number}").content.decode()
    body = {"text": "2小时内给您回电", "kind": "call_back", "due_at": "2026-03-02T11:00"}
    client.post(f"/desk/cases/{case.number}/promises/make", body)
    assert "promise-offer" not in client.get(f"/desk/cases/{case.number}").content.decode()
