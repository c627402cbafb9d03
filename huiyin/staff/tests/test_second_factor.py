"""The second factor: a code is good once, half a sign-in reaches nothing, and a role can ask for it."""

import re

import pytest
import time_machine
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.test import Client

from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.commands import parser
from huiyin.staff import people, roles, second_factor, signin, viewer
from huiyin.staff.models import RecoveryCode, SecondFactor, Session, SignInFailure, Staff
from huiyin.staff.refusal import Refusal
from tests import given
from tests.given import MONDAY_9, PASSWORD, minutes, seconds
from tests.permissions import rows, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
# The key and codes of RFC 6238, appendix B, cut to six digits.
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
COOKIE = settings.SESSION_COOKIE_NAME
HOME, CAFE = "192.0.2.7", "198.51.100.9"


def code(at: object = MONDAY_9, key: str = KEY) -> str:
    return second_factor._totp(key).generate(int(at.timestamp())).decode()  # type: ignore[attr-defined]


@pytest.fixture
def alice() -> Staff:
    return given.an_agent("alice", password=PASSWORD)


@pytest.fixture
def codes(alice: Staff) -> list[str]:
    """Alice's recovery codes; her factor was set up five minutes ago."""
    before = MONDAY_9 - minutes(5)
    return second_factor.turn_on(alice, KEY, code(before), by=given.actor(alice), at=before)


def half_in() -> Client:
    client = Client()
    answer = client.post("/sign-in", {"number": "alice", "password": PASSWORD, "next": "/desk/me"})
    assert answer["Location"] == "/sign-in/code"
    return client


def taken(staff: Staff, given_code: str, at: object = MONDAY_9) -> bool:
    return second_factor.take(staff, given_code, by=given.actor(staff), at=at)  # type: ignore[arg-type]


def asked_of(role: str, *, second_factor: bool = True) -> None:
    row = roles.named(role)
    told = (row.code, row.name, row.permissions, row.reach)
    roles.save(*told, by=OPERATOR, at=MONDAY_9, second_factor=second_factor)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(moment: int, digits: str) -> None:
    assert second_factor._totp(KEY).generate(moment) == digits.encode()
    assert TOTP(b"12345678901234567890", 6, SHA1(), 30).generate(moment) == digits.encode()


def test_one_step_early_or_late_will_do_and_two_will_not(alice: Staff, codes: list[str]) -> None:
    for away, expected in ((-60, False), (60, False), (-30, True), (0, True), (30, True)):
        assert taken(alice, code(MONDAY_9 + seconds(away))) is expected, away


def test_a_code_is_good_once_and_none_before_it_afterwards(alice: Staff, codes: list[str]) -> None:
    assert not taken(alice, code(MONDAY_9 - minutes(5)), at=MONDAY_9 - minutes(5)), "used to turn it on"
    assert taken(alice, f" {code()[:3]} {code()[3:]} ")
    assert not taken(alice, code())
    assert not taken(alice, code(MONDAY_9 - seconds(30)))
    assert taken(alice, "".join(chr(ord(sign) + 0xFEE0) for sign in code(MONDAY_9 + seconds(30)))), "wide"


def test_each_recovery_code_opens_once_and_only_its_digest_is_kept(alice: Staff, codes: list[str]) -> None:
    assert len(set(codes)) == 10
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(one in kept or one.replace("-", "") in kept for one in codes)
    bob = given.an_agent("bob")
    second_factor.turn_on(bob, KEY, code(), by=given.actor(bob), at=MONDAY_9)
    assert not taken(bob, codes[0])
    assert taken(alice, codes[0].upper())
    assert not taken(alice, codes[0])
    assert second_factor.codes_left(alice) == 9
    assert AuditRow.objects.filter(action="second_factor.recovery_used", object="staff:alice").count() == 1


def test_the_key_is_stored_encrypted(alice: Staff, codes: list[str]) -> None:
    assert KEY not in SecondFactor.objects.get().sealed
    client = given.at_desk(given.an_agent("bob"))
    shown = re.search(r'factor__key">([A-Z2-7 ]+)<', client.get("/second-factor").content.decode())
    assert shown is not None
    assert shown[1].replace(" ", "") not in str(client.session.items())


def test_password_and_code_sign_in_and_the_session_id_is_new_after_each(codes: list[str]) -> None:
    client = half_in()
    first = client.cookies[COOKIE].value
    answer = client.post("/sign-in/code", {"code": code()})
    assert answer["Location"] == "/desk/me"
    assert client.cookies[COOKIE].value != first
    assert not Session.objects.filter(pk=first).exists()
    assert client.get("/desk")["Location"] == "/scope"
    told = (
        AuditRow.objects.filter(action__startswith="sign_in").order_by("id").values_list("action", flat=True)
    )
    assert list(told) == ["sign_in.half", "sign_in.accepted"]


def test_half_a_sign_in_reaches_nothing_that_a_stranger_does_not(codes: list[str]) -> None:
    built = world.built()
    key = half_in().cookies[COOKIE].value
    wrong = []
    for row in rows.PAGES:
        if row.route == "sign-in/code":
            continue
        client = Client()
        client.cookies[COOKIE] = key  # some answers take the cookie back
        with given.undone():
            answer = world.ask(client, row, world.values(built.own, known=True))
        if answer.status_code != row.stranger:
            wrong.append(f"{row.method} {row.route}: {answer.status_code}, not {row.stranger}")
    assert not wrong
    # A live stream asks for the person of the session's row.
    assert Session.objects.get(pk=key).staff is None


def test_a_wrong_code_is_refused_and_the_right_password_forgets_no_failures(codes: list[str]) -> None:
    client = half_in()
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 403
    assert client.get("/desk")["Location"].startswith("/sign-in")
    half_in()
    assert SignInFailure.objects.filter(number="alice", of_code=True).count() == 1
    row = AuditRow.objects.get(action="sign_in.refused")
    assert (row.object, row.fields, row.result) == ("staff:alice", ["code"], "refused")


def test_codes_are_guessed_ten_times_in_a_quarter_of_an_hour_from_wherever(
    alice: Staff, codes: list[str]
) -> None:
    for n in range(10):
        with pytest.raises(signin.Refused):
            signin.check_code(alice, "000000", network=f"198.51.100.{n}", at=MONDAY_9)
    with pytest.raises(signin.Locked) as locked:
        signin.check_code(alice, code(), network=HOME, at=MONDAY_9)
    assert locked.value.minutes == 15
    later = MONDAY_9 + minutes(15) + seconds(1)
    signin.check_code(alice, code(later), network=HOME, at=later)


def test_wrong_codes_and_wrong_passwords_count_together(alice: Staff, codes: list[str]) -> None:
    for n in (0, 1, 2):
        with pytest.raises(signin.Refused):
            signin.check("alice", "wrong", network=HOME, at=MONDAY_9 + seconds(n))
    for n in (4, 8):
        with pytest.raises(signin.Refused):
            signin.check_code(alice, "000000", network=HOME, at=MONDAY_9 + seconds(n))
    with pytest.raises(signin.Locked):
        signin.check("alice", PASSWORD, network=HOME, at=MONDAY_9 + seconds(30))


def test_half_a_sign_in_ends_after_ten_minutes_and_with_the_password(codes: list[str]) -> None:
    client, other = half_in(), half_in()
    with time_machine.travel(
        MONDAY_9
        + minutes(
            10,
        )
        + seconds(1),
        tick=False,
    ):
        assert client.get("/sign-in/code")["Location"] == "/sign-in"
    people.reset_password("alice", by=OPERATOR, at=MONDAY_9)
    assert other.post("/sign-in/code", {"code": code()})["Location"] == "/sign-in"


def test_whoever_has_a_role_that_asks_for_it_sets_it_up_before_anything_else(alice: Staff) -> None:
    asked_of("agent")
    client = Client()
    client.post("/sign-in", {"number": "alice", "password": PASSWORD})
    for path in ("/desk", "/desk/me", "/desk/cases/260302-0001"):
        assert client.get(path)["Location"] == "/second-factor"
    assert client.post("/scope")["Location"] == "/desk"
    seen = viewer.of(alice, at=MONDAY_9)
    assert not seen.permissions and not seen.scopes and not seen.teams, "streams and searches too"
    page = client.get("/second-factor").content.decode()
    key = re.search(r'factor__key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    assert client.post("/second-factor", {"act": "on", "code": "000000"}).status_code == 422
    done = client.post("/second-factor", {"act": "on", "code": code(key=key)})
    assert len(re.findall(r"<code>\w{5}-\w{5}</code>", done.content.decode())) == 10
    assert client.get("/desk").status_code == 200
    assert AuditRow.objects.filter(action="second_factor.turned_on", object="staff:alice").exists()


def test_a_service_account_is_never_asked(alice: Staff) -> None:
    asked_of("integration")
    assert given.with_token(given.a_token("cases:read")).get("/api/v1/cases").status_code == 200


def test_a_role_says_whether_it_asks_and_older_programs_leave_that_alone() -> None:
    asked_of("agent")
    client = given.with_token(given.a_token("admin"))
    body = {"name": {"zh": "客服", "en": "Agent"}, "permissions": ["case.read"], "reach": "own"}
    answer = client.put("/api/v1/roles/agent", given.as_json(body), content_type="application/json")
    assert answer.json()["second_factor"] is True
    body["second_factor"] = False
    answer = client.put("/api/v1/roles/agent", given.as_json(body), content_type="application/json")
    assert answer.json()["second_factor"] is False
    assert "second_factor" in AuditRow.objects.filter(action="role.changed").latest("id").fields


def test_turning_it_on_ends_the_other_browsers_and_gives_this_one_a_new_id(alice: Staff) -> None:
    here, there = given.at_desk(alice), given.at_desk(alice)
    page = here.get("/second-factor").content.decode()
    key = re.search(r'factor__key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    before = here.cookies[COOKIE].value
    here.post("/second-factor", {"act": "on", "code": code(key=key)})
    assert here.cookies[COOKIE].value != before
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").status_code == 302


@pytest.mark.parametrize("act", ["codes", "renew", "off"])
def test_whatever_changes_it_takes_password_and_code_each_time(
    alice: Staff, codes: list[str], act: str
) -> None:
    client = given.at_desk(alice)
    for password, given_code in ((PASSWORD, "000000"), ("wrong", code())):
        typed = {"act": act, "password": password, "code": given_code}
        assert client.post("/second-factor", typed).status_code == 403
    # Without it a key of somebody else could be put in its place.
    assert client.post("/second-factor", {"act": "on", "code": code()}).status_code == 302
    SignInFailure.objects.all().delete()
    answer = client.post("/second-factor", {"act": act, "password": PASSWORD, "code": code()})
    assert answer.status_code == (302 if act == "off" else 200)
    assert second_factor.is_on(alice) is (act != "off")
    assert taken(alice, codes[3]) is (act == "renew"), "the old codes"


def test_what_a_role_asks_for_is_not_turned_off(alice: Staff, codes: list[str]) -> None:
    asked_of("agent")
    with pytest.raises(Refusal) as refusal:
        second_factor.turn_off(alice, by=given.actor(alice), at=MONDAY_9)
    assert refusal.value.code == "factor_required"
    assert second_factor.is_on(alice)


@pytest.mark.parametrize("way", ["page", "api", "command"])
def test_a_lost_one_is_taken_away_by_an_administrator(
    alice: Staff, codes: list[str], way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = given.at_desk(alice)
    if way == "page":
        admin = given.at_desk(given.a_person("ada", role="administrator", team=None))
        assert admin.post("/desk/people/alice", {"act": "factor"}).status_code == 200
    elif way == "api":
        client = given.with_token(given.a_token("admin"))
        assert client.delete("/api/v1/people/alice/second-factor").json() == {"removed": True}
        assert client.delete("/api/v1/people/alice/second-factor").json() == {"removed": False}
    else:
        arguments = parser.build().parse_args(["admin", "remove-factor", "alice"])
        arguments.run(arguments)
        assert "alice" in capsys.readouterr().out
    assert not second_factor.is_on(alice) and not RecoveryCode.objects.exists()
    assert lost.get("/desk")["Location"].startswith("/sign-in")
    assert AuditRow.objects.filter(action="second_factor.taken_away", object="staff:alice").count() == 1
