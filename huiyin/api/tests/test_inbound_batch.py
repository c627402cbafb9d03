"""Many messages in one call: each has its own answer, and one that fails takes nobody with it."""

from collections import Counter
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from huiyin.api.views.inbound_batch import LIMIT_BYTES, MOST
from huiyin.cases.models import Case
from huiyin.channels.models import Account
from huiyin.intake import house
from huiyin.intake.models import InboxItem
from huiyin.staff.models import Site
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
_serial = count(1)


def an_item(**more: Any) -> dict[str, Any]:
    n = next(_serial)
    sender = {"name": "李雷", "phone": f"137{n:08}"}
    return {"channel": "api", "external_id": f"b-{n}", "sender": sender, "text": "我要退款", **more}


def a_client(**bound: Any) -> Client:
    return given.with_token(given.a_token("inbound:write", **bound))


def sent(client: Client, items: list[Any]) -> list[dict[str, Any]]:
    answer = client.post(
        "/api/v1/inbound/batch", given.as_json({"items": items}), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    assert len(results) == len(items)
    return results


def test_a_thousand_are_answered_each_on_its_own_in_their_order() -> None:
    client = a_client(channels=["api", "sms", "fax"])
    nothing_is_understood_on("sms")
    before = an_item()
    sent(client, [before])
    items = [an_item() for _ in range(MOST)]
    items[100] = an_item(channel="sms")
    items[200] = items[10]
    items[300] = {**before, "text": "完全不同"}
    items[400] = an_item(channel="fax")
    items[500] = an_item(channel="chat")
    items[600] = before
    statements = Counted()
    with connection.execute_wrapper(statements):
        results = sent(client, items)
    told = Counter(result["status"] for result in results)
    assert told == {201: 994, 200: 2, 202: 2, 422: 1, 403: 1}
    assert results[100]["case"] is None and results[100]["accepted"]
    assert results[200]["duplicate"] and results[200]["case"]["number"] == results[10]["case"]["number"]
    assert results[300]["conflict"] and results[600]["duplicate"]
    assert results[400]["error"] | {"detail": ""} == {
        "code": "unknown_channel", "index": 400, "fields": {"channel": "unknown"}, "detail": "",
    }  # fmt: skip
    assert (results[500]["error"]["code"], results[500]["error"]["index"]) == ("channel_forbidden", 500)
    made = [result["case"]["number"] for result in results if result["status"] == 201]
    assert len(set(made)) == Case.objects.count() - 1 == 994
    assert InboxItem.objects.get(external_id=items[100]["external_id"]).state == "waiting"
    assert statements.count < 1.5 * MOST, "a message must not ask questions of its own"


def nothing_is_understood_on(channel: str) -> None:
    nowhere = Site.objects.create(
        code="nowhere", name={}, zone="Nowhere/AtAll", language="en", calendar="office"
    )
    Account.objects.filter(code=channel).update(site=nowhere)
    house.forget()


class Counted:
    """Counts statements."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def test_the_statements_grow_with_the_groups_not_with_the_messages() -> None:
    client = a_client()
    sent(client, [an_item()])
    taken = []
    for n in (8, 16, 32):
        statements = Counted()
        with connection.execute_wrapper(statements):
            sent(client, [an_item() for _ in range(n)])
        taken.append(statements.count)
    assert max(taken) - min(taken) <= 3, taken


def test_what_cannot_be_read_says_why_and_the_others_are_kept() -> None:
    odd = [
        "no object",
        {"channel": "api"},
        an_item(text=""),
        an_item(colour="red"),
        an_item(attachments=[{"name": "a.png", "data": "#"}]),
        an_item(received_at="2026-03-02T09:00:00"),
        an_item(),
    ]
    results = sent(a_client(), odd)
    assert [result["status"] for result in results] == [422] * 6 + [201]
    assert [result["error"]["index"] for result in results[:6]] == list(range(6))
    fields = [set(result["error"]["fields"]) for result in results[:6]]
    assert fields == [
        {"item"}, {"external_id"}, {"text"}, {"colour"}, {"attachments.0.data"}, {"received_at"},
    ]  # fmt: skip
    assert Case.objects.count() == 1


def test_the_same_batch_again_makes_nothing() -> None:
    client, items = a_client(), [an_item() for _ in range(3)]
    first, again = sent(client, items), sent(client, items)
    assert [r["status"] for r in again] == [200] * 3
    assert [r["case"]["number"] for r in again] == [r["case"]["number"] for r in first]
    assert Case.objects.count() == 3


def test_a_retired_channel_refuses_its_items_alone() -> None:
    Account.objects.filter(code="sms").update(retired_at=given.MONDAY_9)
    results = sent(a_client(), [an_item(channel="sms"), an_item()])
    assert [result["status"] for result in results] == [422, 201]


@pytest.mark.parametrize("items", [[], [{}] * (MOST + 1), "x", None])
def test_no_items_too_many_or_none_at_all_are_refused_whole(items: Any) -> None:
    answer = a_client().post(
        "/api/v1/inbound/batch", given.as_json({"items": items}), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not InboxItem.objects.exists()


def test_a_body_that_is_too_large_is_refused_before_it_is_read() -> None:
    answer = a_client().post(
        "/api/v1/inbound/batch", b" " * (LIMIT_BYTES + 1), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_without_a_token_or_its_scope_nothing_is_taken_in() -> None:
    body = given.as_json({"items": [an_item()]})
    for client, status in ((Client(), 401), (given.with_token(given.a_token("cases:read")), 403)):
        answer = client.post("/api/v1/inbound/batch", body, content_type="application/json")
        assert answer.status_code == status
    assert not InboxItem.objects.exists()
