"""PUT /calendars/{code}: what is set counts from the next question on; what cannot be used is refused."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base import configured
from huiyin.base.models import AuditRow
from huiyin.rules.models import Calendar
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
NIGHTS: dict[str, Any] = {"time_zone": "Asia/Shanghai", "weekly": {"mon": [["20:00", "24:00"]]}}


def caller() -> Client:
    return given.with_token(given.a_token("config:write", "cases:read"))


def put(client: Client, code: str, definition: Any) -> Any:
    return client.put(f"/api/v1/calendars/{code}", given.as_json(definition), content_type="application/json")


def due(client: Client, code: str) -> str:
    body = {"start": "2026-03-02T09:00:00+08:00", "seconds": 3600}
    answer = client.post(
        f"/api/v1/calendars/{code}/due", given.as_json(body), content_type="application/json"
    )
    return str(answer.json()["due_at"])


def test_a_calendar_that_is_set_counts_at_once() -> None:
    client, before = caller(), configured.version()
    assert put(client, "nights", NIGHTS).json() == {"code": "nights", "definition": NIGHTS}
    assert due(client, "nights").startswith("2026-03-02T21:00:00")
    assert configured.version() > before
    put(client, "nights", {**NIGHTS, "weekly": {"mon": [["22:00", "24:00"]]}})
    assert due(client, "nights").startswith("2026-03-02T23:00:00")


def test_setting_the_same_again_changes_nothing() -> None:
    client = caller()
    put(client, "nights", NIGHTS)
    before = configured.version()
    assert put(client, "nights", NIGHTS).status_code == 200
    assert configured.version() == before
    assert AuditRow.objects.filter(action="calendar.set").count() == 1


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        ({**NIGHTS, "time_zone": "Mars/Olympus"}, "time_zone"),
        ({**NIGHTS, "weekly": {"mon": [["25:00", "26:00"]]}}, "weekly"),
        ({**NIGHTS, "weekly": {}}, "weekly"),
        ({**NIGHTS, "holidays": "XX"}, "holidays"),
        ({**NIGHTS, "colour": "red"}, "definition"),
        ({}, "time_zone"),
        ([], "definition"),
    ],
)
def test_a_definition_that_cannot_be_used_is_refused_in_the_engine_s_words(
    definition: Any, field: str
) -> None:
    before = configured.version()
    answer = put(caller(), "nights", definition)
    assert answer.status_code == 422
    assert any(name.startswith(field) for name in answer.json()["fields"]), answer.json()
    assert not Calendar.objects.filter(code="nights").exists() and configured.version() == before


@pytest.mark.parametrize("code", ["always", "site", "Big Nights"])
def test_a_name_that_is_taken_by_the_product_or_unusable_is_refused(code: str) -> None:
    assert put(caller(), code, NIGHTS).status_code == 422
