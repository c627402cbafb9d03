"""Addresses without a page: who opens one by hand, or loads a refused form again, is told where to go on."""

import pytest
from django.test import Client

from tests import given

pytestmark = pytest.mark.django_db
READ_BY_PEOPLE = {"Accept": "text/html"}


def test_an_address_that_only_takes_forms_says_so_and_leads_back() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    answer = given.at_desk(alice).get(f"/desk/cases/{case.number}/progress", headers=READ_BY_PEOPLE)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "此地址没有可打开的页面" in page and 'href="/desk"' in page


def test_a_program_gets_the_bare_answer(client: Client) -> None:
    answer = client.get("/sign-out")
    assert (answer.status_code, answer.content) == (405, b"")
