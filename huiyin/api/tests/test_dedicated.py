"""A customer's own people by API: history, and handing all customers of one person to another."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.customers import erasure
from huiyin.customers.models import Customer, Dedication
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
URL = "/api/v1/customers"
ROLES = ("dedicated", "salesperson", "area_manager")


@pytest.fixture
def program() -> Client:
    given.alice_bob_charlie()
    return given.with_token(given.a_token("all"))


def send(client: Client, method: str, path: str, body: dict[str, Any]) -> Any:
    return client.generic(method, f"{URL}{path}", given.as_json(body), content_type="application/json")


def named(client: Client, customer: Customer, **people: str | None) -> Any:
    version = Customer.objects.get(pk=customer.pk).version
    return send(client, "PATCH", f"/{customer.number}", {"version": version, **people})


def handed(client: Client, **more: Any) -> Any:
    body = {"role": "salesperson", "giver": "alice", "taker": "bob", "expected": 2, "reason": "调岗交接"}
    return send(client, "POST", "/hand-over", {**body, **more})


def history(client: Client, customer: Customer) -> list[tuple[str, str, bool]]:
    rows = client.get(f"{URL}/{customer.number}/dedicated").json()["items"]
    return [(row["role"], row["person"], row["until"] is None) for row in rows]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_keeps_who_it_was_and_the_same_person_again_adds_nothing(
    program: Client, role: str
) -> None:
    customer = given.a_customer()
    for person in ("alice", "alice", "bob"):
        told = named(program, customer, **{role: person})
        assert (told.status_code, told.json()[role]) == (200, person)
    assert history(program, customer) == [(role, "bob", True), (role, "alice", False)]
    assert named(program, customer, **{role: None}).json()[role] is None
    assert history(program, customer) == [(role, "bob", False), (role, "alice", False)]
    refused = named(program, customer, **{role: "nobody"})
    assert (refused.status_code, refused.json()["fields"]) == (422, {role: "unknown"})


def test_all_customers_of_one_person_go_to_another_and_nobody_elses(program: Client) -> None:
    hers, others = [given.a_customer(), given.a_customer()], given.a_customer()
    for customer in hers:
        named(program, customer, salesperson="alice", dedicated="alice")
    named(program, others, salesperson="charlie")
    before = {row.pk: row.version for row in Customer.objects.all()}
    assert program.get(f"{URL}/hand-over?role=salesperson&giver=alice").json() == {"count": 2}
    assert handed(program).json() == {"count": 2}
    for customer in hers:
        now = program.get(f"{URL}/{customer.number}").json()
        assert (now["salesperson"], now["dedicated"]) == ("bob", "alice")
        assert now["version"] == before[customer.pk] + 1
        assert ("salesperson", "alice", False) in history(program, customer)
        assert history(program, customer)[0] == ("salesperson", "bob", True)
    assert history(program, others) == [("salesperson", "charlie", True)]
    assert Dedication.objects.filter(why="调岗交接").count() == 2
    left = AuditRow.objects.filter(reason="调岗交接").order_by("object")
    assert [(row.action, row.object) for row in left] == [
        ("customers.given_away", "staff:alice"),
        ("customers.taken_over", "staff:bob"),
    ]


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"expected": 3}, 409, "count_changed"),
        ({"taker": "alice"}, 409, "same_person"),
        ({"taker": "nobody"}, 422, "invalid"),
        ({"giver": "nobody"}, 422, "invalid"),
        ({"role": "version"}, 422, "invalid"),
        ({"reason": ""}, 422, "invalid"),
    ],
)
def test_a_refused_hand_over_changes_nothing(
    program: Client, more: dict[str, Any], status: int, code: str
) -> None:
    for _ in range(2):
        named(program, given.a_customer(), salesperson="alice")
    answer = handed(program, **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Customer.objects.filter(salesperson__number="alice").count() == 2
    assert Dedication.objects.count() == 2


def test_who_was_handed_over_twice_moves_once(program: Client) -> None:
    for _ in range(2):
        named(program, given.a_customer(), salesperson="alice")
    assert handed(program).status_code == 200
    again = handed(program)
    assert (again.status_code, again.json()["code"], again.json()["count"]) == (409, "count_changed", 0)
    assert Dedication.objects.count() == 4


def test_who_was_erased_has_nobody_any_more(program: Client) -> None:
    customer = given.a_customer()
    named(program, customer, salesperson="alice", area_manager="bob")
    erasure.ask(customer, reason="本人要求", by=given.OPERATOR, at=given.MONDAY_9)
    given.work_done(at=given.MONDAY_9)
    assert program.get(f"{URL}/hand-over?role=salesperson&giver=alice").json() == {"count": 0}
    assert {row[2] for row in history(program, customer)} == {False}
