"""A customer's own people at the desk: named, looked back on, handed over."""

import pytest

from huiyin.customers.models import Customer, Dedication
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
URL = "/desk/customers/hand-over"


def test_people_are_named_on_the_customers_page_and_looked_back_on() -> None:
    given.alice_bob_charlie()
    client, customer = given.at_desk(given.a_lead()), given.a_customer()
    for version, person in ((1, "alice"), (2, "bob")):
        body = {"version": version, "salesperson": person, "area_manager": "charlie"}
        assert client.post(f"/desk/customers/{customer.number}/change", body).status_code == 302
    shown = client.get(f"/desk/customers/{customer.number}").content.decode()
    assert 'value="bob"' in shown
    assert 'value="charlie"' in shown
    told = client.get(f"/desk/customers/{customer.number}/dedicated").content.decode()
    names = [row.staff.name for row in Dedication.objects.select_related("staff")]
    assert len(names) == 3
    assert all(name in told for name in names)


def test_a_lead_sees_the_number_first_and_then_hands_over() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    given.a_customer()
    Customer.objects.update(salesperson=alice)
    Dedication.objects.create(
        customer=Customer.objects.get(), role="salesperson", staff=alice, by_ref="system"
    )
    client = given.at_desk(given.a_lead())
    look = {"act": "look", "role": "salesperson", "giver": "alice"}
    assert 'name="expected" value="1"' in client.post(URL, look).content.decode()
    give = {**look, "act": "give", "taker": "nobody", "expected": "1", "reason": "调岗交接"}
    refused = client.post(URL, give)
    assert refused.status_code == 422
    assert 'value="调岗交接"' in refused.content.decode()
    assert client.post(URL, {**give, "taker": "bob", "expected": "7"}).status_code == 409
    assert client.post(URL, {**give, "taker": "alice"}).status_code == 409
    assert Customer.objects.get().salesperson == alice
    assert client.post(URL, {**give, "taker": "bob"}).status_code == 200
    assert Customer.objects.get().salesperson == bob
    assert given.at_desk(alice).post(URL, give).status_code == 403
