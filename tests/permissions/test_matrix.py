"""Every route × method × role × own or foreign object gives what `rows` says."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from huiyin.api.routes import api
from huiyin.cases import about
from huiyin.cases.models import Case
from huiyin.staff import people
from huiyin.staff.models import Grant, Token
from tests import given
from tests.permissions import rows, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ALL = (*rows.PAGES, *rows.CALLS)
# Taking in needs no right; reading the audit is the right that the account of this test does hold.
OF_NO_OR_ITS_OWN_RIGHT = ("inbound:write", "audit:read")
MAY_WRITE = ("staff_session", "staff_token")


def label(row: rows.Page | rows.Call) -> str:
    return f"{row.method} /{row.route}"


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    named = {row.route for row in ALL} | rows.FRAMEWORK
    assert set(world.routes()) == named


def test_every_method_without_a_row_is_refused() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    client = given.at_desk(built.people["manager"], client=given.with_token(given.a_token("all")))
    known = {(row.route, row.method) for row in ALL}
    allowed = []
    for route in set(world.routes()) - rows.FRAMEWORK:
        for method in rows.METHODS:
            if (route, method) not in known:
                answer = client.generic(method, "/" + world.filled(route, at))
                if answer.status_code != 405:
                    allowed.append(f"{method} /{route} → {answer.status_code}")
    assert not allowed


@pytest.mark.parametrize("role", rows.ROLES)
def test_pages_answer_each_role_as_decided(role: str) -> None:
    built = world.built()
    wrong = []
    for row in rows.PAGES:
        for case, known in ((built.own, True), (built.foreign, False)):
            if not known and row.foreign is None:
                continue
            expected = (row.own if known else row.foreign) if role in row.may else 403
            with given.undone():
                client = given.at_desk(built.people[role])
                answer = world.ask(client, row, world.values(case, known=known))
            if answer.status_code != expected:
                wrong.append(
                    f"{label(row)} {'own' if known else 'foreign'}: {answer.status_code}, not {expected}"
                )
    assert not wrong


def test_a_stranger_is_sent_to_sign_in_or_served_what_is_for_everybody() -> None:
    built = world.built()
    wrong, open_to_all = [], {f"{rows.BASE}openapi.json"}
    for row in rows.PAGES:
        with given.undone():
            answer = world.ask(Client(), row, world.values(built.own, known=True))
        if answer.status_code != row.stranger:
            wrong.append(f"{label(row)}: {answer.status_code}, not {row.stranger}")
        if not str(answer.headers.get("Location", "")).startswith(("/sign-in", "/desk")):
            open_to_all.add(row.route)
    assert not wrong
    assert open_to_all == rows.ANONYMOUS
    assert len(open_to_all) <= 15


@pytest.mark.parametrize("token", ["none", "unknown", "wrong scope", "revoked", "expired", "left", "right"])
def test_calls_answer_each_token_as_decided(token: str) -> None:
    built = world.built()
    wrong = []
    for row in rows.CALLS:
        for case, known in ((built.own, True), (built.foreign, False)):
            if not known and row.foreign is None:
                continue
            expected = {"right": row.own if known else row.foreign, "wrong scope": 403}.get(token, 401)
            with given.undone():
                answer = world.ask(caller(token, row.scope), row, world.values(case, known=known))
            if answer.status_code != expected:
                wrong.append(
                    f"{label(row)} {'own' if known else 'foreign'}: {answer.status_code}, not {expected}"
                )
            elif expected >= 400 and "problem+json" not in answer.headers["Content-Type"]:
                wrong.append(f"{label(row)}: {answer.headers['Content-Type']}")
    assert not wrong


def caller(token: str, scope: str) -> Client:
    if token == "none":
        return Client()
    if token == "unknown":
        return given.with_token("hy_nobody")
    client = world.bound_to_service("knowledge:read" if token == "wrong scope" else scope)
    if token == "revoked":
        Token.objects.update(revoked_at=given.MONDAY_9)
    if token == "expired":
        Token.objects.update(expires_at=given.MONDAY_9)
    if token == "left":
        account = people.join_service("bound", role="integration", by=given.OPERATOR, at=given.MONDAY_9)
        account.is_active = False
        account.save()
    return client


@pytest.mark.parametrize(
    "row", [row for row in rows.CALLS if row.scope not in OF_NO_OR_ITS_OWN_RIGHT], ids=label
)
def test_a_scope_gives_no_right_that_the_account_does_not_hold(row: rows.Call) -> None:
    built = world.built()
    client = world.bound_to_service(row.scope)
    Grant.objects.filter(staff__number="svc-bound").delete()
    people.grant(
        people.join_service("bound", role="auditor", by=given.OPERATOR, at=given.MONDAY_9),
        role="auditor",
        team=None,
        by=given.OPERATOR,
        at=given.MONDAY_9,
    )
    assert world.ask(client, row, world.values(built.own, known=True)).status_code == 403


def test_a_session_is_no_token_and_a_token_is_no_session() -> None:
    built = world.built()
    at_desk = given.at_desk(built.people["manager"])
    assert at_desk.get("/api/v1/cases").status_code == 401
    assert given.with_token(given.a_token("all")).get("/desk").status_code == 302


def posts() -> list[rows.Page]:
    return [row for row in rows.PAGES if row.method == "POST" and not row.route.startswith(rows.BASE)]


def test_every_form_without_its_token_is_refused_for_everybody() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    passed = []
    for client in (Client(enforce_csrf_checks=True), _strict(built.people["manager"])):
        for row in posts():
            if world.ask(client, row, at).status_code != 403:
                passed.append(label(row))
    assert not passed


def _strict(staff: Any) -> Client:
    return given.at_desk(staff, client=Client(enforce_csrf_checks=True))


@pytest.mark.parametrize("role", [*rows.ROLES, "stranger", "program"])
def test_reading_changes_nothing(role: str) -> None:
    built = world.built()
    token = given.a_token("all")
    client = {"stranger": Client(), "program": given.with_token(token)}.get(role) or given.at_desk(
        built.people[role]
    )
    written: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE") and not any(
            t in sql for t in MAY_WRITE
        ):
            written.append(sql[:100])
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        for row in ALL:
            if row.method == "GET":
                for case in (built.own, built.foreign):
                    world.ask(client, row, world.values(case, known=True))
    assert not written


# What ids in bodies and queries can reach.


def parameters() -> Iterator[str]:
    schema = api.get_openapi_schema()
    for operations in schema["paths"].values():
        for operation in operations.values():
            yield from (parameter["name"] for parameter in operation.get("parameters", ()))
    for shape in schema["components"]["schemas"].values():
        yield from shape.get("properties", {})


def test_every_parameter_of_the_api_is_known_to_name_an_object_or_not() -> None:
    assert set(parameters()) <= rows.NAMES_AN_OBJECT | rows.PLAIN


@pytest.mark.parametrize("name", ["handler", "owner", "customer", "team"])
def test_no_filter_reaches_what_the_caller_may_not_see(name: str) -> None:
    built = world.built()
    client = world.bound_to_service("cases:read")
    case = Case.objects.get(pk=built.foreign.pk)
    assert case.customer is not None
    Case.objects.filter(pk=case.pk).update(owner=case.handler)
    value = {"customer": case.customer.number, "team": "returns"}.get(name, "charlie")
    assert client.get("/api/v1/cases", {name: value}).json()["items"] == []
    listed = {row["number"] for row in client.get("/api/v1/cases").json()["items"]}
    assert listed == {built.own.number}


def test_a_message_joins_no_case_of_another_channel_by_naming_it() -> None:
    built = world.built()
    client = given.with_token(given.a_token("inbound:write", channels=["chat"]))
    body = {"channel": "chat", "external_id": "x1", "text": "你好", "thread": {"case": built.own.number}}
    answer = client.post("/api/v1/inbound", given.as_json(body), content_type="application/json")
    assert answer.status_code == 201 and answer.json()["case"]["number"] != built.own.number


def test_a_token_bound_to_a_channel_writes_to_no_other() -> None:
    client = given.with_token(given.a_token("inbound:write", channels=["chat"]))
    body = {"channel": "api", "external_id": "x2", "text": "你好"}
    answer = client.post("/api/v1/inbound", given.as_json(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "channel_forbidden")


def test_an_agent_reveals_only_in_their_own_open_case() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    queued, mine = given.a_case(), given.a_case(handler=alice)
    closed = given.a_case(handler=alice, status="closed")
    client = given.at_desk(alice)
    given_reason = {"reason": "回访客户"}
    assert client.post(f"/desk/cases/{mine.number}/reveal").status_code == 200
    assert client.post(f"/desk/cases/{queued.number}/reveal", given_reason).status_code == 403
    assert client.post(f"/desk/cases/{closed.number}/reveal", given_reason).status_code == 403
    assert given.at_desk(bob).post(f"/desk/cases/{mine.number}/reveal", given_reason).status_code == 404


def test_a_lead_reveals_elsewhere_only_with_a_reason() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(handler=alice)
    client = given.at_desk(lena)
    assert client.post(f"/desk/cases/{case.number}/reveal", {"reason": "ok"}).status_code == 422
    assert client.post(f"/desk/cases/{case.number}/reveal", {"reason": "投诉复核"}).status_code == 200


def test_no_role_sees_a_case_that_is_about_the_person() -> None:
    manager = given.a_person("max", role="manager", team=None)
    case = given.a_case(handler=manager)
    about.tell_about(case, [manager], "客户投诉他", by=given.actor(given.a_lead()), at=given.MONDAY_9)
    client = given.at_desk(manager)
    assert client.get(f"/desk/cases/{case.number}").status_code == 404
    assert case.number not in client.get("/desk").content.decode()
