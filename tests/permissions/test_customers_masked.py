"""Raw values of a customer reach nobody who did not reveal them: every page, call and export, as every role."""

from collections.abc import Iterator

import pytest
from django.test import Client

from huiyin.api.routes import api
from huiyin.base.models import AuditRow
from huiyin.customers import merging
from huiyin.customers.recognise import Sender
from tests import given
from tests.permissions import rows, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
NAME, PHONE, MAIL, ACCOUNT = "慕容金丝雀", "13912345678", "canary.person@example.org", "wx-canary-77"
VALUES = (NAME, PHONE, MAIL, ACCOUNT, NAME[1:], "canary.person")


def seeded() -> dict[str, str]:
    """The matrix's world, with a case of the canary, one of their double, and a merge of the two."""
    built = world.built()
    case = given.a_case(
        "请尽快处理",
        handler=built.people["manager"],
        sender=Sender(NAME, PHONE, MAIL, ACCOUNT),
        attachments=(given.a_file(),),
    )
    assert case.customer is not None
    given.a_customer(name=NAME, phone="13711115678")
    third = given.a_customer(name=NAME, phone="13722225678")
    merging.merge(third, into=case.customer, by=given.OPERATOR, at=given.MONDAY_9)
    return world.values(given.fresh(case), known=True)


def readings() -> Iterator[rows.Page | rows.Call]:
    for row in (*rows.PAGES, *rows.CALLS):
        if row.method == "GET" and "<uuid" not in row.route:
            yield row


def leaks(client: Client, at: dict[str, str]) -> list[str]:
    found = []
    for row in readings():
        told = b"".join(world.ask(client, row, at)).decode(errors="replace")
        found += [f"{row.route}: {value}" for value in VALUES if value in told]
    for query in (PHONE, MAIL, "5678", at["customer"]):
        told = client.post("/desk/customers", {"q": query}).content.decode()
        found += [f"search {query}: {value}" for value in VALUES if value in told]
    return found


@pytest.mark.parametrize("role", [*rows.ROLES, "stranger"])
def test_no_page_shows_a_raw_value_before_it_was_revealed(role: str) -> None:
    at = seeded()
    people = {one.number: one for one in world.Staff.objects.all()}
    client = Client() if role == "stranger" else given.at_desk(people[role[:12]])
    assert leaks(client, at) == []


def test_no_call_tells_a_raw_value_to_a_token_with_every_scope() -> None:
    at = seeded()
    client = given.with_token(given.a_token("all"))
    assert leaks(client, at) == []
    for query in ({"phone": PHONE}, {"email": MAIL}, {"last_four": "5678"}, {}):
        told = client.get("/api/v1/customers", query)
        assert at["customer"] in told.content.decode()
        assert not [value for value in VALUES if value in told.content.decode()]
    assert len(list(api.get_openapi_schema()["paths"])) > 10


def test_writing_tells_no_raw_value_back_but_a_reveal_does_and_is_recorded() -> None:
    at = seeded()
    client = given.with_token(given.a_token("all"))
    for row in rows.CALLS:
        if row.method != "GET" and "customers/<customer>" in row.route and not row.route.endswith("reveal"):
            with given.undone():
                told = b"".join(world.ask(client, row, at)).decode(errors="replace")
            assert not [value for value in VALUES if value in told], row.route
    reveal = next(row for row in rows.CALLS if row.route.endswith("<customer>/reveal"))
    answer = world.ask(client, reveal, at)
    assert (answer.json()["name"], MAIL in answer.content.decode()) == (NAME, True)
    left = AuditRow.objects.get(action="customer.revealed")
    assert left.fields == ["name", "phone", "email", "phone"]


def test_who_may_not_reveal_gets_nothing_from_the_reveal() -> None:
    at = seeded()
    agent = world.Staff.objects.get(number="agent")
    answer = given.at_desk(agent).post(f"/desk/customers/{at['customer']}/reveal", {"reason": "回访客户"})
    assert answer.status_code == 403
    assert not [value for value in VALUES if value in answer.content.decode()]
