from collections.abc import Callable

import pytest

from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.cases.models import Case
from huiyin.staff import confidentiality, people, roles
from huiyin.staff.models import Agreement, Confidentiality, Staff
from tests import given
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def administrator(number: str = "root") -> Staff:
    return given.a_person(number, role="administrator", team=None)


def withdraw(staff: Staff, role: str, team: str | None = None) -> None:
    people.withdraw(staff, role=role, team=team, by=OPERATOR, at=given.MONDAY_9)


LOCKING_OUT: dict[str, Callable[[Staff], object]] = {
    "withdrawn": lambda root: withdraw(root, "administrator"),
    "for a time only": lambda root: people.grant(
        root, role="administrator", team=None, until=given.FRIDAY_17, by=OPERATOR, at=given.MONDAY_9
    ),
    "taken from the role": lambda root: roles.save(
        "administrator",
        {"zh": "管理员", "en": "admin"},
        ["config.write"],
        "none",
        by=OPERATOR,
        at=given.MONDAY_9,
    ),
}


@pytest.mark.parametrize("way", LOCKING_OUT)
def test_the_last_who_manages_people_keeps_that_right(way: str) -> None:
    root = administrator()
    roles.save(
        "integration", {"zh": "对接", "en": "link"}, ["case.read"], "all", by=OPERATOR, at=given.MONDAY_9
    )
    with refused("last_administrator"):
        LOCKING_OUT[way](root)
    assert given.seen_by(root).may("people.write")


def test_of_two_who_manage_people_one_may_go() -> None:
    administrator()
    withdraw(administrator("other"), "administrator")
    assert AuditRow.objects.latest("id").action == "grant.withdrawn"


def test_a_role_until_a_time_ends_by_itself() -> None:
    alice = given.an_agent("alice")
    people.grant(alice, role="lead", team="service", until=given.FRIDAY_17, by=OPERATOR, at=given.MONDAY_9)
    assert given.seen_by(alice).may("case.reassign")
    assert not given.seen_by(alice, at=given.FRIDAY_17).may("case.reassign")


def test_withdrawing_for_no_team_leaves_the_role_of_a_team() -> None:
    alice = given.an_agent("alice")
    withdraw(alice, "agent")
    assert given.seen_by(alice).may("case.work")
    withdraw(alice, "agent", "service")
    assert not given.seen_by(alice).permissions


def test_without_the_signed_agreement_nobody_sees_customers() -> None:
    alice, case = given.an_agent("alice"), given.a_case()
    Confidentiality.objects.all().delete()
    seen = given.seen_by(alice)
    assert seen.must_sign
    assert not {"case.read", "case.work", "customer.read", "customer.reveal"} & seen.permissions
    assert not Case.objects.visible_to(seen).filter(pk=case.pk).exists()
    assert not seen.teams


def test_signing_gives_access_and_is_recorded_once() -> None:
    alice, case = given.an_agent("alice"), given.a_case()
    Confidentiality.objects.all().delete()
    for _ in range(2):
        confidentiality.sign(alice, "1", by=given.actor(alice), at=given.MONDAY_9)
    assert Case.objects.visible_to(given.seen_by(alice)).filter(pk=case.pk).exists()
    signed = AuditRow.objects.filter(action="agreement.signed", object="staff:alice")
    assert [row.fields for row in signed] == [["version:1"]] * 2  # the first is that of the test's beginning


def test_a_new_version_is_signed_anew_and_an_old_one_is_not_accepted() -> None:
    alice = given.an_agent("alice")
    Agreement.objects.update(version="2")
    assert given.seen_by(alice).must_sign
    with refused("agreement_outdated"):
        confidentiality.sign(alice, "1", by=given.actor(alice), at=given.MONDAY_9)
    confidentiality.sign(alice, "2", by=given.actor(alice), at=given.MONDAY_9)
    assert not given.seen_by(alice).must_sign


def test_who_sees_no_customers_signs_nothing_and_a_program_neither() -> None:
    root = administrator()
    Confidentiality.objects.all().delete()
    assert not given.seen_by(root).must_sign
    account = people.join_service("shop", role="integration", by=OPERATOR, at=given.MONDAY_9)
    assert given.seen_by(account).may("case.read")
