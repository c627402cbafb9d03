"""Signing in: guessing is slowed, an owner elsewhere is not locked out, and a session ends when it should."""

import re

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory

from huiyin.base import tx
from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.staff import passwords, people, signin
from huiyin.staff.models import Session, SignInFailure
from huiyin.staff.sessions import SessionStore
from huiyin.staff.web import Sessions
from tests import given
from tests.given import MONDAY_9, PASSWORD, hours, minutes, seconds

pytestmark = pytest.mark.django_db
HOME, CAFE = "192.0.2.7", "198.51.100.9"


# Each failure after the second makes the next try wait longer: 1, 2, 4 seconds.
SPACED = (0, 1, 2, 4, 8)


def tried(number: str, password: str = "wrong", *, network: str = HOME, at: object = MONDAY_9) -> str:
    try:
        signin.check(number, password, network=network, at=at)  # type: ignore[arg-type]
    except signin.Refused:
        return "refused"
    except signin.Locked as locked:
        return f"locked {locked.minutes}"
    return "in"


def signed_in(number: str, password: str = PASSWORD, **extra: str) -> tuple[Client, object]:
    client = Client()
    return client, client.post("/sign-in", {"number": number, "password": password, **extra})


def test_after_five_failures_an_account_is_locked_from_that_network_for_fifteen_minutes() -> None:
    given.an_agent("alice", password=PASSWORD)
    assert [tried("alice", at=MONDAY_9 + seconds(n)) for n in SPACED] == ["refused"] * 5
    assert tried("alice", PASSWORD, at=MONDAY_9 + seconds(9)) == "locked 15"
    assert tried("ALICE", PASSWORD, at=MONDAY_9 + seconds(9)).startswith("locked")
    assert tried("alice", PASSWORD, at=MONDAY_9 + minutes(15) + seconds(1)) == "in"


def test_each_failure_after_the_first_makes_the_next_try_wait_longer() -> None:
    given.an_agent("alice", password=PASSWORD)
    assert [tried("alice", at=MONDAY_9 + seconds(n)) for n in (0, 0)] == ["refused"] * 2
    assert tried("alice", PASSWORD, at=MONDAY_9 + seconds(0.5)) == "locked 1"
    assert tried("alice", at=MONDAY_9 + seconds(1)) == "refused"
    assert tried("alice", PASSWORD, at=MONDAY_9 + seconds(2.9)) == "locked 1"
    assert tried("alice", at=MONDAY_9 + seconds(3)) == "refused"
    assert tried("alice", PASSWORD, at=MONDAY_9 + seconds(6.9)) == "locked 1"
    assert tried("alice", PASSWORD, at=MONDAY_9 + seconds(7)) == "in"


def test_a_stranger_elsewhere_cannot_lock_the_owner_out() -> None:
    given.an_agent("alice", password=PASSWORD)
    for n in range(9):
        tried("alice", network=CAFE, at=MONDAY_9 + seconds(n))
    assert tried("alice", PASSWORD, network=HOME, at=MONDAY_9 + seconds(10)) == "in"


def test_a_network_that_tries_many_accounts_is_locked_as_a_whole() -> None:
    given.an_agent("alice", password=PASSWORD)
    for n in range(20):
        assert tried(f"guess{n}", network=CAFE, at=MONDAY_9) == "refused"
    assert tried("alice", PASSWORD, network=CAFE, at=MONDAY_9).startswith("locked")
    assert tried("alice", PASSWORD, network=CAFE, at=MONDAY_9 + minutes(5) + seconds(1)) == "in"


def test_a_success_forgets_the_failures_before_it() -> None:
    given.an_agent("alice", password=PASSWORD)
    for n in SPACED[:4]:
        assert tried("alice", at=MONDAY_9 + seconds(n)) == "refused"
    assert tried("alice", PASSWORD, at=MONDAY_9 + seconds(SPACED[4])) == "in"
    assert not SignInFailure.objects.exists()


def test_unknown_wrong_and_ended_are_answered_alike_and_none_carries_the_password() -> None:
    given.an_agent("alice", password=PASSWORD)
    bob = given.an_agent("bob", password=PASSWORD)
    bob.is_active = False
    bob.save()
    pages = []
    for number, password in (("alice", "wrong"), ("nobody", "wrong"), ("bob", PASSWORD)):
        _, answer = signed_in(number, password)
        page = answer.content.decode().replace(number, "NUMBER")  # type: ignore[attr-defined]
        pages.append((answer.status_code, re.sub(r'value="[\w-]{40,}"', "", page)))  # type: ignore[attr-defined]
    assert pages[0] == pages[1] == pages[2] and pages[0][0] == 403
    assert PASSWORD not in pages[2][1]


def test_a_service_account_never_signs_in() -> None:
    account = people.join_service("shop", role="integration", by=OPERATOR, at=MONDAY_9)
    account.set_password(PASSWORD)
    account.save()
    assert tried(account.number, PASSWORD) == "refused"


def test_every_try_leaves_an_audit_row_that_names_the_network() -> None:
    given.an_agent("alice", password=PASSWORD)
    tried("alice")
    tried("alice", PASSWORD)
    tried("nobody")
    rows = AuditRow.objects.filter(action__startswith="sign_in").order_by("id")
    assert list(rows.values_list("action", "object", "network")) == [
        ("sign_in.refused", "staff:alice", HOME),
        ("sign_in.accepted", "staff:alice", HOME),
        ("sign_in.refused", "staff:nobody", HOME),
    ]


@pytest.mark.parametrize("number", ["a\x00b", "\x00", "💥" * 30, "'; --", " "])
def test_whatever_is_written_as_a_number_is_refused_like_any_other(number: str) -> None:
    _, answer = signed_in(number, "wrong")
    assert answer.status_code == 403  # type: ignore[attr-defined]


def test_a_session_gets_a_new_id_at_sign_in() -> None:
    given.an_agent("alice", password=PASSWORD)
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["huiyin"] = before
    client.post("/sign-in", {"number": "alice", "password": PASSWORD})
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


def test_after_sign_in_the_scope_is_read_and_confirmed_before_anything_else() -> None:
    given.an_agent("alice", password=PASSWORD)
    client, answer = signed_in("alice")
    assert answer["Location"] == "/desk"  # type: ignore[index]
    assert client.get("/desk")["Location"] == "/scope"
    assert client.get("/desk/list")["Location"] == "/scope"
    assert client.post("/desk/presence", {"state": "online"})["Location"] == "/scope"
    client.post("/scope")
    assert client.get("/desk").status_code == 200


@pytest.mark.usefixtures("monday")
def test_a_first_password_must_be_changed_before_anything_else() -> None:
    _, first = people.join("dora", "Dora", role="agent", team="service", by=OPERATOR, at=MONDAY_9)
    client, _ = signed_in("dora", first)
    assert client.get("/desk")["Location"] == "/password"
    assert client.get("/desk/cases/260302-0001")["Location"] == "/password"
    good = {"current": first, "new": PASSWORD, "again": PASSWORD}
    assert client.post("/password", {**good, "current": "no"}).status_code == 422
    assert client.post("/password", {**good, "again": "no"}).status_code == 422
    assert client.post("/password", {**good, "new": first, "again": first}).status_code == 422
    assert client.post("/password", good)["Location"] == "/desk"
    assert tried("dora", PASSWORD) == "in"
    assert tried("dora", first) == "refused"


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("blue-kite-42!", 0),
        ("abc123!", 1),
        ("a1!" + "x" * 126, 1),
        ("a1!" + "x" * 125, 0),
        ("onlyletters!", 1),
        ("1234567!", 1),
        ("letters123", 1),
        ("my-cs2024001-x", 1),
        ("密码密码1密码!", 0),
        ("", 3),
    ],
)
def test_the_classic_profile_names_everything_that_is_wrong(password: str, faults: int) -> None:
    assert len(passwords.faults(password, number="CS2024001")) == faults


def test_a_first_password_fits_the_profile_and_has_no_signs_that_are_misread() -> None:
    made = {passwords.first() for _ in range(50)}
    assert len(made) == 50
    assert all(not passwords.faults(one, number="CS1") and not set(one) & set("0O1lI") for one in made)


def test_changing_the_password_ends_every_other_session_and_keeps_this_one() -> None:
    given.an_agent("alice", password=PASSWORD)
    here, _ = signed_in("alice")
    there, _ = signed_in("alice")
    for client in (here, there):
        client.post("/scope")
    new = "green-boat-17?"
    here.post("/password", {"current": PASSWORD, "new": new, "again": new})
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").status_code == 302


def test_resetting_or_deactivating_ends_sessions_at_the_next_request() -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    first, second = given.at_desk(alice), given.at_desk(bob)
    people.reset_password("alice", by=OPERATOR, at=MONDAY_9)
    bob.is_active = False
    bob.save()
    assert first.get("/desk")["Location"].startswith("/sign-in")
    assert second.get("/desk")["Location"].startswith("/sign-in")


def test_an_idle_session_ends_after_half_an_hour() -> None:
    with time_machine.travel(MONDAY_9, tick=False) as clock:
        client = given.at_desk(given.an_agent())
        assert client.get("/desk").status_code == 200
        clock.move_to(MONDAY_9 + minutes(29))
        assert client.get("/desk").status_code == 200
        clock.move_to(MONDAY_9 + minutes(29 + 31))
        assert client.get("/desk").status_code == 302
        assert not Session.objects.exists()


def test_a_session_ends_after_twelve_hours_however_busy() -> None:
    with time_machine.travel(MONDAY_9, tick=False) as clock:
        client = given.at_desk(given.an_agent())
        for n in range(1, 36):
            clock.move_to(MONDAY_9 + minutes(20 * n))
            assert client.get("/desk").status_code == 200, n
        clock.move_to(MONDAY_9 + hours(12) + seconds(1))
        assert client.get("/desk").status_code == 302


def test_being_seen_is_written_at_most_once_a_minute(django_assert_num_queries: object) -> None:
    with time_machine.travel(MONDAY_9, tick=False) as clock:
        client = given.at_desk(given.an_agent())
        client.get("/desk")
        before = Session.objects.get().session_data
        clock.move_to(MONDAY_9 + seconds(59))
        client.get("/desk")
        assert Session.objects.get().session_data == before
        clock.move_to(MONDAY_9 + seconds(61))
        client.get("/desk")
        assert Session.objects.get().session_data != before


def test_an_answer_stands_when_the_store_is_too_busy_to_note_the_session() -> None:
    class BusyStore(SessionStore):
        def save(self, must_create: bool = False) -> None:
            raise tx.Busy

    request = RequestFactory().get("/desk")
    request.session = BusyStore()
    request.session["seen"] = 1
    answer = Sessions(lambda _: HttpResponse("done")).process_response(request, HttpResponse("done"))
    assert (answer.status_code, answer.content) == (200, b"done")


def test_signing_out_ends_the_session_and_takes_the_person_off_duty() -> None:
    alice = given.on_duty(given.an_agent())
    client = given.at_desk(alice)
    client.post("/sign-out")
    assert client.get("/desk").status_code == 302
    assert given.a_case().handler is None


AWAY = [
    "https://evil.example.com/",
    "//evil.example.com",
    "///evil.example.com",
    "/\\evil.example.com",
    "\\\\evil.example.com",
    "javascript:alert(1)",
    "https:evil.example.com",
    "http://testserver@evil.example.com/",
    "\thttps://evil.example.com",
]


@pytest.mark.parametrize("away", AWAY)
def test_no_form_leads_away_from_the_site(away: str) -> None:
    alice = given.an_agent("alice", password=PASSWORD)
    _, answer = signed_in("alice", next=away)
    assert answer["Location"] == "/desk"  # type: ignore[index]
    client = given.at_desk(alice)
    assert client.post("/language", {"language": "en", "next": away})["Location"] == "/"
    assert client.post("/desk/notices/read", {"next": away})["Location"] == "/desk"


def test_the_way_back_after_sign_in_is_the_page_that_was_asked_for() -> None:
    given.an_agent("alice", password=PASSWORD)
    asked = Client().get("/desk/cases/260302-0001?x=1")
    assert asked["Location"] == "/sign-in?next=%2Fdesk%2Fcases%2F260302-0001%3Fx%3D1"
    _, answer = signed_in("alice", next="/desk/cases/260302-0001?x=1")
    assert answer["Location"] == "/desk/cases/260302-0001?x=1"  # type: ignore[index]


def test_the_language_is_kept_by_the_browser_and_by_the_person() -> None:
    alice = given.an_agent()
    client = given.at_desk(alice)
    client.post("/language", {"language": "en"})
    alice.refresh_from_db()
    assert alice.language == "en"
    assert 'lang="en"' in client.get("/desk").content.decode()
    client.post("/language", {"language": "zh-hans"})
    assert 'lang="zh-hans"' in client.get("/desk").content.decode()
    client.post("/language", {"language": "../../etc"})
    assert client.cookies["huiyin-language"].value == "zh-hans"
