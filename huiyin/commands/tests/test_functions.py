"""A category names a team or a function: whoever serves it gets the cases, the default team what nobody serves."""

from collections.abc import Iterator

import pytest

from huiyin.base import configured
from huiyin.base.actor import OPERATOR
from huiyin.commands import verify
from huiyin.intake import house
from huiyin.rules import book
from huiyin.rules.models import Category
from huiyin.staff import teams
from huiyin.staff.models import Team
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture(autouse=True)
def _to_logistics() -> Iterator[None]:
    """After-sales is somebody's function; nobody has it yet."""
    Category.objects.exclude(code="after_sales").update(team="")
    Category.objects.filter(code="after_sales").update(team="logistics")
    configured.bump()
    house.forget()
    yield
    house.forget()


def found() -> list[tuple[str, str, str]]:
    return list(verify._unserved(book.current()))


def test_doctor_names_what_no_team_serves_where_it_goes_and_what_to_do() -> None:
    ((state, cause, remedy),) = found()
    assert state == "warn" and "logistics" in cause and "after_sales" in cause and "(service)" in cause
    assert "logistics" in remedy and "functions" in remedy
    assert house.team("logistics").code == "service"


def test_the_team_with_the_function_gets_the_cases_until_it_is_retired() -> None:
    returns = given.a_team("returns")
    Team.objects.filter(pk=returns.pk).update(functions=["logistics"])
    house.forget()
    assert house.team("logistics").code == "returns"
    assert [state for state, _, _ in found()] == ["ok"]
    teams.retire(returns, by=OPERATOR, at=MONDAY_9)
    house.forget()
    assert (house.team("logistics").code, house.team("returns").code) == ("service", "service")
    assert [state for state, _, _ in found()] == ["warn"]


def test_a_code_counts_before_a_function_of_the_same_name() -> None:
    given.a_team("logistics")
    Team.objects.filter(code="service").update(functions=["logistics"])
    house.forget()
    assert house.team("logistics").code == "logistics"
