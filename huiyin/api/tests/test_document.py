"""Who reads the document of the API is a setting: everybody, who is known, or nobody."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from huiyin.commands import parser
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
DOCUMENT, PAGE = "/api/v1/openapi.json", "/api/docs"
Switch = Callable[[str], None]


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Switch:
    return lambda who: monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, api_docs=who))


def test_everybody_reads_it_unless_the_setting_says_otherwise() -> None:
    assert settings.HUIYIN.api_docs == "open"
    assert [Client().get(path).status_code for path in (DOCUMENT, PAGE, f"{PAGE}?json")] == [200] * 3


def test_closed_it_is_for_good_tokens_and_its_page_for_who_is_signed_in(switch: Switch) -> None:
    switch("staff")
    staff, program = given.at_desk(given.an_agent()), given.with_token(given.a_token("knowledge:read"))
    for stranger in (Client(), given.with_token("hy_nobody"), staff):
        answer = stranger.get(DOCUMENT)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert b"paths" not in answer.content
    assert program.get(DOCUMENT).json()["openapi"]
    for nobody in (Client(), program):
        for path in (PAGE, f"{PAGE}?json"):
            answer = nobody.get(path)
            assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Fapi%2Fdocs")
    assert staff.get(PAGE).status_code == 200
    assert staff.get(f"{PAGE}?json").json() == program.get(DOCUMENT).json()


def test_switched_off_there_is_none_for_anybody(switch: Switch) -> None:
    switch("off")
    asking = (Client(), given.at_desk(given.an_agent()), given.with_token(given.a_token("all")))
    for client in asking:
        assert [client.get(path).status_code for path in (DOCUMENT, PAGE, f"{PAGE}?json")] == [404] * 3


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("open", "everybody reads the API's document"),
        ("staff", "signed in or has a token"),
        ("off", "nobody reads"),
    ],
)
def test_doctor_says_who_reads_it(
    switch: Switch, who: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    switch(who)
    arguments = parser.build().parse_args(["doctor"])
    arguments.run(arguments)
    assert told in capsys.readouterr().out
