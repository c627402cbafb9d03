"""What two administrators do at the same moment."""

import pytest

from huiyin.base.actor import OPERATOR
from huiyin.staff import people, teams
from huiyin.staff.models import Grant, Staff, Team
from huiyin.staff.refusal import Refusal
from tests import given
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def codes(results: list[object]) -> list[str]:
    def told(one: object) -> str:
        if isinstance(one, Refusal):
            return one.code
        return repr(one) if isinstance(one, BaseException) else "done"

    return sorted(map(told, results))


def test_two_who_take_each_other_the_right_to_manage_people_leave_one_who_has_it() -> None:
    Grant.objects.filter(role__code="administrator").delete()
    pair = [given.a_person(number, role="administrator", team=None) for number in ("root", "other")]

    def take_from(staff: Staff) -> None:
        people.withdraw(staff, role="administrator", team=None, by=OPERATOR, at=given.MONDAY_9)

    done = at_once([lambda: take_from(pair[0]), lambda: take_from(pair[1])])
    assert codes(done) == ["done", "last_administrator"]
    assert sum(given.seen_by(staff).may("people.write") for staff in pair) == 1


def test_two_teams_put_under_each_other_at_once_make_no_ring() -> None:
    for code in ("left", "right"):
        given.a_team(code)

    def put(code: str, parent: str) -> None:
        wanted = teams.Wanted(name={"zh": code, "en": code}, site="main", parent=parent)
        teams.save(code, wanted, by=OPERATOR, at=given.MONDAY_9)

    done = at_once([lambda: put("left", "right"), lambda: put("right", "left")])
    assert codes(done) == ["cycle", "done"]
    assert Team.objects.filter(code__in=("left", "right"), parent=None).count() == 1


def test_two_who_join_somebody_of_the_same_number_make_one_person() -> None:
    def join() -> None:
        people.join("CS1", "王芳", role="agent", team="service", by=OPERATOR, at=given.MONDAY_9)

    assert codes(at_once([join, join])) == ["done", "number_taken"]
    assert Staff.objects.filter(number="CS1").count() == 1
