"""Customers by API: each verb with its refusals."""

from typing import Any

import pytest
from django.test import Client

from huiyin.cases.models import Entry
from huiyin.customers.recognise import Sender
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def caller() -> Client:
    return given.with_token(given.a_token("all"))


def send(client: Client, method: str, path: str, body: dict[str, Any]) -> Any:
    return client.generic(method, f"/api/v1/{path}", given.as_json(body), content_type="application/json")


def made(client: Client, **body: Any) -> dict[str, Any]:
    answer = send(client, "POST", "customers", body)
    assert answer.status_code == 201, answer.content
    return answer.json()  # type: ignore[no-any-return]


def test_a_customer_that_is_known_is_not_made_twice() -> None:
    client = caller()
    one = made(client, name="韩梅梅", phone="13900001111")
    again = send(client, "POST", "customers", {"phone": "+86 139-0000-1111"})
    assert again.status_code == 409
    assert (again.json()["code"], again.json()["customer"]) == ("identity_taken", one["number"])


def test_a_change_needs_the_version_that_was_seen() -> None:
    client = caller()
    one = made(client, name="韩梅梅")
    unit = send(client, "POST", "organisations", {"name": "示例 公司"}).json()
    given.an_agent("alice")
    change = {
        "version": 1,
        "level": "vip",
        "organisation": unit["number"],
        "dedicated": "alice",
        "tags": ["老客"],
    }
    now = send(client, "PATCH", f"customers/{one['number']}", change)
    assert now.status_code == 200
    told = now.json()
    assert (told["level"], told["organisation"], told["dedicated"], told["version"]) == (
        "vip",
        unit,
        "alice",
        2,
    )
    stale = send(client, "PATCH", f"customers/{one['number']}", {"version": 1, "level": "normal"})
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (409, "stale", 2)


@pytest.mark.parametrize(
    "change",
    [{"dedicated": "nobody"}, {"organisation": "O999999"}, {"level": None}, {"phone": "1"}, {"tags": [""]}],
)
def test_a_change_that_cannot_be_is_refused_with_its_field(change: dict[str, Any]) -> None:
    client = caller()
    one = made(client, name="韩梅梅")
    answer = send(client, "PATCH", f"customers/{one['number']}", {"version": 1, **change})
    assert answer.status_code == 422
    assert next(iter(change)) in " ".join(answer.json()["fields"])


def test_doubles_are_merged_and_taken_apart() -> None:
    client = caller()
    one, other = (made(client, name="韩梅梅", phone=f"139{n}0008888") for n in (1111, 2222))
    doubles = client.get(f"/api/v1/customers/{one['number']}/duplicates").json()["items"]
    assert [row["number"] for row in doubles] == [other["number"]]
    pair = {"secondary": other["number"], "into": one["number"]}
    assert len(send(client, "POST", "customers/merge", pair).json()["identities"]) == 2
    assert client.get(f"/api/v1/customers/{other['number']}").json()["merged_into"] == one["number"]
    apart = send(client, "POST", "customers/unmerge", {"secondary": other["number"]})
    assert (apart.status_code, len(apart.json()["identities"])) == (200, 1)
    again = send(client, "POST", "customers/unmerge", {"secondary": other["number"]})
    assert (again.status_code, again.json()["code"]) == (409, "undone_already")


def test_an_erasure_is_previewed_then_done_by_the_worker() -> None:
    client = caller()
    one = made(client, name="韩梅梅", phone="13900001111")
    path = f"customers/{one['number']}/erasure"
    assert client.get(f"/api/v1/{path}").json()["preview"]["identities"] == 1
    assert send(client, "POST", path, {"reason": "本人要求"}).status_code == 202
    given.work_done(at=given.MONDAY_9)
    now = client.get(f"/api/v1/customers/{one['number']}").json()
    assert now["erased_at"] and not now["name"] and not now["identities"]
    assert (
        send(client, "POST", f"customers/{one['number']}/reveal", {"reason": "回访客户"}).status_code == 409
    )


def test_pages_of_customers_follow_each_other_without_a_gap() -> None:
    client = caller()
    numbers = [made(client, name=f"客户{n}")["number"] for n in range(5)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get("/api/v1/customers", {"limit": 2, "cursor": cursor}).json()
        seen += [row["number"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert seen == numbers[::-1]


def test_who_speaks_is_checked_and_only_the_result_is_kept() -> None:
    client, sender = caller(), Sender("李雷", "13900004321")
    given.a_case("我的订单 HY-2024-0031 还没到", sender=sender, status="closed")
    case = given.a_case("同一个问题,订单 HY-2024-0077", sender=sender)
    path = f"cases/{case.number}/identity-checks"
    results = [
        send(client, "POST", path, body).json()["passed"]
        for body in (
            {"last_four": "4321"},
            {"last_four": "1111"},
            {"order_number": "hy-2024-0031"},
            {"order_number": "HY-2024-0077"},
        )
    ]
    assert results == [True, False, True, False]
    told = Entry.objects.filter(case=case, kind__startswith="identity.").order_by("seq")
    kinds = ["identity.checked", "identity.refused"]
    assert [entry.kind for entry in told] == kinds * 2
    assert "4321" not in str(list(told.values_list("payload", flat=True)))
    for wrong in ({}, {"last_four": "12"}, {"last_four": "1234", "order_number": "x"}):
        assert send(client, "POST", path, wrong).status_code == 422


def test_a_customer_is_made_with_their_unit_and_what_they_come_for() -> None:
    client = caller()
    one = made(client, name="韩梅梅", unit="示例 公司", need="refund")
    assert (one["organisation"]["name"], one["need"]) == ("示例 公司", "refund")
    path = f"customers/{one['number']}"
    assert send(client, "PATCH", path, {"version": 1, "need": "price"}).json()["need"] == "price"
    wrong = send(client, "PATCH", path, {"version": 2, "need": "shoes"})
    assert (wrong.status_code, wrong.json()["fields"]) == (422, {"need": "unknown"})


def test_a_message_brings_unit_and_need_and_an_unknown_need_loses_nothing() -> None:
    client = caller()
    body = {"channel": "api", "external_id": "u1", "text": "你好，在吗"}
    sender = {"phone": "13955550111", "unit": "示例公司", "need": "pre_sales"}
    told = send(client, "POST", "inbound", {**body, "sender": sender}).json()
    assert told["case"]["category"] == "pre_sales"
    assert "chosen_by_sender" in [why["rule"] for why in told["why"]]
    (one,) = client.get("/api/v1/customers", {"phone": "13955550111"}).json()["items"]
    assert (one["organisation"]["name"], one["need"]) == ("示例公司", "pre_sales")
    odd = send(
        client, "POST", "inbound", {**body, "external_id": "u2", "sender": {**sender, "need": "shoes"}}
    )
    assert (odd.status_code, odd.json()["case"]["category"]) == (201, "other")
