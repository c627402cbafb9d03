from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.staff import people, sessions
from huiyin.staff.models import Session, Staff
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
AT = given.MONDAY_9
COOKIE = settings.SESSION_COOKIE_NAME


def signed_in(number: str, *, browser: str = "Some Browser", client: Client | None = None) -> Client:
    client = client or Client()
    answer = client.post(
        "/sign-in", {"number": number, "password": given.PASSWORD}, headers={"User-Agent": browser}
    )
    assert answer.status_code == 302
    return client


@pytest.fixture
def alice() -> Staff:
    return given.an_agent("alice", password=given.PASSWORD)


def test_signing_in_gives_a_new_session_id_so_that_a_planted_one_is_worth_nothing(alice: Staff) -> None:
    client = given.at_desk(given.an_agent("mallory"))
    planted = client.cookies[COOKIE].value
    signed_in("alice", client=client)
    assert client.cookies[COOKIE].value != planted
    victim = Client()
    victim.cookies[COOKIE] = planted
    assert victim.get("/desk").status_code == 302
    assert not Session.objects.filter(pk=planted).exists()


def test_an_invented_session_id_is_not_taken_over(alice: Staff) -> None:
    client = Client()
    client.cookies[COOKIE] = "a" * 32
    signed_in("alice", client=client)
    assert client.cookies[COOKIE].value != "a" * 32


def test_a_person_tells_their_sessions_apart(alice: Staff) -> None:
    signed_in("alice", browser="At home")
    signed_in("alice", browser="At work")
    listed = sessions.of(alice, at=AT)
    assert {one.browser for one in listed} == {"At home", "At work"}
    assert all(one.network == "127.0.0.1" and one.since == AT for one in listed)


def test_the_pages_name_a_browser_in_words_and_never_as_it_names_itself(alice: Staff) -> None:
    said = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
    signed_in("alice", browser=said)
    signed_in("alice", browser="")
    root = given.a_person("root", role="administrator", team=None)
    alice.language = root.language = "en"
    alice.save()
    root.save()
    for client, path in ((given.at_desk(alice), "/desk/me"), (given.at_desk(root), "/desk/people/alice")):
        page = client.get(path, headers={"Accept-Language": "en"}).content.decode()
        assert "Chrome on Windows" in page and "a browser" in page and "AppleWebKit" not in page, path


def test_a_new_password_can_be_left_for_another_time_unless_it_must_be_chosen(alice: Staff) -> None:
    client = given.at_desk(alice)
    assert 'href="/desk/me"' in client.get("/password").content.decode()
    alice.must_change_password = True
    alice.save()
    assert 'href="/desk/me"' not in client.get("/password").content.decode()


def test_the_name_of_a_session_does_not_open_it(alice: Staff) -> None:
    client = signed_in("alice")
    (one,) = sessions.of(alice, at=AT)
    assert one.ref not in client.cookies[COOKIE].value
    stranger = Client()
    stranger.cookies[COOKIE] = one.ref
    assert stranger.get("/desk").status_code == 302


def test_an_ended_session_is_out_at_the_next_request_and_the_others_stay(alice: Staff) -> None:
    home, work = signed_in("alice", browser="home"), signed_in("alice", browser="work")
    ref = next(one.ref for one in sessions.of(alice, at=AT) if one.browser == "home")
    assert sessions.end(alice, ref, by=given.actor(alice), at=AT)
    assert home.get("/scope").status_code == 302
    assert work.get("/scope").status_code == 200
    assert AuditRow.objects.latest("id").action == "session.ended"


def test_nobody_ends_a_session_of_somebody_else_by_its_name(alice: Staff) -> None:
    signed_in("alice")
    (one,) = sessions.of(alice, at=AT)
    bob = given.an_agent("bob")
    assert not sessions.end(bob, one.ref, by=given.actor(bob), at=AT)
    assert sessions.of(alice, at=AT)


def test_a_new_password_ends_every_other_session(alice: Staff) -> None:
    other = signed_in("alice")
    people.reset_password("alice", by=OPERATOR, at=AT)
    assert other.get("/scope").status_code == 302
    assert not sessions.of(alice, at=AT)


def test_a_role_that_is_withdrawn_is_gone_at_the_next_request(alice: Staff) -> None:
    client, case = given.at_desk(alice), given.a_case(handler=alice)
    assert client.get(f"/desk/cases/{case.number}").status_code == 200
    people.withdraw(alice, role="agent", team="service", by=OPERATOR, at=AT)
    assert client.get(f"/desk/cases/{case.number}").status_code == 403


def test_another_role_gives_a_new_session_id_and_the_old_one_opens_nothing(alice: Staff) -> None:
    client = given.at_desk(alice)
    client.get("/desk")
    first = client.cookies[COOKIE].value
    client.get("/desk")
    assert client.cookies[COOKIE].value == first
    people.grant(alice, role="lead", team="service", by=OPERATOR, at=AT)
    client.get("/desk/list", headers={"HX-Request": "true"})
    assert client.cookies[COOKIE].value == first  # a screen that fetches itself is left alone
    assert client.get("/desk").status_code == 200
    second = client.cookies[COOKIE].value
    people.withdraw(alice, role="lead", team="service", by=OPERATOR, at=AT)
    assert client.get("/desk").status_code == 200
    assert len({first, second, client.cookies[COOKIE].value}) == 3
    for old in (first, second):
        thief = Client()
        thief.cookies[COOKIE] = old
        assert thief.get("/desk").status_code == 302


def test_a_session_that_was_ended_does_not_come_back_by_a_request_under_way(alice: Staff) -> None:
    client = given.at_desk(alice)
    under_way = client.session
    under_way.get("seen")
    sessions.end_every(alice, by=OPERATOR, at=AT)
    under_way["seen"] = 1
    with pytest.raises(UpdateError):
        under_way.save()
    assert not sessions.of(alice, at=AT)


def test_the_limits_of_a_session_are_the_installations_and_an_idle_one_keeps_no_stream(
    alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HUIYIN", replace(settings.HUIYIN, idle_minutes=5))
    client = given.at_desk(alice)
    client.get("/desk")
    told = Session.objects.get(staff=alice).get_decoded()
    assert not sessions.is_idle(told, at=AT + given.minutes(5))
    assert sessions.is_idle(told, at=AT + given.minutes(5) + given.seconds(1))
