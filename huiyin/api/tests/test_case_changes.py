"""Editing, moving, passing on and opening cases by API: what is answered, and what is refused without a trace."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.base import held
from huiyin.cases import about
from huiyin.cases.models import Case
from huiyin.staff.models import Grant
from tests import given
from tests.given import MONDAY_9, days
from tests.permissions.world import bound_to_service
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def client() -> Client:
    return given.with_token(given.a_token("all"))


def sent(client: Client, method: str, path: str, **body: Any) -> Any:
    return client.generic(method, f"/api/v1{path}", given.as_json(body), content_type="application/json")


def test_fields_are_changed_with_the_promises_that_belong_to_them(client: Client) -> None:
    case = given.a_case()
    answer = sent(client, "PATCH", f"/cases/{case.number}", version=1, priority="urgent", is_complex=True)
    told = answer.json()
    assert (answer.status_code, told["version"], told["priority"], told["is_complex"]) == (
        200,
        2,
        "urgent",
        True,
    )
    due = {one["kind"]: one["due_at"] for one in told["promises"] if one["state"] == "running"}
    assert due["resolution"] == "2026-03-02T11:00:00+08:00"


def test_the_responsible_department_is_named_and_taken_away(client: Client) -> None:
    case = given.a_case()
    given.a_team("returns")
    path = f"/cases/{case.number}"
    assert sent(client, "PATCH", path, version=1, department="returns").json()["department"] == "returns"
    assert sent(client, "PATCH", path, version=2, department=None).json()["department"] is None


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"version": 1, "category": "weather"}, 422, "category"),
        ({"version": 1, "category": None}, 422, "body.category"),
        ({"version": 1, "status": "closed"}, 422, "body.status"),
        ({"priority": "low"}, 422, "body.version"),
        ({"version": 9, "priority": "low"}, 409, None),
    ],
)
def test_what_cannot_be_used_is_refused_whole(
    client: Client, body: dict[str, Any], status: int, field: str | None
) -> None:
    case = given.a_case()
    answer = sent(client, "PATCH", f"/cases/{case.number}", **body)
    assert answer.status_code == status
    if field:
        assert [name.removeprefix("body.") for name in answer.json()["fields"]] == [
            field.removeprefix("body.")
        ]
    else:
        assert (answer.json()["code"], answer.json()["version"]) == ("stale", 1)
    assert given.fresh(case).version == 1


def test_a_case_goes_through_its_whole_life_by_moves(client: Client) -> None:
    case = given.a_case()
    path = f"/cases/{case.number}/moves"
    way: list[tuple[str, dict[str, Any], str]] = [
        ("accept", {}, "open"),
        ("wait", {"waiting_for": "customer", "reason": "等照片"}, "waiting"),
        ("resume", {}, "open"),
        ("resolve", {"resolution": "已更换"}, "resolved"),
        ("dispute", {"reason": "还是不行"}, "open"),
        ("void", {"reason": "重复"}, "void"),
        ("restore", {"reason": "不是重复"}, "open"),
        ("resolve", {"resolution": "已更换"}, "resolved"),
        ("confirm", {"how": "call"}, "closed"),
    ]
    for name, told, status in way:
        answer = sent(client, "POST", path, move=name, version=given.fresh(case).version, **told)
        assert (answer.status_code, answer.json()["status"]) == (200, status), answer.content
    again = sent(client, "POST", f"/cases/{case.number}/reopen", version=given.fresh(case).version)
    assert again.json()["status"] == "open"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"move": "wait"}, "waiting_for"),
        ({"move": "wait", "waiting_for": "rain"}, "waiting_for"),
        ({"move": "resolve"}, "resolution"),
        ({"move": "void"}, "reason"),
    ],
)
def test_a_move_says_what_it_lacks(client: Client, body: dict[str, Any], field: str) -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    answer = sent(client, "POST", f"/cases/{case.number}/moves", version=case.version, **body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_a_token_whose_account_may_not_void_voids_nothing() -> None:
    case = given.a_case()
    client = bound_to_service("cases:write")
    Grant.objects.filter(staff__number="svc-bound").delete()
    given.people.grant(
        given.Staff.objects.get(number="svc-bound"),
        role="agent",
        team="service",
        by=given.OPERATOR,
        at=MONDAY_9,
    )
    answer = sent(client, "POST", f"/cases/{case.number}/moves", move="void", version=1, reason="误报")
    assert (answer.status_code, answer.json()["code"]) == (403, "right_missing")


def test_a_case_is_passed_on_reassigned_and_given_back(client: Client) -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    case = given.a_case(handler=alice, status="open")
    path = f"/cases/{case.number}"

    def say(verb: str, **body: Any) -> Any:
        return sent(client, "POST", f"{path}/{verb}", version=given.fresh(case).version, **body)

    assert say("reassign", to="bob").json()["handler"] == "bob"
    assert say("give-back", reason="太满").json()["handler"] is None
    told = say("transfer", team="returns", to="charlie", reason="退货").json()
    assert (told["team"], told["handler"], told["owner"]) == ("returns", "charlie", "alice")
    assert given.fresh(case).handler == charlie and given.fresh(case).owner != bob


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"team": "moon", "reason": "退货"}, "team"),
        ({"team": "service", "reason": "退货"}, "team"),
        ({"team": "returns", "reason": " "}, "reason"),
        ({"team": "returns", "reason": "退货", "to": "bob"}, "to"),
        ({"team": "returns", "reason": "退货", "to": "nobody"}, "to"),
    ],
)
def test_a_transfer_that_cannot_be_says_why(client: Client, body: dict[str, Any], field: str) -> None:
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    answer = sent(client, "POST", f"/cases/{case.number}/transfer", version=case.version, **body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert given.fresh(case).version == case.version


def test_somebody_whom_the_case_is_about_is_refused_like_somebody_who_does_not_exist(client: Client) -> None:
    sue, sam = given.an_agent("sue", team="supervision"), given.an_agent("sam", team="supervision")
    case = given.a_case()
    about.tell_about(case, [sam], "客户投诉他", by=given.actor(sue), at=MONDAY_9)

    def asked(who: str) -> Any:
        body = {"to": who, "version": given.fresh(case).version}
        return sent(client, "POST", f"/cases/{case.number}/reassign", **body)

    assert asked("sam").json() == asked("nobody").json()
    assert asked("sue").json()["handler"] == "sue"


def test_many_cases_each_have_their_own_outcome_and_foreign_ones_look_like_missing_ones() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    client = bound_to_service("cases:write")
    good, stale, done = given.a_case(), given.a_case(), given.a_case(handler=alice, status="closed")
    foreign = given.a_case(handler=charlie, team="returns")
    chosen = [
        {"number": good.number, "version": 1},
        {"number": stale.number, "version": 7},
        {"number": done.number},
        {"number": foreign.number, "version": 1},
        {"number": "260302-9999", "version": 1},
    ]
    answer = sent(client, "POST", "/cases/bulk", cases=chosen, do="edit", changes={"priority": "urgent"})
    outcomes = [(one["number"], one["outcome"]) for one in answer.json()["items"]]
    assert outcomes == [
        (good.number, "done"),
        (stale.number, "stale"),
        (done.number, "not_allowed"),
        (foreign.number, "not_found"),
        ("260302-9999", "not_found"),
    ]
    here, there = (dict(one) for one in answer.json()["items"][-2:])
    assert here | {"number": ""} == there | {"number": ""}
    assert given.fresh(good).priority == "urgent" and given.fresh(foreign).priority == "normal"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"do": "edit"}, "changes"),
        ({"do": "edit", "changes": {"category": "weather"}}, "category"),
        ({"do": "transfer", "reason": "退货"}, "team"),
        ({"do": "reassign"}, "to"),
        ({"do": "give_back"}, "reason"),
    ],
)
def test_what_would_be_wrong_with_every_case_is_refused_before_the_first(
    client: Client, body: dict[str, Any], field: str
) -> None:
    answer = sent(client, "POST", "/cases/bulk", cases=[{"number": given.a_case().number}], **body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_more_than_two_hundred_are_refused(client: Client) -> None:
    chosen = [{"number": f"260302-{n:04}"} for n in range(201)]
    assert sent(client, "POST", "/cases/bulk", cases=chosen, do="accept").status_code == 422


def test_a_list_of_many_is_read_in_one_question_however_long(client: Client) -> None:
    def asked(count: int) -> int:
        chosen = [{"number": f"260302-{n:04}"} for n in range(9000, 9000 + count)]
        with CaptureQueriesContext(connection) as queries:
            sent(client, "POST", "/cases/bulk", cases=chosen, do="accept")
        return len(queries)

    asked(1)
    assert asked(1) == asked(200)


HELD = ("staff_token", "staff_grant", "channels_endpoint", "base_configversion")


def test_each_of_many_costs_the_same(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing that is held for a time is counted, or asked for anew in the middle.
    monkeypatch.setattr(held, "HELD_FOR_S", 600.0)
    cases = [given.a_case() for _ in range(12)]

    def asked(some: list[Case]) -> int:
        chosen = [{"number": case.number} for case in some]
        change = {"do": "edit", "changes": {"priority": "urgent"}}
        with CaptureQueriesContext(connection) as queries:
            answer = sent(client, "POST", "/cases/bulk", cases=chosen, **change)
        assert {one["outcome"] for one in answer.json()["items"]} == {"done"}
        return sum(not any(name in one["sql"] for name in HELD) for one in queries)

    asked(cases[:1])
    one, two, eight = asked(cases[1:2]), asked(cases[2:4]), asked(cases[4:])
    assert eight - one == 7 * (two - one)


def test_a_case_opened_by_another_system_is_understood_promised_and_answered(client: Client) -> None:
    answer = sent(
        client,
        "POST",
        "/cases",
        text="我要退款",
        sender={"name": "韩梅梅", "phone": "13900000009"},
        order_no="JD20260301",
    )
    case = answer.json()["case"]
    assert (answer.status_code, case["subcategory"], case["status"]) == (201, "refund", "new")
    assert (case["channel"], case["missing"], case["owner"]) == ("manual", [], None)
    assert [one["kind"] for one in case["promises"]] == ["resolution"]
    assert answer.json()["why"]


def test_a_case_is_opened_for_a_known_customer_with_a_handler_and_a_category(client: Client) -> None:
    given.an_agent("alice")
    customer = given.a_customer(phone="13900000010")
    body = {
        "text": "回访安装情况",
        "customer": customer.number,
        "handler": "alice",
        "category": "how_to",
        "priority": "low",
        "channel": "phone",
        "is_outbound": True,
    }
    case = sent(client, "POST", "/cases", **body).json()["case"]
    assert (case["customer"]["number"], case["handler"], case["priority"]) == (
        customer.number,
        "alice",
        "low",
    )
    assert case["is_outbound"] and [one["kind"] for one in case["promises"]] == ["resolution"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"customer": "C999999"}, "customer"),
        ({"sender": {}}, "customer"),
        ({"channel": "pigeon"}, "channel"),
        ({"team": "moon"}, "team"),
        ({"site": "moon"}, "site"),
        ({"handler": "nobody"}, "handler"),
        ({"category": "weather"}, "category"),
        ({"text": "  "}, "text"),
    ],
)
def test_a_case_that_cannot_be_opened_says_why_and_leaves_nothing(
    client: Client, wrong: dict[str, Any], field: str
) -> None:
    body = {"text": "想退款", "sender": {"name": "李雷"}} | wrong
    answer = sent(client, "POST", "/cases", **body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert not Case.objects.exists()


def test_a_token_bound_to_a_channel_opens_cases_on_no_other() -> None:
    client = given.with_token(given.a_token("all", channels=["chat"]))
    answer = sent(client, "POST", "/cases", text="想退款", sender={"name": "李雷"})
    assert (answer.status_code, answer.json()["code"]) == (403, "channel_forbidden")


def test_the_same_key_opens_one_case(client: Client) -> None:
    body = given.as_json({"text": "想退款", "sender": {"name": "李雷"}})
    for _ in range(2):
        client.post(
            "/api/v1/cases", body, content_type="application/json", headers={"Idempotency-Key": "once-1"}
        )
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_that_saw_the_same_version_one_wins() -> None:
    given.installed()
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    token = given.a_token("all")
    bodies: list[tuple[str, str, dict[str, Any]]] = [
        ("PATCH", "", {"priority": "urgent"}),
        ("POST", "/transfer", {"team": "returns", "reason": "退货"}),
        ("POST", "/moves", {"move": "accept"}),
    ]
    acts = [
        partial(sent, given.with_token(token), method, f"/cases/{case.number}{path}", version=2, **body)
        for method, path, body in bodies
    ]
    assert sorted(answer.status_code for answer in at_once(acts)) == [200, 409, 409]


def test_a_case_closed_long_ago_is_followed_by_another_and_a_late_call_needs_words(client: Client) -> None:
    case = given.a_case(handler=given.an_agent(), status="closed", at=MONDAY_9 - days(60))
    path = f"/cases/{case.number}/reopen"
    assert list(sent(client, "POST", path, version=case.version).json()["fields"]) == ["reason"]
    told = sent(client, "POST", path, version=case.version, reason="又坏了").json()
    assert (told["follows"], told["status"]) == (case.number, "new")
    assert given.fresh(case).status == "closed"
