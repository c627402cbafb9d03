"""The rules of working days, cut-offs, windows and parts of a month."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.engines import businesstime

HOURS = [["09:00", "12:00"], ["13:30", "18:00"]]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS)
OFFICE = businesstime.calendar({"time_zone": "Asia/Shanghai", "weekly": WEEK})
FRIDAY = "2026-11-20 15:00"


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (FRIDAY, 2, "2026-11-24 18:00"),
        ("2026-11-22 11:00", 1, "2026-11-23 18:00"),
        ("2026-11-20 23:59", 1, "2026-11-23 18:00"),
        ("2026-11-23 00:00", 1, "2026-11-24 18:00"),
        (FRIDAY, 5, "2026-11-27 18:00"),
        ("2028-02-28 10:00", 1, "2028-02-29 18:00"),
        ("2026-12-31 10:00", 1, "2027-01-01 18:00"),
        ("2026-12-31 10:00", 600, "2029-04-19 18:00"),
        (FRIDAY, 0, "2026-11-20 18:00"),
        ("2026-11-20 18:00", 0, "2026-11-23 18:00"),
        ("2026-11-22 11:00", 0, "2026-11-23 18:00"),
    ],
)
def test_a_day_deadline_is_the_end_of_the_last_period_of_that_working_day(
    start: str, days: int, expected: str
) -> None:
    assert businesstime.due_in_days(at(start), days, OFFICE) == at(expected)


def test_the_start_date_is_read_in_the_calendars_zone() -> None:
    late_on_sunday_in_utc = datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert businesstime.due_in_days(late_on_sunday_in_utc, 1, OFFICE) == at("2026-11-24 18:00")


def test_a_cut_off_replaces_the_end_of_the_day() -> None:
    assert businesstime.due_in_days(at(FRIDAY), 2, OFFICE, cut_off=time(16, 30)) == at("2026-11-24 16:30")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-20 16:29:59", "2026-11-20 16:30"),
        ("2026-11-20 16:30", "2026-11-23 16:30"),
        ("2026-11-20 07:00", "2026-11-20 16:30"),
        ("2026-11-21 10:00", "2026-11-23 16:30"),
    ],
)
def test_a_cut_off_alone_is_todays_while_it_is_ahead_else_the_next_working_days(
    start: str, expected: str
) -> None:
    assert businesstime.due_at_cut_off(at(start), OFFICE, time(16, 30)) == at(expected)


def test_a_cut_off_that_the_clock_skips_is_the_jump_and_one_shown_twice_the_first() -> None:
    calendar = businesstime.calendar({"time_zone": "Europe/Berlin", "weekly": {"sun": [["00:00", "24:00"]]}})
    for night, expected in (
        ("2026-03-29 00:30", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25 00:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ):
        assert businesstime.due_at_cut_off(at(night, "Europe/Berlin"), calendar, time(2, 30)) == expected


def test_each_working_day_wholly_paused_moves_the_deadline_by_one() -> None:
    tuesday_to_thursday = (at("2026-11-23 17:00"), at("2026-11-26 10:00"))
    due = businesstime.due_in_days(at(FRIDAY), 2, OFFICE, pauses=[tuesday_to_thursday])
    assert due == at("2026-11-26 18:00")


def test_a_day_paused_but_for_a_second_counts() -> None:
    almost = (at("2026-11-23 09:00:01"), at("2026-11-23 18:00"))
    assert businesstime.due_in_days(at(FRIDAY), 1, OFFICE, pauses=[almost]) == at("2026-11-23 18:00")


def test_pauses_of_the_open_periods_alone_pause_the_day() -> None:
    pauses = [
        (at("2026-11-23 13:30"), at("2026-11-23 18:00")),
        (at("2026-11-23 09:00"), at("2026-11-23 12:00")),
    ]
    assert businesstime.due_in_days(at(FRIDAY), 1, OFFICE, pauses=pauses) == at("2026-11-24 18:00")


def test_pauses_that_touch_pause_the_day_together() -> None:
    afternoon = at("2026-11-23 15:00")
    pauses = [(at("2026-11-23 09:00"), afternoon), (afternoon, at("2026-11-23 18:00"))]
    assert businesstime.due_in_days(at(FRIDAY), 1, OFFICE, pauses=pauses) == at("2026-11-24 18:00")


def test_a_paused_weekend_moves_nothing() -> None:
    weekend = (at("2026-11-20 18:00"), at("2026-11-23 09:00"))
    assert businesstime.due_in_days(at(FRIDAY), 1, OFFICE, pauses=[weekend]) == at("2026-11-23 18:00")


def test_a_window_runs_from_the_opening_of_one_day_to_the_end_of_another() -> None:
    assert businesstime.window(at(FRIDAY), 2, 3, OFFICE) == (at("2026-11-24 09:00"), at("2026-11-25 18:00"))
    assert businesstime.window(at(FRIDAY), 0, 1, OFFICE) == (at(FRIDAY), at("2026-11-23 18:00"))
    assert businesstime.window(at("2026-11-21 08:00"), 0, 1, OFFICE) == (
        at("2026-11-23 09:00"),
        at("2026-11-23 18:00"),
    )


@pytest.mark.parametrize(
    ("now", "first", "last", "opens", "ends"),
    [
        ("2026-09-10 10:00", 28, 30, "2026-09-28 09:00", "2026-09-30 18:00"),
        ("2026-02-10 10:00", 26, 30, "2026-02-26 09:00", "2026-02-27 18:00"),
        ("2026-02-10 10:00", 28, 30, "2026-02-28 00:00", "2026-03-01 00:00"),
        ("2028-02-10 10:00", 29, 31, "2028-02-29 09:00", "2028-02-29 18:00"),
        ("2026-12-31 23:59", 1, 1, "2026-12-01 09:00", "2026-12-01 18:00"),
        ("2026-11-30 10:00", 21, 22, "2026-11-21 00:00", "2026-11-23 00:00"),
    ],
)
def test_part_of_a_month_keeps_to_its_working_days_and_ends_with_a_shorter_month(
    now: str, first: int, last: int, opens: str, ends: str
) -> None:
    assert businesstime.in_month(at(now), first, last, OFFICE) == (at(opens), at(ends))


def test_days_and_windows_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        businesstime.due_in_days(at(FRIDAY), -1, OFFICE)
    with pytest.raises(ValueError, match="ends before"):
        businesstime.window(at(FRIDAY), 3, 2, OFFICE)
    with pytest.raises(ValueError, match="cannot be negative"):
        businesstime.window(at(FRIDAY), -1, 2, OFFICE)
    with pytest.raises(ValueError, match="not days of a month"):
        businesstime.in_month(at(FRIDAY), 30, 28, OFFICE)
    with pytest.raises(ValueError, match="no zone of its own"):
        businesstime.due_at_cut_off(at(FRIDAY), OFFICE, time(16, 30, tzinfo=UTC))
    with pytest.raises(ValueError, match="without a zone"):
        businesstime.due_in_days(datetime(2026, 11, 20), 1, OFFICE)
    with pytest.raises(ValueError, match="outside 1900 to 2299"):
        businesstime.due_in_days(at(FRIDAY), 10**9, OFFICE)
    with pytest.raises(ValueError, match="not by a moment"):
        businesstime.day(at(FRIDAY), OFFICE)


@settings(max_examples=80, deadline=None)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(ZoneInfo("Asia/Shanghai"))),
    st.integers(1, 40),
    st.sets(st.integers(0, 60), max_size=20),
    st.lists(st.tuples(st.integers(0, 800), st.integers(0, 200)), max_size=3),
)
def test_counting_days_one_by_one_gives_the_same_deadline(
    start: datetime, days: int, closed: set[int], paused_hours: list[tuple[int, int]]
) -> None:
    shut = {start.date() + timedelta(days=n) for n in closed}
    pauses = [
        (start + timedelta(hours=begin), start + timedelta(hours=begin + length))
        for begin, length in paused_hours
    ]
    calendar = businesstime.calendar(
        {"time_zone": "Asia/Shanghai", "weekly": WEEK, "closed": [str(day) for day in shut]}
    )
    expected = day_by_day(start, days, shut, pauses)
    assert businesstime.due_in_days(start, days, calendar, pauses=pauses) == expected


def day_by_day(
    start: datetime, days: int, shut: set[date], pauses: list[tuple[datetime, datetime]]
) -> datetime:
    day = start.date()
    while days:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in shut and not all_paused(day, pauses):
            days -= 1
    return at(f"{day} 18:00")


def all_paused(day: date, pauses: list[tuple[datetime, datetime]]) -> bool:
    edges = sorted(
        {at(f"{day} {text}") for pair in HOURS for text in pair} | {p for pair in pauses for p in pair}
    )
    open_edges = [
        edge
        for edge in edges
        if any(at(f"{day} {begin}") <= edge < at(f"{day} {end}") for begin, end in HOURS)
    ]
    return all(any(begin <= edge < end for begin, end in pauses) for edge in open_edges)
