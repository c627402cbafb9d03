"""Calls and chat sessions through HTTP: the wire that tells of them, and the people who read of them."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import Fact
from huiyin.cases.clock import act_on_due
from huiyin.cases.models import Contact, Promise
from tests import given
from tests.given import MONDAY_9, hours, minutes, seconds

pytestmark = pytest.mark.django_db
CALLER = {"name": "李雷", "phone": "13900001234"}


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}", given.as_json(body), content_type="application/json")


def came(wire: Client, channel: str, external_id: str, text: str, **thread: str) -> Any:
    told = post(
        wire, "inbound", channel=channel, external_id=external_id, text=text, sender=CALLER, thread=thread
    )
    assert told.status_code in (200, 201), told.content
    return told.json()["case"]["number"]


def a_wire(*channels: str) -> Client:
    return given.with_token(
        given.a_token("inbound:write", "cases:read", "cases:write", name="wire", channels=channels)
    )


def contacts_of(client: Client, number: str) -> list[dict[str, Any]]:
    found = client.get(f"/api/v1/cases/{number}/contacts")
    assert found.status_code == 200
    return list(found.json()["items"])


def first_replies(number: str) -> list[tuple[str, datetime]]:
    found = Promise.objects.filter(case__number=number, kind="first_reply").order_by("contact__no")
    return [(one.state, one.due_at) for one in found]


def test_two_chats_in_one_case_each_with_thirty_seconds_one_broken_and_one_kept(monday: Any) -> None:
    alice, wire = given.on_duty(given.an_agent()), a_wire("chat")
    number = came(wire, "chat", "m1", "电脑无法开机", session="one")
    assert came(wire, "chat", "m1", "电脑无法开机", session="one") == number
    monday.move_to(MONDAY_9 + seconds(31))
    act_on_due(at=MONDAY_9 + seconds(31))
    monday.move_to(MONDAY_9 + minutes(2))
    over = post(wire, "contacts/end", channel="chat", session="one")
    assert (over.status_code, over.json()["outcome"]) == (200, "abandoned")
    assert post(wire, "contacts/end", channel="chat", session="one").status_code == 404

    monday.move_to(MONDAY_9 + hours(1))
    assert came(wire, "chat", "m2", "还是无法开机", session="two", case=number) == number
    assert came(wire, "chat", "m3", "有人吗", session="two") == number
    monday.move_to(MONDAY_9 + hours(1) + seconds(20))
    desk = given.at_desk(alice)
    assert desk.post(f"/desk/cases/{number}/reply", {"text": "您好，我来看"}).status_code == 302
    assert first_replies(number) == [
        ("broken", MONDAY_9 + seconds(30)),
        ("kept", MONDAY_9 + hours(1) + seconds(30)),
    ]
    one, two = contacts_of(wire, number)
    assert (one["no"], one["outcome"], one["answered_at"], one["person"]) == (1, "abandoned", None, None)
    assert (two["no"], two["outcome"], two["person"], two["channel"]) == (2, None, "alice", "chat")
    assert two["answered_at"] == "2026-03-02T10:00:20+08:00"

    page = desk.get(f"/desk/cases/{number}", headers={"Accept-Language": "en"}).content.decode()
    assert "Contact 1, by chat, from 09:00" in page and "Contact 2, by chat, from 10:00" in page
    assert "ended at 09:02: nobody answered in time, the customer left" in " ".join(page.split())
    assert "answered at 10:00 by alice" in " ".join(page.split())


def test_an_answered_call_keeps_its_first_reply_and_a_wrong_one_ends(monday: Any) -> None:
    given.an_agent()
    wire = a_wire("phone")
    number = came(wire, "phone", "call-1", "电脑无法开机")
    monday.move_to(MONDAY_9 + seconds(12))
    assert (
        post(wire, "contacts/answer", channel="phone", session="call-1", person="nobody").status_code == 422
    )
    for _ in range(2):
        told = post(wire, "contacts/answer", channel="phone", session="call-1", person="alice").json()
        assert (told["person"], told["answered_at"]) == ("alice", "2026-03-02T09:00:12+08:00")
    came(wire, "phone", "call-2", "打错了", case=number)
    assert post(wire, "contacts/end", channel="phone", session="call-2", outcome="wrong").status_code == 200
    assert [state for state, _ in first_replies(number)] == ["kept", "cancelled"]
    assert [one["outcome"] for one in contacts_of(wire, number)] == [None, "wrong"]


def test_a_call_of_which_no_case_came_is_registered_once_and_only_by_its_own_wire(monday: Any) -> None:
    wire = a_wire("phone")
    lost = {
        "channel": "phone",
        "session": "lost-1",
        "offered_at": "2026-03-02T08:58:00+08:00",
        "ended_at": "2026-03-02T08:59:10+08:00",
        "outcome": "abandoned",
        "queue": "service",
    }
    first, second = post(wire, "contacts", **lost), post(wire, "contacts", **{**lost, "outcome": "wrong"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    contact = Contact.objects.get()
    assert (contact.case, contact.no, contact.outcome, contact.answered_at) == (None, None, "abandoned", None)
    assert "lost-1" not in contact.session  # a wire may use the number of who calls
    assert Fact.objects.filter(kind="contact.unserved").count() == 1
    assert post(wire, "contacts/end", channel="phone", session="lost-1").status_code == 404

    came(wire, "phone", "call-1", "电脑无法开机")
    refused = {
        "has_case": post(wire, "contacts", **{**lost, "session": "call-1"}),
        "channel_forbidden": post(wire, "contacts", **{**lost, "channel": "chat"}),
    }
    assert {code: answer.json()["code"] for code, answer in refused.items()} == {c: c for c in refused}
    any_wire = a_wire_of_all()
    wrong: list[tuple[dict[str, str], dict[str, str]]] = [
        ({"channel": "api"}, {"channel": "not_live"}),
        ({"channel": "none"}, {"channel": "unknown"}),
        ({"queue": "none"}, {"queue": "unknown"}),
        ({"ended_at": "2026-03-02T08:57:00+08:00"}, {"ended_at": "before_offered"}),
        ({"ended_at": "2026-03-02T09:01:00+08:00"}, {"ended_at": "not_yet"}),
    ]
    for given_, fields in wrong:
        answer = post(any_wire, "contacts", **{**lost, "session": "lost-2", **given_})
        assert (answer.status_code, answer.json()["fields"]) == (422, fields)
    assert Contact.objects.filter(case=None).count() == 1


def a_wire_of_all() -> Client:
    return given.with_token(given.a_token("inbound:write", name="hub"))
