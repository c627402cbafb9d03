"""Signing in anew before what matters most: asked after ten minutes, the form kept, tokens left alone."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.staff import people, second_factor
from huiyin.staff.models import Grant, Role, Staff, Token
from tests import given
from tests.given import MONDAY_9, PASSWORD, minutes, seconds

pytestmark = pytest.mark.django_db
LATER = MONDAY_9 + minutes(10)


@pytest.fixture
def ada() -> Staff:
    return given.a_person("ada", role="administrator", team=None, password=PASSWORD)


@pytest.fixture
def client(ada: Staff) -> Iterator[Client]:
    """A browser in which Ada signed in ten minutes ago."""
    with time_machine.travel(MONDAY_9, tick=False) as moment:
        made = given.at_desk(ada)
        made.post("/language", {"language": "en"})
        moment.move_to(LATER)
        yield made


GRANT = {"act": "grant", "role": "lead", "team": "service"}
ROLE = {"code": "clerk", "name_zh": "文员", "name_en": "Clerk", "reach": "own"}
ASKED = [
    ("/desk/people/alice", GRANT),
    ("/desk/people/alice", {"act": "password"}),
    ("/desk/people/alice", {"act": "factor"}),
    ("/desk/people", {"number": "new", "name": "New", "role": "agent"}),
    ("/desk/people/import", {"act": "import", "text": "number,name,role\nx1,New,agent\n"}),
    ("/desk/roles", {**ROLE, "permissions": ["case.read", "export"]}),
    ("/desk/accounts", {"name": "shop", "scopes": ["cases:read"]}),
    ("/desk/me", {"act": "lend", "to": "alice", "role": "lead", "team": "service", "until": ""}),
]


@pytest.mark.parametrize(("path", "form"), ASKED)
def test_it_is_asked_and_nothing_happens_before(client: Client, path: str, form: dict[str, object]) -> None:
    given.an_agent("alice")
    before = (Grant.objects.count(), Role.objects.count(), Token.objects.count(), AuditRow.objects.count())
    answer = client.post(path, form)
    assert answer.status_code == 200 and "Is it you?" in answer.content.decode()
    after = (Grant.objects.count(), Role.objects.count(), Token.objects.count(), AuditRow.objects.count())
    assert after == before


def test_the_form_goes_on_as_it_was_written_after_the_password(client: Client) -> None:
    page = client.post("/desk/roles", {**ROLE, "permissions": ["case.read", "export"]}).content.decode()
    kept = re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', page)
    form: dict[str, list[str]] = {}
    for name, value in kept:
        form.setdefault(name, []).append(unescape(value))
    again = client.post("/desk/roles", {**form, "proof_password": "wrong"})
    assert again.status_code == 403 and "clerk" in again.content.decode()
    assert PASSWORD not in again.content.decode() and not Role.objects.filter(code="clerk").exists()
    done = client.post("/desk/roles", {**form, "proof_password": PASSWORD})
    assert done["Location"] == "/desk/roles?saved=1"
    assert Role.objects.get(code="clerk").permissions == ["case.read", "export"]
    told = AuditRow.objects.filter(action__startswith="proof").order_by("id").values_list("action", flat=True)
    assert list(told) == ["proof.refused", "proof.given"]


def test_for_ten_minutes_it_is_not_asked_again(client: Client) -> None:
    given.an_agent("alice")
    client.post("/desk/people/alice", {**GRANT, "proof_password": PASSWORD})
    assert client.post("/desk/people/alice", {**GRANT, "role": "agent"}).status_code == 302
    with time_machine.travel(LATER + minutes(10), tick=False):
        assert client.post("/desk/people/alice", GRANT).status_code == 200


def test_it_takes_the_code_too_where_there_is_one(client: Client, ada: Staff) -> None:
    given.an_agent("alice")
    key = second_factor.new_key()
    digits = second_factor._totp(key).generate(int(MONDAY_9.timestamp())).decode()
    codes = second_factor.turn_on(ada, key, digits, by=given.actor(ada), at=MONDAY_9)
    assert client.post("/desk/people/alice", {**GRANT, "proof_password": PASSWORD}).status_code == 403
    proof = {"proof_password": PASSWORD, "proof_code": codes[0]}
    assert client.post("/desk/people/alice", {**GRANT, **proof}).status_code == 302
    assert Grant.objects.filter(staff__number="alice", role__code="lead").exists()


def test_failures_are_slowed_and_locked_like_a_sign_in(client: Client) -> None:
    given.an_agent("alice")
    for n in (0, 1, 2, 4, 8):
        with time_machine.travel(LATER + seconds(n), tick=False):
            assert client.post("/prove", {"proof_password": "wrong"}).status_code == 403
    with time_machine.travel(LATER + minutes(1), tick=False):
        answer = client.post("/desk/people/alice", {**GRANT, "proof_password": PASSWORD})
    assert answer.status_code == 429 and "minutes" in answer.content.decode()


def test_a_file_cannot_be_carried_along_so_the_page_opens_again_after_it(client: Client) -> None:
    file = SimpleUploadedFile("people.csv", b"number,name,role\nx1,New,agent\n")
    asked = client.post("/desk/people/import", {"act": "import", "file": file})
    assert asked["Location"] == "/prove?next=%2Fdesk%2Fpeople%2Fimport"
    done = client.post("/prove", {"next": "/desk/people/import", "proof_password": PASSWORD})
    assert done["Location"] == "/desk/people/import"
    away = client.post("/prove", {"next": "https://evil.example.com", "proof_password": PASSWORD})
    assert away["Location"] == "/desk/me"


def test_setting_up_a_second_factor_and_a_new_password_with_one_ask_on_arrival(
    client: Client, ada: Staff
) -> None:
    assert client.get("/second-factor")["Location"].startswith("/prove")
    assert client.get("/password").status_code == 200, "it asks for the present password itself"
    key = second_factor.new_key()
    digits = second_factor._totp(key).generate(int(MONDAY_9.timestamp())).decode()
    second_factor.turn_on(ada, key, digits, by=given.actor(ada), at=MONDAY_9)
    assert client.get("/password")["Location"] == "/prove?next=%2Fpassword"
    new = {"current": PASSWORD, "new": "green-boat-17?", "again": "green-boat-17?"}
    assert client.post("/password", new)["Location"] == "/prove?next=%2Fpassword"


def test_erasing_a_customer_asks_and_its_preview_does_not(client: Client) -> None:
    boss = given.a_person("max", role="manager", team=None, password=PASSWORD)
    customer = given.a_case().customer
    assert customer is not None
    with time_machine.travel(MONDAY_9, tick=False):
        theirs = given.at_desk(boss)
    path = f"/desk/customers/{customer.number}/erase"
    assert "proof_password" not in theirs.post(path).content.decode()
    assert (
        "proof_password" in theirs.post(path, {"really": customer.number, "reason": "asked"}).content.decode()
    )


def test_a_program_with_a_token_is_never_asked(client: Client) -> None:
    people.join("bea", "Bea", role="agent", team="service", by=given.OPERATOR, at=MONDAY_9)
    program = given.with_token(given.a_token("admin"))
    answer = program.post(
        "/api/v1/people/bea/grants",
        given.as_json({"role": "lead", "team": "service"}),
        content_type="application/json",
    )
    assert answer.status_code == 200
