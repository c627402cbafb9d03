"""A password that was given to somebody is good for one sign-in and for a time; who gave it says until when."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.dispatch import leaving
from huiyin.staff import importing, one_time, people, signin
from huiyin.staff.models import SignInFailure, Staff
from tests import given
from tests.given import MONDAY_9, PASSWORD, hours, minutes, seconds

pytestmark = pytest.mark.django_db
MOMENT = seconds(1)


def tried(number: str, password: str, *, at: datetime) -> str:
    try:
        signin.check(number, password, network="192.0.2.7", at=at)
    except signin.RunOut:
        return "ran out"
    except signin.Refused:
        return "refused"
    return "in"


def dora() -> str:
    _, password = people.join(
        "dora", "Dora", role="agent", team="service", language="en", by=OPERATOR, at=MONDAY_9
    )
    return password


def test_somebody_new_has_three_days_unless_the_setting_says_otherwise() -> None:
    first = dora()
    assert tried("dora", first, at=MONDAY_9 + hours(72)) == "in"
    assert tried("dora", first, at=MONDAY_9 + hours(72) + MOMENT) == "ran out"


def test_the_hours_of_somebody_new_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, first_password_hours=1))
    first = dora()
    assert tried("dora", first, at=MONDAY_9 + hours(1) + MOMENT) == "ran out"


def test_who_is_imported_has_as_long_and_the_file_says_until_when() -> None:
    (one,) = importing.join_all(b"number,name,role\nCS1,Ann,agent", by=OPERATOR, at=MONDAY_9)
    assert one.until == MONDAY_9 + hours(72)
    assert tried("CS1", one.password, at=one.until + MOMENT) == "ran out"


@pytest.mark.parametrize("way", ["reset", "back"])
def test_a_password_given_anew_is_good_for_half_an_hour(way: str) -> None:
    alice, root = given.an_agent("alice"), given.a_person("root", role="administrator", team=None)
    if way == "reset":
        anew = people.reset_password("alice", by=given.actor(root), at=MONDAY_9)
    else:
        leaving.leave(alice, leaving.Heirs(to_queue=True), by=given.actor(root), at=MONDAY_9)
        anew = leaving.come_back(alice, by=given.actor(root), at=MONDAY_9)
    assert timedelta(minutes=30) == one_time.ANEW
    assert tried("alice", anew, at=MONDAY_9 + minutes(30)) == "in"
    assert tried("alice", anew, at=MONDAY_9 + minutes(30) + MOMENT) == "ran out"


def test_who_does_not_know_the_password_is_refused_as_always_also_when_it_ran_out() -> None:
    dora()
    late = MONDAY_9 + hours(100)
    with time_machine.travel(late, tick=False):
        wrong = Client().post("/sign-in", {"number": "dora", "password": "wrong"})
        nobody = Client().post("/sign-in", {"number": "nobody", "password": "wrong"})

    def plain(page: bytes) -> str:
        return re.sub(r'name="csrfmiddlewaretoken"[^>]*|nobody|dora', "", page.decode())

    assert wrong.status_code == nobody.status_code == 403
    assert plain(wrong.content) == plain(nobody.content)


def test_who_knows_it_is_told_that_it_ran_out_whom_to_ask_and_is_not_let_in() -> None:
    first = dora()
    with time_machine.travel(MONDAY_9 + hours(100), tick=False):
        client = Client(headers={"accept-language": "en"})
        answer = client.post("/sign-in", {"number": "dora", "password": first})
        assert client.get("/desk").status_code == 302
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "ran out on 5 Mar 2026, 09:00" in page and "Ask your administrator" in page
    row = AuditRow.objects.filter(action="sign_in.refused").get()
    assert (row.object, row.result, row.fields) == ("staff:dora", "refused", ["ran_out"])
    assert SignInFailure.objects.filter(number="dora").count() == 1


def test_a_session_begun_in_time_chooses_no_password_after_it() -> None:
    first = dora()
    good = {"current": first, "new": PASSWORD, "again": PASSWORD}
    with time_machine.travel(MONDAY_9 + hours(71.9), tick=False) as clock:
        client = Client(headers={"accept-language": "en"})
        client.post("/sign-in", {"number": "dora", "password": first})
        assert "Choose yours before 5 Mar 2026, 09:00" in client.get("/password").content.decode()
        clock.move_to(MONDAY_9 + hours(72) + MOMENT)
        refused = client.post("/password", good)
    assert refused.status_code == 422 and "ran out" in refused.content.decode()
    assert Staff.objects.get(number="dora").check_password(first)


def test_it_is_good_for_one_sign_in_and_ones_own_never_runs_out() -> None:
    first = dora()
    with time_machine.travel(MONDAY_9 + hours(1), tick=False):
        client = Client()
        client.post("/sign-in", {"number": "dora", "password": first})
        client.post("/password", {"current": first, "new": PASSWORD, "again": PASSWORD})
    assert tried("dora", first, at=MONDAY_9 + hours(2)) == "refused"
    assert tried("dora", PASSWORD, at=MONDAY_9 + hours(10_000)) == "in"


def test_who_was_given_one_before_ends_were_kept_is_not_locked_out() -> None:
    first = dora()
    Staff.objects.update(password_until=None)
    assert tried("dora", first, at=MONDAY_9 + hours(10_000)) == "in"


@pytest.mark.usefixtures("monday")
def test_every_place_that_gives_one_says_until_when() -> None:
    root = given.at_desk(given.a_person("root", role="administrator", team=None, password=PASSWORD))
    root.post("/language", {"language": "en"})
    told = {"number": "new1", "name": "Ann", "role": "agent", "team": "service"}
    assert "until 5 Mar 2026, 09:00" in root.post("/desk/people", told).content.decode()
    page = root.post("/desk/people/new1", {"act": "password"}).content.decode()
    assert "until 2 Mar 2026, 09:30" in page
    people_file = root.post(
        "/desk/people/import", {"act": "import", "text": "number,name,role\nCS1,Bo,agent"}
    )
    assert people_file.content.decode("utf-8-sig").splitlines()[1].endswith(",2026-03-05T09:00:00+08:00")
    program = given.with_token(given.a_token("admin", role="administrator"))
    base, json = "/api/v1/people", {"content_type": "application/json"}
    made = program.post(base, {"number": "new2", "name": "Bo", "role": "agent"}, **json).json()
    anew = program.post(f"{base}/new2/password", {}, **json).json()
    assert made["one_time_password_until"] == "2026-03-05T09:00:00+08:00"
    assert anew["one_time_password_until"] == "2026-03-02T09:30:00+08:00"
