"""/desk/calendars and /api/v1/holidays: hours, closures and holidays are set without a release, and count at once."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from huiyin.base import configured
from huiyin.base.models import AuditRow
from huiyin.cases import owing, reckoning
from huiyin.desk import hours
from huiyin.rules import book as rulebook
from huiyin.rules import tryout
from huiyin.rules.models import Calendar, HolidayYear
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
EVENING = {
    "act": "calendar",
    "is_new": "1",
    "code": "evening",
    "time_zone": "Asia/Shanghai",
    "mon": "17:00-20:00，20:30–23:00",
    "tue": "22:00-02:00",
    "closed": "2026-03-09\n",
    "open": "2026-03-04 09:00-10:00\n",
    "holidays": "on",
}
NEXT_YEAR = {"act": "holidays", "is_new": "1", "code": "2028", "status": "official"}
DAYS = "2028-01-01 休 元旦 / New Year's Day\n2028-01-08 work 元旦调休上班 / make-up day\n"


@pytest.fixture(autouse=True)
def fresh_book() -> Any:
    yield
    rulebook.forget()


@pytest.fixture
def root() -> Client:
    return given.at_desk(given.a_person("root", role="administrator", team=None))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def day(date: str, calendar: str = "office") -> dict[str, Any]:
    asked: Any = datetime.fromisoformat(date).date()
    return tryout.day(tryout.DayQuestion(calendar=calendar, date=asked))


def test_hours_that_are_typed_are_the_calendar_and_stand_there_again(root: Client) -> None:
    assert root.post("/desk/calendars", EVENING).status_code == 302
    assert Calendar.objects.get(code="evening").definition == {
        "time_zone": "Asia/Shanghai",
        "weekly": {"mon": [["17:00", "20:00"], ["20:30", "23:00"]], "tue": [["22:00", "02:00"]]},
        "closed": ["2026-03-09"],
        "open": {"2026-03-04": [["09:00", "10:00"]]},
        "holidays": "CN",
    }
    shown = text(root.get("/desk/calendars"))
    assert 'value="17:00-20:00, 20:30-23:00"' in shown and "2026-03-04 09:00-10:00" in shown
    before = configured.version()
    same = {name: value for name, value in EVENING.items() if name != "is_new"}
    assert root.post("/desk/calendars", same).status_code == 302
    assert configured.version() == before


def test_an_extra_closure_moves_what_is_promised_already(root: Client) -> None:
    case = given.a_case(at=given.FRIDAY_17)
    by = given.actor(given.an_agent())
    refund = owing.make(case, owing.Made("refund"), by=by, at=given.FRIDAY_17)
    stored = hours.calendar(Calendar.objects.get(code="office"))
    ticks = {"holidays": "on"} if stored["holidays"] else {}
    form = {name: value for name, value in stored.items() if isinstance(value, str)} | ticks
    answer = root.post("/desk/calendars", {**form, "act": "calendar", "closed": "2026-03-11"})
    assert answer.status_code == 302
    reckoning.follow_configuration(by=given.OPERATOR, at=given.FRIDAY_17 + given.hours(1))
    refund.refresh_from_db()
    assert refund.due_at == refund.first_due + given.days(3)  # from Friday to Monday


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Big Nights"},
        {"code": "office"},
        {"time_zone": "Mars/Olympus"},
        {"mon": "25:00-26:00"},
        {"mon": "09:00-12:00, 11:00-13:00"},
        {"mon": "09:00"},
        {"mon": "", "tue": "", "open": ""},
        {"closed": "tomorrow"},
        {"open": "2026-03-04"},
        {"open": "2026-03-09 09:00-10:00"},
        {"always": "on"},
    ],
)
def test_a_form_that_cannot_be_used_is_refused_and_keeps_what_was_typed(
    root: Client, wrong: dict[str, str]
) -> None:
    before = configured.version()
    answer = root.post("/desk/calendars", {**EVENING, "closed": "2026-03-09", **wrong})
    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    assert 'value="22:00-02:00"' in text(answer) or "tue" in wrong
    assert configured.version() == before and not Calendar.objects.filter(code="evening").exists()


def test_a_year_that_is_announced_is_entered_on_the_page_and_counts_at_once(root: Client) -> None:
    assert day("2028-01-03")["status"] == "unknown"
    assert root.post("/desk/calendars", {**NEXT_YEAR, "days": DAYS}).status_code == 302
    made_up = day("2028-01-08")
    assert (made_up["status"], made_up["working"]) == ("official", True)
    assert HolidayYear.objects.get(code="2028").days[0]["name"] == {"zh": "元旦", "en": "New Year's Day"}
    assert AuditRow.objects.filter(action="holidays.set", object="holidays:2028").count() == 1
    assert "2028-01-08 班 元旦调休上班 / make-up day" in root.get("/desk/calendars").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "28"},
        {"code": "2026"},
        {"days": ""},
        {"days": "2027-01-01 off 元旦"},
        {"days": "2028-02-30 off 元旦"},
        {"days": "2028-01-01 off 元旦\n2028-01-01 work 元旦"},
        {"days": "2028-01-01 perhaps 元旦"},
        {"days": "2028-01-01 off /"},
    ],
)
def test_days_that_cannot_be_used_are_refused(root: Client, wrong: dict[str, str]) -> None:
    answer = root.post("/desk/calendars", {**NEXT_YEAR, "days": DAYS, **wrong})
    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    assert not HolidayYear.objects.filter(code="2028").exists()


def test_by_api_years_are_listed_set_and_refused() -> None:
    client = given.with_token(given.a_token("config:write", "cases:read"))
    new_year = {"date": "2028-01-01", "kind": "off", "name": {"zh": "元旦", "en": "New Year's Day"}}

    def put(year: int, body: dict[str, Any]) -> Any:
        return client.put(f"/api/v1/holidays/{year}", given.as_json(body), content_type="application/json")

    body = {"status": "provisional", "days": [new_year]}
    assert put(2028, body).json() == {"year": 2028, **body}
    assert client.get("/api/v1/holidays").json()["items"][0] == {"year": 2028, **body}
    version = configured.version()
    assert put(2028, body).status_code == 200 and configured.version() == version
    for year, wrong in (
        (1999, body),
        (2029, body),
        (2028, {**body, "days": [new_year, new_year]}),
        (2028, {"status": "official", "days": []}),
        (2028, {"status": "perhaps", "days": []}),
    ):
        answer = put(year, wrong)
        assert answer.status_code == 422 and answer.json()["fields"], answer.json()
    codes = [one["code"] for one in client.get("/api/v1/calendars").json()["items"]]
    assert "office" in codes
