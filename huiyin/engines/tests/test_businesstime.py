"""The rules of open time, in examples that a person can check with a wall calendar."""

import pickle
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.engines import businesstime
from huiyin.engines.businesstime import Calendar, NeverOpen, UnknownYear

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAGE = Path(__file__).parents[3] / "docs" / "developers" / "engines" / "businesstime.md"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE_HOURS = {day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = businesstime.calendar({"time_zone": "Asia/Shanghai", "weekly": OFFICE_HOURS})


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def every_day(zone: str, *hours: list[str]) -> Calendar:
    weekly = {day: list(hours) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    return businesstime.calendar({"time_zone": zone, "weekly": weekly})


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-20 10:00", 1, "2026-11-20 11:00"),
        ("2026-11-20 11:30", 1, "2026-11-20 14:00"),
        ("2026-11-20 17:00", 2, "2026-11-23 10:00"),
        ("2026-11-21 10:00", 1, "2026-11-23 10:00"),
        ("2026-11-20 07:00", 7.5, "2026-11-20 18:00"),
    ],
)
def test_open_hours_are_counted_from_the_next_opening(start: str, hours: float, expected: str) -> None:
    assert businesstime.due(at(start), hours * HOUR, OFFICE) == at(expected)


def test_time_that_ends_with_a_period_is_due_at_the_closing_and_a_second_more_after_the_opening() -> None:
    friday = at("2026-11-20 17:00")
    assert businesstime.due(friday, HOUR, OFFICE) == at("2026-11-20 18:00")
    assert businesstime.due(friday, HOUR + timedelta(seconds=1), OFFICE) == at("2026-11-23 09:00:01")


def test_no_working_time_is_due_at_the_start_even_outside_opening_hours() -> None:
    assert businesstime.due(at("2026-11-21 10:00"), timedelta(0), OFFICE) == at("2026-11-21 10:00")


def test_answers_are_in_utc_and_exact_to_the_microsecond() -> None:
    due = businesstime.due(at("2026-11-20 10:00:00.000001"), timedelta(microseconds=1), OFFICE)
    assert due == datetime(2026, 11, 20, 2, 0, 0, 2, tzinfo=UTC)
    assert due.tzinfo is UTC


def test_an_opening_is_open_and_a_closing_is_not() -> None:
    assert businesstime.is_open(at("2026-11-20 09:00"), OFFICE)
    assert not businesstime.is_open(at("2026-11-20 12:00"), OFFICE)
    assert businesstime.opening(at("2026-11-20 09:00"), OFFICE) == at("2026-11-20 09:00")
    assert businesstime.opening(at("2026-11-20 18:00"), OFFICE) == at("2026-11-23 09:00")


def test_a_night_belongs_to_the_date_on_which_it_begins() -> None:
    nights = {"fri": [["22:00", "06:00"]], "sat": [["22:00", "06:00"]]}
    shut = businesstime.calendar({"time_zone": "Asia/Shanghai", "weekly": nights, "closed": ["2026-11-21"]})
    assert businesstime.is_open(at("2026-11-21 05:59"), shut)
    assert not businesstime.is_open(at("2026-11-21 23:00"), shut)
    assert not businesstime.is_open(at("2026-11-22 05:00"), shut)


def test_a_night_that_meets_the_next_mornings_hours_is_counted_once() -> None:
    weekly = {"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}
    calendar = businesstime.calendar({"time_zone": "UTC", "weekly": weekly})
    monday = at("2026-11-23 00:00", "UTC")
    assert businesstime.elapsed(monday, monday + 3 * DAY, calendar) == 11 * HOUR


@pytest.mark.parametrize("hours", [["00:00", "24:00"], ["00:00", "00:00"], ["09:00", "09:00"]])
def test_a_period_as_long_as_a_day_every_day_never_closes(hours: list[str]) -> None:
    calendar = every_day("Asia/Shanghai", hours)
    start = at("2025-12-20 11:11")
    assert businesstime.due(start, 1000 * HOUR, calendar) == start + 1000 * HOUR


def test_a_closure_goes_before_the_week_and_an_extra_opening_opens_a_weekend() -> None:
    calendar = businesstime.calendar(
        {
            "time_zone": "Asia/Shanghai",
            "weekly": OFFICE_HOURS,
            "closed": ["2026-11-20"],
            "open": {"2026-11-21": [["10:00", "11:00"]]},
        }
    )
    assert businesstime.due(at("2026-11-20 09:00"), 2 * HOUR, calendar) == at("2026-11-23 10:00")


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours"),
    [
        ("Europe/Berlin", "2026-03-29 00:00", "2026-03-30 00:00", 23),
        ("Europe/Berlin", "2026-10-25 00:00", "2026-10-26 00:00", 25),
        ("America/New_York", "2026-03-08 00:00", "2026-03-09 00:00", 23),
        ("America/New_York", "2026-11-01 00:00", "2026-11-02 00:00", 25),
        ("Australia/Lord_Howe", "2026-04-05 00:00", "2026-04-06 00:00", 24.5),
        ("Australia/Lord_Howe", "2026-10-04 00:00", "2026-10-05 00:00", 23.5),
        ("Asia/Shanghai", "2028-02-29 00:00", "2028-03-01 00:00", 24),
        ("Asia/Shanghai", "2026-12-31 00:00", "2027-01-01 00:00", 24),
    ],
)
def test_a_whole_day_has_the_hours_that_really_pass(zone: str, start: str, end: str, hours: float) -> None:
    calendar = every_day(zone, ["00:00", "24:00"])
    assert businesstime.elapsed(at(start, zone), at(end, zone), calendar) == hours * HOUR
    assert businesstime.due(at(start, zone), hours * HOUR, calendar) == at(end, zone)


def test_hours_that_the_clock_skips_are_nobodys_and_hours_shown_twice_count_twice() -> None:
    calendar = every_day("Europe/Berlin", ["02:15", "02:45"])
    skipped, twice = at("2026-03-29 00:00", "Europe/Berlin"), at("2026-10-25 00:00", "Europe/Berlin")
    assert businesstime.elapsed(skipped, skipped + DAY, calendar) == timedelta(0)
    assert businesstime.elapsed(twice, twice + DAY, calendar) == HOUR
    assert not businesstime.day(date(2026, 3, 29), calendar).working


def test_a_pause_moves_the_due_time_by_the_open_time_in_it() -> None:
    start = at("2026-11-20 10:00")
    over_lunch = (at("2026-11-20 11:00"), at("2026-11-20 14:00"))
    assert businesstime.due(start, 2 * HOUR, OFFICE, pauses=[over_lunch]) == at("2026-11-20 15:00")
    assert businesstime.elapsed(start, at("2026-11-20 15:00"), OFFICE, pauses=[over_lunch]) == 2 * HOUR


def test_pauses_may_overlap_come_in_any_order_and_lie_outside() -> None:
    start = at("2026-11-20 10:00")
    pauses = [
        (at("2026-11-20 14:30"), at("2026-11-20 15:00")),
        (at("2026-11-20 11:00"), at("2026-11-20 12:00")),
        (at("2026-11-20 11:30"), at("2026-11-20 14:00")),
        (at("2026-11-19 09:00"), at("2026-11-20 09:30")),
        (at("2026-12-20 09:00"), at("2026-12-21 09:30")),
    ]
    assert businesstime.due(start, 2 * HOUR, OFFICE, pauses=pauses) == at("2026-11-20 15:30")


def test_a_start_inside_a_pause_counts_from_its_end() -> None:
    pause = (at("2026-11-20 09:00"), at("2026-11-20 11:00"))
    assert businesstime.due(at("2026-11-20 10:00"), HOUR, OFFICE, pauses=[pause]) == at("2026-11-20 12:00")


def test_time_that_ends_as_a_pause_begins_is_due_then() -> None:
    pause = (at("2026-11-20 11:00"), at("2026-11-20 17:00"))
    assert businesstime.due(at("2026-11-20 10:00"), HOUR, OFFICE, pauses=[pause]) == at("2026-11-20 11:00")


def test_natural_hours_know_no_nights() -> None:
    friday = at("2026-11-20 23:30")
    assert businesstime.due(friday, 72 * HOUR, businesstime.ALWAYS) == friday + 72 * HOUR


def test_a_calendar_without_hours_never_opens() -> None:
    empty = businesstime.calendar({"time_zone": "UTC", "weekly": {}})
    with pytest.raises(NeverOpen):
        businesstime.due(at("2026-11-20 10:00"), HOUR, empty)
    with pytest.raises(NeverOpen):
        businesstime.opening(at("2026-11-20 10:00"), empty)
    with pytest.raises(NeverOpen):
        businesstime.due_in_days(at("2026-11-20 10:00"), 1, empty)


def test_an_opening_after_366_days_is_found_and_a_second_later_is_not() -> None:
    once = businesstime.calendar({"time_zone": "UTC", "open": {"2027-11-21": [["10:00", "11:00"]]}})
    start = at("2026-11-20 10:00", "UTC")
    assert businesstime.opening(start, once) == start + 366 * DAY
    with pytest.raises(NeverOpen):
        businesstime.opening(start - timedelta(seconds=1), once)


def test_open_time_that_runs_out_never_ends() -> None:
    once = businesstime.calendar({"time_zone": "UTC", "open": {"2026-11-21": [["10:00", "11:00"]]}})
    start = at("2026-11-20 10:00", "UTC")
    assert businesstime.due(start, HOUR, once) == at("2026-11-21 11:00", "UTC")
    with pytest.raises(NeverOpen):
        businesstime.due(start, HOUR + timedelta(seconds=1), once)


def test_the_wait_for_an_opening_is_measured_from_the_last_closing() -> None:
    days = {"2026-01-05": [["10:00", "11:00"]], "2027-02-01": [["10:00", "11:00"]]}
    rare = businesstime.calendar({"time_zone": "UTC", "open": days})
    start = at("2026-01-05 10:00", "UTC")
    with pytest.raises(NeverOpen):
        businesstime.due(start, 2 * HOUR, rare)
    with pytest.raises(NeverOpen):
        businesstime.due_in_days(start, 1, rare)


def test_an_evening_that_the_clock_shows_again_after_new_year_is_open_again() -> None:
    evenings = every_day("America/Phoenix", ["23:00", "24:00"])
    again = datetime(1944, 1, 1, 6, 30, tzinfo=UTC)
    assert businesstime.is_open(again, evenings)
    assert businesstime.due(again, HOUR / 2, evenings) == again + HOUR / 2


def test_decades_of_working_time_are_counted_and_beyond_2299_refused() -> None:
    start = at("2026-11-20 10:00")
    many = 90_000 * HOUR
    assert businesstime.elapsed(start, businesstime.due(start, many, OFFICE), OFFICE) == many
    with pytest.raises(ValueError, match="2300 is outside 1900 to 2299"):
        businesstime.due(start, timedelta(days=999_999), OFFICE)
    with pytest.raises(ValueError, match="outside the years 1900 to 2299"):
        businesstime.is_open(at("1899-06-01 10:00"), OFFICE)


@pytest.mark.parametrize("moment", [datetime.min, datetime(1600, 1, 1), datetime(9999, 1, 1), datetime.max])
def test_moments_at_the_ends_of_time_are_refused_not_overflown(moment: datetime) -> None:
    far = moment.replace(tzinfo=UTC)
    for ask in (
        lambda: businesstime.due(far, HOUR, OFFICE),
        lambda: businesstime.due_in_days(far, 1, OFFICE),
        lambda: businesstime.opening(far, OFFICE),
        lambda: businesstime.day(far.date(), OFFICE),
        lambda: businesstime.in_month(far, 1, 31, OFFICE),
    ):
        with pytest.raises(ValueError, match="1900 to 2299"):
            ask()


def test_naive_times_negative_amounts_and_reversed_spans_are_refused() -> None:
    start, naive = at("2026-11-20 10:00"), datetime(2026, 11, 20, 10)
    with pytest.raises(ValueError, match="without a zone"):
        businesstime.due(naive, HOUR, OFFICE)
    with pytest.raises(ValueError, match="without a zone"):
        businesstime.elapsed(start, naive, OFFICE)
    with pytest.raises(ValueError, match="without a zone"):
        businesstime.due(start, HOUR, OFFICE, pauses=[(start, naive)])
    with pytest.raises(ValueError, match="negative"):
        businesstime.due(start, -HOUR, OFFICE)
    with pytest.raises(ValueError, match="before the start"):
        businesstime.elapsed(start, start - HOUR, OFFICE)
    with pytest.raises(ValueError, match="ends before it begins"):
        businesstime.due(start, HOUR, OFFICE, pauses=[(start, start - HOUR)])


def test_equal_definitions_make_one_calendar_and_it_survives_pickling() -> None:
    again = businesstime.calendar({"weekly": OFFICE_HOURS, "time_zone": "Asia/Shanghai", "closed": []})
    assert {OFFICE: "cached"}[again] == "cached"
    assert pickle.loads(pickle.dumps(OFFICE)) == OFFICE
    assert pickle.loads(pickle.dumps(UnknownYear(2031))).year == 2031


def test_threads_that_ask_a_new_calendar_at_once_get_one_answer() -> None:
    calendar = businesstime.calendar({"time_zone": "Asia/Shanghai", "weekly": OFFICE_HOURS, "closed": []})
    start, answers = at("2026-11-20 10:00"), []
    gate = threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        answers.append(businesstime.due(start, 3000 * HOUR, calendar))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {businesstime.due(start, 3000 * HOUR, OFFICE)}
    assert len(answers) == 8


def test_the_documented_example_prints_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, printed = (
        PAGE.read_text(encoding="utf-8").split("## Example\n```python\n")[1].partition("```\n```\n")
    )
    exec(compile(code, str(PAGE), "exec"), {})
    assert capsys.readouterr().out == printed.removesuffix("```\n")
