"""Holidays and make-up days: the shipped ones day by day, and years that nobody has announced."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]  # it ships no types
import pytest
import yaml

from huiyin.engines import businesstime
from huiyin.engines.businesstime import CalendarError, HolidayTable, UnknownYear

SHIPPED = Path(__file__).parents[3] / "packs" / "general" / "holidays-cn.yaml"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOUR = timedelta(hours=1)


def shipped_table() -> HolidayTable:
    content = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    rows = [{**row, "name": row["name"]["zh"]} for row in content["days"]]
    return businesstime.holiday_table(rows, content["years"])


TABLE = shipped_table()


def calendar(table: HolidayTable = TABLE, **changes: Any) -> businesstime.Calendar:
    weekly = {day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in WORKDAYS}
    definition = {"time_zone": "Asia/Shanghai", "weekly": weekly, "holidays": "CN", **changes}
    return businesstime.calendar(definition, holidays=table)


OFFICE = calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_day_of_an_announced_year_is_worked_or_off_as_a_second_source_says(year: int) -> None:
    for day in days_of(year):
        found = businesstime.day(day, OFFICE)
        assert (found.working, found.status) == (chinese_calendar.is_workday(day), "official"), day


@pytest.mark.parametrize("year", range(2020, 2027))
def test_weekend_days_inside_a_break_are_off_for_those_who_work_weekends(year: int) -> None:
    shop = calendar(weekly={day: [["10:00", "22:00"]] for day in (*WORKDAYS, "sat", "sun")})
    beside_the_weekend = {date(2023, 12, 30), date(2023, 12, 31)}  # "joined to the weekend", not named
    off = {day for day in days_of(year) if not businesstime.day(day, shop).working}
    named = {day for day in days_of(year) if day in chinese_calendar.constants.holidays}
    assert off == named - beside_the_weekend


def test_a_holiday_and_its_make_up_day_say_their_name() -> None:
    assert businesstime.day(date(2026, 10, 1), OFFICE).name == "国庆节"
    made_up = businesstime.day(date(2026, 10, 10), OFFICE)
    assert (made_up.working, made_up.name) == (True, "国庆节调休上班")
    assert businesstime.day(date(2026, 11, 20), OFFICE).name is None


def test_deadlines_run_over_holidays_and_stop_on_make_up_days() -> None:
    eve = at("2026-09-30 17:00")
    assert businesstime.due(eve, 2 * HOUR, OFFICE) == at("2026-10-08 10:00")
    assert businesstime.due_in_days(eve, 3, OFFICE) == at("2026-10-10 18:00")


def test_a_make_up_day_keeps_the_hours_of_a_weekday_not_those_of_a_weekend() -> None:
    weekly = {"mon": [["09:00", "17:00"]], "fri": [["09:00", "15:00"]], "sat": [["10:00", "11:00"]]}
    short = calendar(weekly=weekly)
    assert businesstime.elapsed(at("2026-10-10 00:00"), at("2026-10-11 00:00"), short) == 8 * HOUR
    assert businesstime.elapsed(at("2026-10-17 00:00"), at("2026-10-18 00:00"), short) == HOUR


def test_those_who_work_weekends_only_keep_their_hours_on_a_make_up_day() -> None:
    weekend = calendar(weekly={"sat": [["10:00", "11:00"]]})
    assert businesstime.elapsed(at("2026-10-10 00:00"), at("2026-10-11 00:00"), weekend) == HOUR


def test_what_the_organisation_sets_goes_before_the_holidays() -> None:
    own = calendar(closed=["2026-10-10"], open={"2026-10-01": [["10:00", "12:00"]]})
    assert businesstime.day(date(2026, 10, 1), own).working
    assert not businesstime.day(date(2026, 10, 10), own).working


def test_2027_is_provisional_and_what_is_counted_through_it_can_be_told() -> None:
    day = businesstime.day(date(2027, 2, 8), OFFICE)
    assert (day.working, day.status) == (False, "provisional")
    start = at("2026-12-31 17:00")
    due = businesstime.due(start, 2 * HOUR, OFFICE)
    assert due == at("2027-01-04 10:00")
    assert businesstime.certainty(start, due, OFFICE) == "provisional"
    assert businesstime.certainty(start, at("2026-12-31 18:00"), OFFICE) == "official"
    assert businesstime.certainty(start, at("2028-01-01 00:00"), OFFICE) == "unknown"
    assert businesstime.certainty(start, due, businesstime.ALWAYS) == "official"


def test_an_answer_that_depends_on_a_year_not_known_is_refused() -> None:
    last_day = at("2027-12-31 17:00")
    assert businesstime.due(last_day, HOUR, OFFICE) == at("2027-12-31 18:00")
    for ask in (
        lambda: businesstime.due(last_day, 2 * HOUR, OFFICE),
        lambda: businesstime.elapsed(last_day, at("2028-01-01 00:01"), OFFICE),
        lambda: businesstime.due_in_days(last_day, 1, OFFICE),
        lambda: businesstime.window(last_day, 1, 2, OFFICE),
        lambda: businesstime.opening(at("2027-12-31 18:00"), OFFICE),
        lambda: businesstime.in_month(at("2028-01-05 10:00"), 1, 3, OFFICE),
        lambda: businesstime.is_open(at("2028-01-05 10:00"), OFFICE),
    ):
        with pytest.raises(UnknownYear) as refused:
            ask()
        assert refused.value.year == 2028


def test_a_year_not_known_can_be_looked_at_day_by_day_but_says_so() -> None:
    day = businesstime.day(date(2028, 1, 5), OFFICE)
    assert (day.working, day.status) == (True, "unknown")
    settled = calendar(open={"2028-01-05": [["10:00", "12:00"]]})
    assert businesstime.day(date(2028, 1, 5), settled).status == "official"


def test_counting_up_to_the_end_of_a_known_year_needs_no_later_one() -> None:
    until = at("2028-01-01 00:00")
    assert businesstime.elapsed(at("2027-12-31 09:00"), until, OFFICE) == 7.5 * HOUR


def test_a_night_out_of_a_year_not_known_is_refused_and_the_day_after_it_is_not() -> None:
    nights = calendar(weekly={day: [["22:00", "06:00"]] for day in WORKDAYS})
    with pytest.raises(UnknownYear) as refused:
        businesstime.is_open(at("2020-01-01 05:59:59"), nights)
    assert refused.value.year == 2019
    assert not businesstime.is_open(at("2020-01-01 06:00"), nights)
    assert businesstime.is_open(at("2020-01-01 09:00"), calendar(closed=[])) is False


def test_a_pause_in_a_year_not_known_after_the_due_time_changes_nothing() -> None:
    later = (at("2030-01-01 00:00"), at("2030-02-01 00:00"))
    assert businesstime.due(at("2026-11-20 10:00"), HOUR, OFFICE, pauses=[later]) == at("2026-11-20 11:00")


def test_a_calendar_without_weekly_hours_depends_on_no_holidays() -> None:
    once = calendar(weekly={}, open={"2030-03-01": [["09:00", "10:00"]]})
    assert businesstime.opening(at("2030-01-01 00:00"), once) == at("2030-03-01 09:00")


ROW = {"date": "2026-10-01", "kind": "off", "name": "国庆节"}


@pytest.mark.parametrize(
    ("rows", "years", "message"),
    [
        ([{**ROW, "kind": False}], {2026: "official"}, 'days[0]: kind False is neither "off" nor "work"'),
        ([{**ROW, "name": ""}], {2026: "official"}, "days[0]: name is a text"),
        ([{**ROW, "date": "1 October"}], {2026: "official"}, "days[0].date: not a date"),
        ([{**ROW, "note": "x"}], {2026: "official"}, "days[0]: a row has exactly the keys date, kind, name"),
        ([ROW, ROW], {2026: "official"}, "days[1]: 2026-10-01 is listed twice"),
        ([ROW], {2025: "official"}, "days[0]: 2026-10-01 lies in a year that is not listed"),
        ([ROW], {2026: "unknown"}, "days[0]: 2026-10-01 lies in a year that is not listed"),
        ([ROW], {2026: "sure"}, "years[2026]: 'sure' is none of official, provisional, unknown"),
        ([], {"2026": "official"}, "years['2026']: a year is a whole number"),
    ],
)
def test_a_wrong_holiday_table_is_refused_with_its_row(rows: Any, years: Any, message: str) -> None:
    with pytest.raises(CalendarError) as refused:
        businesstime.holiday_table(rows, years)
    assert str(refused.value).startswith(message)


def test_two_tables_of_the_same_rows_in_another_order_are_one() -> None:
    other = {"date": date(2026, 10, 2), "kind": "off", "name": "国庆节"}
    there = businesstime.holiday_table([ROW, other], {2026: "official", 2025: "official"})
    back = businesstime.holiday_table([other, ROW], {2025: "official", 2026: "official"})
    assert there == back
    assert hash(there) == hash(back)
    assert there.day(date(2026, 10, 2)) == businesstime.DayKind("off", "国庆节", "official")
    assert there.day(date(2027, 10, 2)) == businesstime.DayKind("plain", None, "unknown")
