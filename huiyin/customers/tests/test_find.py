"""Customers are found whole or by the last four digits, and likely doubles are named."""

import pytest

from huiyin.customers import find
from huiyin.customers.models import Customer
from tests import given

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[str]:
    return [one.number for one in find.matching(Customer.objects.all(), typed)]


def test_a_customer_is_found_by_number_phone_mail_and_last_four_digits() -> None:
    one = given.a_customer(name="张三", phone="+86 139 0000 1234", email="Zhang@Example.com")
    for typed in (one.number.lower(), "13900001234", "zhang@example.com", "1234", " 0086-13900001234 "):
        assert found(typed) == [one.number], typed


@pytest.mark.parametrize("typed", ["", "张三", "139000012", "234", "example.com", "0000", "%", "C1"])
def test_nobody_is_found_by_a_part_or_a_name(typed: str) -> None:
    given.a_customer(name="张三", phone="13900001234", email="zhang@example.com")
    assert found(typed) == []


def test_doubles_share_a_name_and_the_tail_of_a_phone_or_the_front_of_a_mail() -> None:
    one = given.a_customer(name="张 三", phone="13900001234", email="zhangsan@example.com")
    by_tail = given.a_customer(name="张三", phone="13711111234")
    by_mail = given.a_customer(name="张三", email="zhangsan@example.net")
    given.a_customer(name="李四", phone="13722221234")
    given.a_customer(name="张三", phone="13733335555")
    assert find.duplicates_of(one) == [by_tail, by_mail]


def test_a_customer_without_a_name_has_no_doubles() -> None:
    one = given.a_customer(name="", phone="13900001234")
    given.a_customer(name="", phone="13711111234")
    assert find.duplicates_of(one) == []
