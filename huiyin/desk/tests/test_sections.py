"""The lists of the desk: whole on the desk, their top beside an open case."""

import re

import pytest
from django.test import Client

from huiyin.desk.sections import BESIDE
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def rows_on(client: Client, path: str) -> tuple[int, str]:
    """Return how many rows stand in the lists of this page, and the number beside the first list."""
    page = client.get(path).content.decode()
    counted = re.search(r'list__count">([^<]*)<', page)
    assert counted is not None
    return len(re.findall(r'id="row-', page)), counted[1]


def test_beside_an_open_case_only_the_top_of_each_list_stands_and_the_desk_shows_all() -> None:
    alice = given.an_agent("alice")
    cases = [given.a_case(handler=alice) for _ in range(BESIDE + 1)]
    desk = given.at_desk(alice)
    assert rows_on(desk, "/desk") == (BESIDE + 1, str(BESIDE + 1))
    for path in (f"/desk/cases/{cases[0].number}", f"/desk/list?case={cases[0].number}"):
        assert rows_on(desk, path) == (BESIDE, f"{BESIDE}+")
        assert "All on the desk" in desk.get(path, headers={"Accept-Language": "en"}).content.decode()


def test_a_list_that_fits_beside_an_open_case_leads_nowhere_else() -> None:
    alice = given.an_agent("alice")
    cases = [given.a_case(handler=alice) for _ in range(BESIDE)]
    path, desk = f"/desk/cases/{cases[0].number}", given.at_desk(alice)
    assert rows_on(desk, path) == (BESIDE, str(BESIDE))
    assert "All on the desk" not in desk.get(path, headers={"Accept-Language": "en"}).content.decode()
