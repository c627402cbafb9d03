from typing import Any

import pytest

from huiyin.base.actor import CLOCK, OPERATOR
from huiyin.base.models import AuditRow
from huiyin.staff import people, roles, standin
from huiyin.staff.models import Grant, Staff, Team
from huiyin.staff.refusal import Refusal
from tests import given

pytestmark = pytest.mark.django_db


def lend(lender: Staff, to: Staff, *, role: str = "lead", team: str = "service", **more: Any) -> Grant:
    return standin.lend(
        lender,
        to,
        role=roles.named(role),
        team=Team.objects.get(code=team),
        by=given.actor(lender),
        at=given.MONDAY_9,
        **{"until": given.FRIDAY_17, **more},
    )


def refused(lender: Staff, to: Staff, **more: Any) -> str:
    with pytest.raises(Refusal) as caught:
        lend(lender, to, **more)
    return caught.value.code


def test_who_stands_in_may_what_the_lead_may_until_the_end() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    lend(lena, alice, instead_of=lena)
    assert given.seen_by(alice).may("case.reassign")
    assert not given.seen_by(alice, at=given.FRIDAY_17).may("case.reassign")
    row = AuditRow.objects.latest("id")
    assert (row.action, row.object, row.by_ref) == ("role.lent", "staff:alice", "lena")


def test_handing_back_ends_it_at_once_and_is_recorded() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    lent = lend(lena, alice)
    for _ in range(2):
        standin.hand_back(lent, by=given.actor(alice), at=given.MONDAY_9)
    assert not given.seen_by(alice).may("case.reassign")
    assert AuditRow.objects.filter(action="role.handed_back").count() == 1


def test_a_lending_whose_time_is_over_is_taken_away_and_recorded() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    lend(lena, alice)
    assert standin.end_run_out(by=CLOCK, at=given.FRIDAY_17 - given.minutes(1)) == 0
    assert standin.end_run_out(by=CLOCK, at=given.FRIDAY_17) == 1
    assert not standin.concerning(alice, at=given.MONDAY_9)
    assert AuditRow.objects.latest("id").action == "role.lending_over"


def test_nobody_lends_more_than_they_hold() -> None:
    lena, alice, bob = given.a_lead(), given.an_agent("alice"), given.an_agent("bob")
    given.a_team("returns")
    assert refused(lena, alice, role="manager") == "lend_not_yours"
    assert refused(lena, alice, role="administrator") == "lend_not_yours"
    assert refused(lena, alice, team="returns") == "lend_not_yours"
    assert refused(bob, alice, role="agent") == "lend_not_yours"
    assert refused(lena, lena) == "lend_to_self"


def test_a_borrowed_role_is_not_lent_on() -> None:
    lena, alice, bob = given.a_lead(), given.an_agent("alice"), given.an_agent("bob")
    lend(lena, alice)
    assert refused(alice, bob) == "lend_not_yours"


def test_a_lead_lends_for_the_teams_below_too() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    given.a_team("night", parent="service")
    assert lend(lena, alice, team="night").team.code == "night"


def test_the_categories_of_the_lender_go_along() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    people.grant(lena, role="lead", team="service", categories=["refund"], by=OPERATOR, at=given.MONDAY_9)
    assert lend(lena, alice).categories == ["refund"]


def test_a_lending_has_an_end_that_lies_ahead_and_not_too_far() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    assert refused(lena, alice, until=given.MONDAY_9) == "past"
    assert refused(lena, alice, until=given.MONDAY_9 + given.days(93)) == "lend_too_long"


def test_what_somebody_has_already_is_not_lent_to_them() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    lend(lena, alice)
    assert refused(lena, alice) == "has_it_already"
    assert refused(lena, alice, role="agent") == "has_it_already"
