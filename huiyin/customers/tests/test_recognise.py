"""Knowing who wrote, by any way that is known of them; nothing is merged by guessing."""

import pytest

from huiyin.customers.models import Customer, Identity, Organisation
from huiyin.customers.recognise import Sender, recognise
from huiyin.staff.models import Site
from tests import given

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("phone", ["+86 139 5555 0101", "139-5555-0101", "008613955550101"])
def test_one_phone_is_one_customer_however_it_is_written(phone: str) -> None:
    assert given.a_customer(phone="13955550101") == given.a_customer(phone=phone)


def test_an_address_is_known_whatever_its_case() -> None:
    assert given.a_customer(email="Li@Example.com") == given.a_customer(email=" li@example.com")


def test_a_customer_known_by_one_way_gains_the_others_and_is_known_by_each() -> None:
    known = given.a_customer(phone="13955550101")
    assert given.a_customer(phone="13955550101", email="li@example.com") == known
    assert given.a_customer(email="li@example.com") == known


def test_two_customers_are_not_merged_by_one_message_that_names_both() -> None:
    by_phone, by_mail = given.a_customer(phone="13955550101"), given.a_customer(email="li@example.com")
    assert given.a_customer(phone="13955550101", email="li@example.com") == by_phone
    assert given.a_customer(email="li@example.com") == by_mail


def test_nobody_known_is_somebody_new_each_time() -> None:
    assert given.a_customer(name="李雷") != given.a_customer(name="李雷")


def test_the_table_finds_by_digest_and_shows_no_value() -> None:
    given.a_customer(phone="13955550101")
    row = Identity.objects.get()
    assert "13955550101" not in (row.digest, row.tail) and "13955550101" not in repr(vars(row))
    assert str(row.value) == "139****0101" and str(Customer.objects.get().name) == "李*"


def test_a_nameless_customer_takes_the_first_name_that_comes_and_keeps_it() -> None:
    known = given.a_customer(name="", phone="13955550101")
    for name in ("李雷", "韩梅梅"):
        assert given.a_customer(name=name, phone="13955550101") == known
    known.refresh_from_db()
    assert (known.name.reveal(), known.version) == ("李雷", 2)


def test_whoever_names_their_unit_belongs_to_it_and_stays_where_they_are_known_to_belong() -> None:
    first = recognised(Sender("李雷", phone="13955550101", unit="示例 公司", need="price"))
    assert first.organisation is not None
    assert (first.organisation.name, first.need) == ("示例 公司", "price")
    again = recognised(Sender("李雷", phone="13955550101", unit="别的公司", need="refund"))
    assert (again.pk, again.organisation, again.need) == (first.pk, first.organisation, "price")
    colleague = recognised(Sender("韩梅梅", phone="13955550102"))
    recognised(Sender(phone="13955550102", unit=" 示例  公司 "))
    colleague.refresh_from_db()
    assert (colleague.organisation, colleague.version) == (first.organisation, 2)
    assert Organisation.objects.filter(name="示例 公司").count() == 1


def test_a_phone_that_a_stranger_writes_into_the_unit_is_masked_for_good() -> None:
    found = recognised(Sender("李雷", phone="13955550101", unit="公司 13955550199"))
    assert found.organisation is not None and "13955550199" not in found.organisation.name


def recognised(sender: Sender) -> Customer:
    (found,) = recognise([sender], sites=[Site.objects.order_by("id")[0]], at=given.MONDAY_9)
    return Customer.objects.with_people().get(pk=found.pk)
