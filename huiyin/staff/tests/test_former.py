"""Passwords that age and that may not come back, where an organisation's rules ask for it."""

from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.staff import former, people
from huiyin.staff.models import FormerPassword, Staff
from tests import given
from tests.given import MONDAY_9, PASSWORD, days

pytestmark = pytest.mark.django_db


def asked_for(monkeypatch: pytest.MonkeyPatch, *, age: int = 0, history: int = 0) -> None:
    monkeypatch.setattr(
        settings, "HUIYIN", replace(settings.HUIYIN, password_days=age, password_history=history)
    )


def chosen(staff: Staff, password: str, *, at: object = MONDAY_9) -> None:
    people.set_password(staff, password, by=given.actor(staff), at=at)  # type: ignore[arg-type]


def first_page(password: str = PASSWORD) -> str:
    client = Client()
    client.post("/sign-in", {"number": "alice", "password": password})
    return client.get("/desk")["Location"]


def change(current: str, new: str) -> tuple[int, str]:
    client = Client()
    client.post("/sign-in", {"number": "alice", "password": current})
    client.post("/language", {"language": "en"})
    answer = client.post("/password", {"current": current, "new": new, "again": new})
    return answer.status_code, answer.content.decode()


def test_a_password_is_good_without_end_unless_the_rules_say_otherwise() -> None:
    chosen(given.an_agent("alice"), PASSWORD)
    with time_machine.travel(MONDAY_9 + days(3000), tick=False):
        assert first_page() == "/scope"


def test_who_signs_in_with_a_password_that_is_too_old_must_choose_another_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked_for(monkeypatch, age=90)
    chosen(given.an_agent("alice"), PASSWORD)
    with time_machine.travel(MONDAY_9 + days(90), tick=False):
        assert first_page() == "/scope"
    with time_machine.travel(MONDAY_9 + days(91), tick=False):
        assert first_page() == "/password"
        assert AuditRow.objects.filter(action="password.aged", object="staff:alice").count() == 1
        client = Client()
        client.post("/sign-in", {"number": "alice", "password": PASSWORD})
        client.post("/language", {"language": "en"})
        page = client.get("/password").content.decode()
        assert "good for 90 days" in page and "works only once" not in page
        assert change(PASSWORD, "another-river-9")[0] == 302
        assert first_page("another-river-9") == "/scope"


def test_a_password_from_before_ages_were_kept_counts_from_the_day_of_joining(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked_for(monkeypatch, age=90)
    given.an_agent("alice", password=PASSWORD)
    with time_machine.travel(MONDAY_9 + days(89), tick=False):
        assert first_page() == "/scope"
    with time_machine.travel(MONDAY_9 + days(91), tick=False):
        assert first_page() == "/password"
        assert not former.is_given(Staff.objects.get(number="alice"))


def test_a_rule_that_was_withdrawn_meanwhile_is_not_given_as_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked_for(monkeypatch, age=90)
    chosen(given.an_agent("alice"), PASSWORD)
    with time_machine.travel(MONDAY_9 + days(91), tick=False):
        client = Client()
        client.post("/sign-in", {"number": "alice", "password": PASSWORD})
        client.post("/language", {"language": "en"})
        asked_for(monkeypatch)
        page = client.get("/password").content.decode()
    assert "A password is good for" not in page and "works only once" not in page


def test_one_of_the_last_passwords_is_refused_and_an_older_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked_for(monkeypatch, history=2)
    alice = given.an_agent("alice")
    for password in ("first-river-1", "second-river-2", "third-river-3"):
        chosen(alice, password)
    status, page = change("third-river-3", "second-river-2")
    assert status == 422 and "You have had this password before" in page
    assert change("third-river-3", "first-river-1")[0] == 302


@pytest.mark.usefixtures("monday")
def test_a_password_that_was_given_does_not_open_the_way_back_to_an_older_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked_for(monkeypatch, history=2)
    alice = given.an_agent("alice")
    chosen(alice, PASSWORD)
    given_to_her = people.reset_password("alice", by=given.actor(alice), at=MONDAY_9)
    status, page = change(given_to_her, PASSWORD)
    assert status == 422 and "You have had this password before" in page
    assert "works only once" in page


def test_no_more_digests_are_kept_than_the_rules_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    chosen(bob, PASSWORD)
    for n in range(4):
        chosen(alice, f"river-{n}-of-four")
    assert FormerPassword.objects.filter(staff=alice).count() == 1
    asked_for(monkeypatch, history=3)
    for n in range(5):
        chosen(alice, f"river-{n}-of-five")
    kept = FormerPassword.objects.filter(staff=alice)
    assert kept.count() == 3 and not any("river" in one.encoded for one in kept)
    assert FormerPassword.objects.filter(staff=bob).count() == 1
