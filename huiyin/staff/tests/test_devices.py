"""A device that somebody has signed in on: what others get wrong on its network does not hold them up there."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from huiyin.base import secrets
from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.staff import devices, leaving, people, second_factor, signin
from huiyin.staff.models import SecondFactor, Session, SignInFailure, Staff
from tests import given
from tests.given import MONDAY_9, PASSWORD, minutes, seconds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
OFFICE = "127.0.0.1"
NAME = settings.DEVICE_COOKIE_NAME
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def alice() -> Staff:
    return given.an_agent("alice", password=PASSWORD)


def on_a_device_of(*numbers: str) -> str:
    """Have these people sign in on one device, one after the other; return what its browser keeps."""
    client = Client()
    for number in numbers:
        assert client.post("/sign-in", {"number": number, "password": PASSWORD}).status_code == 302
        client.cookies.pop(settings.SESSION_COOKIE_NAME)
    return client.cookies[NAME].value


def sign_in(number: str, device: str = "", *, password: str = PASSWORD, client: Client | None = None) -> int:
    client = client or Client()
    if device:
        client.cookies[NAME] = device
    return client.post("/sign-in", {"number": number, "password": password}).status_code


def the_office_is_locked() -> None:
    for n in range(20):
        fails(f"guess{n}", at=MONDAY_9)


def fails(number: str, *, at: object = MONDAY_9, device: str = "") -> str:
    try:
        signin.check(number, "wrong", network=OFFICE, at=at, device=device)  # type: ignore[arg-type]
    except (signin.Refused, signin.Locked) as told:
        return type(told).__name__
    raise AssertionError("a wrong password was taken")


def name_of(staff: Staff, device: str) -> str | None:
    return devices.known(Staff.objects.get(pk=staff.pk), device, at=MONDAY_9)


def test_a_locked_network_lets_its_known_devices_in_and_no_other(alice: Staff) -> None:
    device = on_a_device_of("alice")
    the_office_is_locked()
    assert sign_in("alice") == 429
    assert sign_in("alice", device) == 302


def test_failures_of_others_at_the_account_do_not_hold_up_its_owner_on_their_own_device(alice: Staff) -> None:
    device = on_a_device_of("alice")
    for n in (0, 1, 2, 4, 8):
        fails("alice", at=MONDAY_9 - minutes(1) + seconds(n))
    assert sign_in("alice") == 429
    assert sign_in("alice", device) == 302
    # They are still counted against everybody else there.
    assert sign_in("alice") == 429


def test_a_known_device_is_slowed_and_locked_for_itself_and_costs_its_network_nothing(alice: Staff) -> None:
    device = on_a_device_of("alice")
    told = [fails("alice", at=MONDAY_9 - minutes(1) + seconds(n), device=device) for n in (0, 1, 2, 4, 8, 9)]
    assert told == ["Refused"] * 5 + ["Locked"]
    assert sign_in("alice", device) == 429
    assert not SignInFailure.objects.filter(network=OFFICE).exists()
    assert sign_in("alice") == 302
    # The trail names the network all the same.
    assert set(AuditRow.objects.values_list("network", flat=True).filter(action="sign_in.refused")) == {
        OFFICE
    }


def test_a_device_is_known_for_those_who_signed_in_on_it_and_for_nobody_else(alice: Staff) -> None:
    bob, carol = (given.an_agent(number, password=PASSWORD) for number in ("bob", "carol"))
    shared = on_a_device_of("alice", "bob", "alice")
    the_office_is_locked()
    assert [sign_in(number, shared) for number in ("alice", "bob", "carol")] == [302, 302, 429]
    assert name_of(alice, shared) != name_of(bob, shared)
    assert name_of(carol, shared) is None
    # With a device of one's own, guessing at others is counted with the network.
    assert fails("carol", device=shared) == "Locked"


def test_a_shared_device_knows_the_last_five_and_what_it_keeps_does_not_grow(alice: Staff) -> None:
    crew = [given.an_agent(f"agent{n}", password=PASSWORD) for n in range(6)]
    device = on_a_device_of("alice", *(one.number for one in crew))
    assert [name_of(one, device) is not None for one in (alice, *crew)] == [False, False, *[True] * 5]
    assert len(device) < 800


@pytest.mark.parametrize(
    "end", ["own new password", "reset", "left", "came back", "factor on", "factor away"]
)
def test_it_ends_with_a_new_password_another_factor_and_with_leaving(alice: Staff, end: str) -> None:
    at = MONDAY_9
    if end == "factor away":
        _with_factor(alice)
    request, response = RequestFactory().get("/"), HttpResponse()
    devices.remember(request, response, alice, at=at)
    device = response.cookies[NAME].value
    assert name_of(alice, device)
    if end == "own new password":
        people.set_password(alice, "another one of alice 7!", by=given.actor(alice), at=at)
    elif end == "reset":
        people.reset_password("alice", by=OPERATOR, at=at)
    elif end == "factor on":
        _with_factor(alice)
    elif end == "factor away":
        assert second_factor.take_away(alice, by=OPERATOR, at=at)
    else:
        leaving.leave(alice, to=None, by=OPERATOR, at=at)
        if end == "came back":
            leaving.come_back(alice, by=OPERATOR, at=at)
    assert name_of(alice, device) is None


def test_the_password_alone_makes_no_device_known_where_there_is_a_second_factor(alice: Staff) -> None:
    _with_factor(alice)
    client = Client()
    assert sign_in("alice", client=client) == 302
    assert NAME not in client.cookies
    code = second_factor._totp(KEY).generate(int(MONDAY_9.timestamp())).decode()
    assert client.post("/sign-in/code", {"code": code}).status_code == 302
    device = client.cookies[NAME].value
    the_office_is_locked()
    client = Client()
    assert sign_in("alice", device, client=client) == 302
    # The second half is looked at there too.
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 403


def test_whoever_changes_their_password_or_turns_on_a_factor_stays_known_where_they_do_it(
    alice: Staff,
) -> None:
    client, new = Client(), "ocean-Lantern-57-plum"
    sign_in("alice", client=client)
    first = client.cookies[NAME].value
    told = {"current": PASSWORD, "new": new, "again": new}
    assert client.post("/password", told).status_code == 302
    assert name_of(alice, first) is None
    assert name_of(alice, client.cookies[NAME].value)
    page = client.get("/second-factor").content.decode()
    key = next(word for word in page.split("<code")[1:]).split(">")[1].split("<")[0].replace(" ", "").strip()
    code = second_factor._totp(key).generate(int(MONDAY_9.timestamp())).decode()
    assert client.post("/second-factor", {"act": "on", "code": code}).status_code == 200
    assert SecondFactor.objects.filter(staff=alice).exists()
    assert name_of(alice, client.cookies[NAME].value)


def test_it_ends_after_half_a_year_without_a_sign_in(alice: Staff) -> None:
    device = on_a_device_of("alice")
    assert devices.known(alice, device, at=MONDAY_9 + devices.LASTS - seconds(1))
    assert devices.known(alice, device, at=MONDAY_9 + devices.LASTS) is None


def test_what_is_planted_changed_or_made_for_another_purpose_makes_nothing_known(alice: Staff) -> None:
    device = on_a_device_of("alice")
    text = secrets.read_token("known-device", device)
    for planted in (
        "",
        ".",
        "....." * 1000,
        "é",
        device[:-1],
        device + "A",
        secrets.token("case-link", text),
    ):
        assert devices.known(alice, planted, at=MONDAY_9) is None
    assert devices.known(alice, f"rubbish.{device}", at=MONDAY_9)


def test_it_opens_nothing_and_tells_nobody_who_it_is(alice: Staff) -> None:
    device = on_a_device_of("alice")
    Session.objects.all().delete()
    client = Client()
    client.cookies[NAME] = device
    assert client.get("/desk").status_code == 302
    stamp, since, name = secrets.read_token("known-device", device).split(":")
    assert "alice" not in stamp + name and int(since) == int(MONDAY_9.timestamp())


def _with_factor(staff: Staff) -> None:
    before = MONDAY_9 - minutes(5)
    code = second_factor._totp(KEY).generate(int(before.timestamp())).decode()
    second_factor.turn_on(staff, KEY, code, by=given.actor(staff), at=before)
