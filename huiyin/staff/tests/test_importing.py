import pytest
from django.contrib.auth.hashers import check_password

from huiyin.base.actor import OPERATOR
from huiyin.staff import importing
from huiyin.staff.models import Staff
from tests import given
from tests.refusing import refused

pytestmark = pytest.mark.django_db
HEAD = "number,name,role,team,language,seniority\n"
GOOD = HEAD + "CS2024101,王芳,agent,service,,3\nCS2024102,Ann Lee,lead,service,en,\n"


def join(raw: bytes) -> list[importing.Joined]:
    return importing.join_all(raw, by=OPERATOR, at=given.MONDAY_9)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_each_encoding_that_spreadsheets_write(encoding: str) -> None:
    join(GOOD.encode(encoding))
    fang = Staff.objects.get(number="CS2024101")
    assert (fang.name, fang.seniority, fang.language) == ("王芳", 3, "zh-hans")


def test_everybody_gets_a_password_that_works_once() -> None:
    for one in join(GOOD.encode()):
        staff = Staff.objects.get(number=one.number)
        assert check_password(one.password, staff.password)
        assert staff.must_change_password


def test_the_preview_names_every_fault_of_every_line_and_writes_nothing() -> None:
    given.an_agent("alice")
    text = (
        HEAD
        + "bad number,,pilot,moon,fr,300\nALICE,爱丽丝,agent,service,,\nnew,新人,agent,,,\nnew,又一人,agent,,,\n"
    )
    lines = importing.preview(text.encode())
    assert [[fault.code for fault in line.faults] for line in lines] == [
        ["number_bad", "name_missing", "unknown", "unknown", "unknown", "seniority_bad"],
        ["number_taken"],
        [],
        ["number_taken"],
    ]
    assert not Staff.objects.filter(number="new").exists()


def test_one_wrong_line_keeps_everybody_out() -> None:
    with refused("import_faults"):
        join((GOOD + "x y,空格,agent,service,,\n").encode())
    assert not Staff.objects.filter(number="CS2024101").exists()


def test_importing_the_same_file_again_is_refused() -> None:
    join(GOOD.encode())
    with refused("import_faults"):
        join(GOOD.encode())
    assert Staff.objects.filter(number__startswith="CS2024").count() == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "columns"),
        ("name,role\n王芳,agent\n", "columns"),
        ("number,name,role,salary\n", "columns"),
        (HEAD, "file_empty"),
        (HEAD + "\n,,,,,\n", "file_empty"),
        (HEAD + "a,a,agent,,,\n" * (importing.LIMIT + 1), "file_too_long"),
    ],
)
def test_a_file_that_cannot_be_used_as_a_whole_says_why(text: str, code: str) -> None:
    with refused(code):
        importing.preview(text.encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    with refused("file_unreadable"):
        importing.preview(b"\xff\xff\xff\x80\x81")


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@sum", "\tx", "\rx"])
def test_what_a_spreadsheet_would_reckon_with_is_disarmed(cell: str) -> None:
    written = importing.as_csv([["no", cell]], ["number", "name"]).decode("utf-8-sig")
    assert f"'{cell[0]}" in written
