"""The command line: an answer, or one line that says what to do."""

import pytest

from huiyin.commands import parser
from huiyin.commands.say import Complaint
from huiyin.staff.models import Grant, Staff, Token
from tests import given

pytestmark = pytest.mark.django_db


def run(*words: str) -> object:
    arguments = parser.build().parse_args(words)
    return arguments.run(arguments)


def test_what_is_shipped_holds_no_account_no_grant_and_no_token() -> None:
    assert not Staff.objects.exists() and not Grant.objects.exists() and not Token.objects.exists()


def test_an_administrator_is_made_with_a_one_time_password(capsys: pytest.CaptureFixture[str]) -> None:
    run("admin", "create", "CS1", "--name", "Ann")
    number, password = capsys.readouterr().out.split()
    made = Staff.objects.get(number=number)
    assert made.check_password(password) and made.must_change_password
    with pytest.raises(Complaint, match="admin reset"):
        run("admin", "create", "cs1")


def test_a_lost_password_is_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    given.an_agent("alice", password=given.PASSWORD)
    run("admin", "reset", "alice")
    alice = Staff.objects.get(number="alice")
    assert alice.check_password(capsys.readouterr().out.strip()) and not alice.check_password(given.PASSWORD)
    with pytest.raises(Complaint, match="admin create"):
        run("admin", "reset", "nobody")


def test_a_token_is_printed_once_and_kept_as_a_digest(capsys: pytest.CaptureFixture[str]) -> None:
    run("token", "create", "--name", "shop", "--scope", "inbound:write,cases:read", "--channel", "api")
    printed = capsys.readouterr().out.strip()
    row = Token.objects.get()
    assert (row.scopes, row.channels) == (["cases:read", "inbound:write"], ["api"])
    assert printed.startswith("hy_") and printed not in str(vars(row))
    with pytest.raises(Complaint, match="no scope root"):
        run("token", "create", "--name", "shop", "--scope", "root")


def test_verify_finds_nothing_wrong_in_what_the_product_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    given.a_case(handler=given.an_agent(), status="closed")
    assert run("verify") == 0
    assert "BROKEN" not in capsys.readouterr().out


@pytest.mark.tampers
def test_verify_names_what_was_broken(capsys: pytest.CaptureFixture[str]) -> None:
    case = given.a_case()
    case.entries.filter(seq=2).delete()
    assert run("verify") == 1
    assert case.number in capsys.readouterr().out
