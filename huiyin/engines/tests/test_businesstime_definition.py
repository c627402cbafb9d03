"""What a calendar's definition may say, and how a wrong one is refused."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huiyin.engines import businesstime
from huiyin.engines.businesstime import CalendarError

TABLE = businesstime.holiday_table([], {2026: "official"})
ZONE = {"time_zone": "Asia/Shanghai"}


@pytest.mark.parametrize(
    ("definition", "code", "message"),
    [
        ([], "definition.form", "definition: not a set of keys and values"),
        ({}, "zone.missing", "time_zone: give the name of a zone such as Asia/Shanghai"),
        ({"time_zone": 8}, "zone.missing", "time_zone: give the name"),
        ({"time_zone": "Asia/Atlantis"}, "zone.unknown", "time_zone: no such zone: 'Asia/Atlantis'"),
        ({"time_zone": "../etc/passwd"}, "zone.unknown", "time_zone: no such zone"),
        ({"time_zone": "America"}, "zone.unknown", "time_zone: no such zone"),
        (
            {**ZONE, "timezone": "UTC"},
            "key.unknown",
            "definition: unknown key 'timezone'; known are time_zone",
        ),
        ({**ZONE, "weekly": []}, "weekly.form", "weekly: give periods for mon to sun"),
        (
            {**ZONE, "weekly": {"monday": []}},
            "key.unknown",
            "weekly: unknown key 'monday'; known are mon, tue",
        ),
        ({**ZONE, "weekly": {"mon": "09:00-12:00"}}, "periods.form", "weekly.mon: give periods like"),
        ({**ZONE, "weekly": {"mon": None}}, "periods.form", "weekly.mon: give periods like"),
        ({**ZONE, "weekly": {"mon": [["09:00"]]}}, "period.form", "weekly.mon[0]: a period is its start"),
        ({**ZONE, "weekly": {"mon": ["09:00"]}}, "period.form", "weekly.mon[0]: a period is its start"),
        (
            {**ZONE, "weekly": {"mon": [["9:00", "12:00"]]}},
            "time.form",
            "weekly.mon[0][0]: not a time of day",
        ),
        ({**ZONE, "weekly": {"mon": [["09:00", 1080]]}}, "time.form", "weekly.mon[0][1]: not a time of day"),
        (
            {**ZONE, "weekly": {"mon": [["09:00", "25:00"]]}},
            "time.form",
            "weekly.mon[0][1]: not a time of day",
        ),
        (
            {**ZONE, "weekly": {"mon": [["09:00", "24:01"]]}},
            "time.form",
            "weekly.mon[0][1]: not a time of day",
        ),
        (
            {**ZONE, "weekly": {"mon": [["09:60", "12:00"]]}},
            "time.form",
            "weekly.mon[0][0]: not a time of day",
        ),
        (
            {**ZONE, "weekly": {"mon": [["０9:00", "12:00"]]}},
            "time.form",
            "weekly.mon[0][0]: not a time of day",
        ),
        (
            {**ZONE, "weekly": {"mon": [["24:00", "06:00"]]}},
            "period.start",
            "weekly.mon[0]: a period cannot start",
        ),
        (
            {**ZONE, "weekly": {"mon": [["13:00", "18:00"], ["09:00", "13:30"]]}},
            "periods.overlap",
            "weekly.mon: two periods overlap at 13:00",
        ),
        (
            {**ZONE, "weekly": {"mon": [["22:00", "06:00"], ["23:00", "23:30"]]}},
            "periods.overlap",
            "weekly.mon: two periods overlap at 23:00",
        ),
        ({**ZONE, "closed": "2026-10-01"}, "closed.form", "closed: give a list of dates"),
        (
            {**ZONE, "closed": ["2026-02-29"]},
            "date.form",
            "closed[0]: not a date like 2026-10-01: '2026-02-29'",
        ),
        ({**ZONE, "closed": ["20261001"]}, "date.form", "closed[0]: not a date"),
        ({**ZONE, "closed": ["2026-W40-4"]}, "date.form", "closed[0]: not a date"),
        ({**ZONE, "closed": [datetime(2026, 10, 1)]}, "date.form", "closed[0]: not a date"),
        ({**ZONE, "open": ["2026-10-10"]}, "open.form", "open: give periods for each date"),
        ({**ZONE, "open": {"10.10.2026": []}}, "date.form", "open.10.10.2026: not a date"),
        ({**ZONE, "open": {"2026-10-10": []}}, "open.empty", "open.2026-10-10: no periods"),
        ({**ZONE, "open": {"2026-10-10": [["9", "12"]]}}, "time.form", "open.2026-10-10[0][0]: not a time"),
        (
            {**ZONE, "closed": ["2026-10-10"], "open": {"2026-10-10": [["09:00", "10:00"]]}},
            "open.contradicted",
            "open.2026-10-10: also listed in closed",
        ),
        (
            {**ZONE, "open": {"2026-10-10": [["09:00", "10:00"]], date(2026, 10, 10): [["11:00", "12:00"]]}},
            "open.contradicted",
            "open.2026-10-10: given twice",
        ),
        ({**ZONE, "holidays": "DE"}, "holidays.country", "holidays: 'DE' is neither null nor CN"),
        ({**ZONE, "holidays": True}, "holidays.country", "holidays: True is neither null nor CN"),
        ({**ZONE, "always": "yes"}, "always.form", "always: neither true nor false: 'yes'"),
        ({**ZONE, "always": 1}, "always.form", "always: neither true nor false"),
        (
            {**ZONE, "always": True, "closed": ["2026-10-01"]},
            "always.contradicted",
            "closed: a calendar that is",
        ),
        ({**ZONE, "always": True, "holidays": "CN"}, "always.contradicted", "holidays: a calendar that is"),
        (
            {**ZONE, "always": True, "weekly": {"mon": [["09:00", "10:00"]]}},
            "always.contradicted",
            "weekly: a calendar that is always open has none",
        ),
        (
            {**ZONE, "always": True, "open": {"2026-10-10": [["09:00", "10:00"]]}},
            "always.contradicted",
            "open: a calendar that is always open has none",
        ),
    ],
)
def test_a_wrong_definition_is_refused_with_its_key_and_what_is_wrong(
    definition: Any, code: str, message: str
) -> None:
    with pytest.raises(CalendarError) as refused:
        businesstime.calendar(definition, holidays=TABLE)
    assert refused.value.code == code
    assert str(refused.value).startswith(message)
    assert message.startswith(f"{refused.value.params['key']}:")


def test_holidays_without_a_table_are_refused() -> None:
    with pytest.raises(CalendarError, match="holidays: no holiday table was given for CN"):
        businesstime.calendar({**ZONE, "holidays": "CN"})


def test_a_definition_may_leave_out_what_is_empty() -> None:
    full: dict[str, object] = {
        "time_zone": "Asia/Shanghai",
        "weekly": {"mon": [["13:30", "18:00"], ["09:00", "12:00"]], "tue": [], "sun": []},
        "closed": [],
        "open": {},
        "holidays": None,
        "always": False,
    }
    short = {**ZONE, "weekly": {"mon": [["09:00", "12:00"], ["13:30", "18:00"]]}}
    assert businesstime.calendar(full) == businesstime.calendar(short)


def test_always_may_leave_out_its_zone_and_is_then_utc() -> None:
    assert businesstime.calendar({"always": True}) == businesstime.ALWAYS
    assert businesstime.calendar({"always": True, "weekly": {"mon": []}, "closed": []}) == businesstime.ALWAYS


def test_dates_as_yaml_reads_them_and_hours_with_seconds_are_taken() -> None:
    calendar = businesstime.calendar(
        {
            "time_zone": "UTC",
            "closed": [date(2026, 10, 1)],
            "open": {date(2026, 10, 2): [["09:00:30", "24:00"]]},
        }
    )
    opening = businesstime.opening(datetime(2026, 10, 1, tzinfo=ZoneInfo("UTC")), calendar)
    assert opening == datetime(2026, 10, 2, 9, 0, 30, tzinfo=ZoneInfo("UTC"))


def test_a_date_listed_twice_as_closed_is_closed_once() -> None:
    twice = businesstime.calendar({**ZONE, "closed": ["2026-10-01", "2026-10-01"]})
    assert twice == businesstime.calendar({**ZONE, "closed": ["2026-10-01"]})


def test_periods_that_touch_are_one() -> None:
    hours = [["12:00", "18:00"], ["09:00", "12:00"]]
    calendar = businesstime.calendar({"time_zone": "UTC", "weekly": {"mon": hours}})
    noon = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("UTC"))
    assert businesstime.opening(noon, calendar) == noon
