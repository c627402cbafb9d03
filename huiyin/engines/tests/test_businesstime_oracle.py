"""Business time against a clock that is read on the wall, minute by minute or second by second."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huiyin.engines import businesstime

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
EDGES = {
    "Europe/Berlin": (datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)),
    "America/New_York": (datetime(2026, 3, 8, 7), datetime(2026, 11, 1, 6)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15), datetime(2026, 10, 3, 15, 30)),
    "Africa/Casablanca": (datetime(2026, 2, 15, 2), datetime(2026, 3, 22, 2)),
    "America/Havana": (datetime(2026, 3, 8, 5), datetime(2026, 11, 1, 5)),
    "Pacific/Apia": (datetime(2011, 12, 30, 10), datetime(2012, 1, 1)),
    "America/Phoenix": (datetime(1944, 1, 1, 6), datetime(1944, 1, 1, 7)),
    "Asia/Shanghai": (datetime(2024, 2, 29, 4), datetime(2026, 12, 31, 16)),
    "UTC": (datetime(2023, 12, 31, 23), datetime(2028, 2, 29)),
}


class Wall:
    """The slow truth: is this instant open, judging by what the clock on the wall shows?"""

    def __init__(self, definition: dict[str, Any]) -> None:
        self.definition = definition
        self.zone = ZoneInfo(definition["time_zone"])
        self.periods: dict[date, list[tuple[datetime, datetime]]] = {}

    def of(self, day: date) -> list[tuple[datetime, datetime]]:
        if day not in self.periods:
            own: list[list[str]] = self.definition["weekly"].get(WEEKDAYS[day.weekday()], [])
            if str(day) in self.definition["closed"]:
                own = []
            own = self.definition["open"].get(str(day), own)
            self.periods[day] = [self.shown(day, *pair) for pair in own]
        return self.periods[day]

    def shown(self, day: date, start: str, end: str) -> tuple[datetime, datetime]:
        midnight = datetime(day.year, day.month, day.day)
        begin, finish = (midnight + of_day(text) for text in (start, end))
        return begin, finish if finish > begin else finish + timedelta(days=1)

    def is_open(self, at: datetime) -> bool:
        reading = at.astimezone(self.zone).replace(tzinfo=None)
        days = reading.date() - timedelta(days=1), reading.date()
        return any(begin <= reading < end for day in days for begin, end in self.of(day))

    def counted(self, start: datetime, end: datetime, step: timedelta) -> timedelta:
        return step * sum(self.is_open(at) for at in ticks(start, step) if at < end)

    def reached(self, start: datetime, working: timedelta, step: timedelta) -> datetime:
        at = start
        while working:
            working -= step * self.is_open(at)
            at += step
        return at


def of_day(text: str) -> timedelta:
    hours, minutes, seconds = ([int(part) for part in text.split(":")] + [0])[:3]
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def ticks(start: datetime, step: timedelta) -> Iterator[datetime]:
    end = start + timedelta(days=9)
    while start < end:
        yield start
        start += step


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> list[list[str]]:
    marks = draw(st.lists(st.integers(0, 95), max_size=6, unique=True))
    marks = sorted(marks[: len(marks) // 2 * 2])
    pairs = [marks[index : index + 2] for index in range(0, len(marks), 2)]
    shown = [[f"{mark // 4:02}:{mark % 4 * 15:02}" for mark in pair] for pair in pairs]
    last = draw(st.sampled_from(["as drawn", "24:00", "00:00", "start of the first"]))
    if shown and last != "as drawn":
        shown[-1][1] = shown[0][0] if last.startswith("start") else last
    return shown


@st.composite
def calendars_near_an_edge(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    zone = draw(st.sampled_from(sorted(EDGES)))
    start = draw(st.sampled_from(EDGES[zone])).replace(tzinfo=UTC)
    start += draw(st.integers(-2000, 2000)) * MINUTE
    near = [str((start + timedelta(days=n)).date()) for n in range(-1, 5)]
    closed = draw(st.lists(st.sampled_from(near), max_size=2, unique=True))
    extra = {day: draw(hours_of_a_day()) for day in near[2:4] if day not in closed and draw(st.booleans())}
    weekly = {day: draw(hours_of_a_day()) for day in WEEKDAYS}
    weekly["wed"] = weekly["wed"] or [["01:30", "02:15"], ["22:00", "06:00"]]
    opened = {day: hours for day, hours in extra.items() if hours}
    return {"time_zone": zone, "weekly": weekly, "closed": closed, "open": opened}, start


@settings(max_examples=40, deadline=None)
@given(calendars_near_an_edge(), st.integers(0, 3 * 24 * 60))
def test_open_time_is_what_the_wall_clock_shows_minute_by_minute(
    given_: tuple[dict[str, Any], datetime], minutes: int
) -> None:
    definition, start = given_
    end = start + minutes * MINUTE
    calendar = businesstime.calendar(definition)
    assert businesstime.elapsed(start, end, calendar) == Wall(definition).counted(start, end, MINUTE)


@settings(max_examples=40, deadline=None)
@given(calendars_near_an_edge(), st.integers(1, 900))
def test_a_due_time_is_reached_minute_by_minute(
    given_: tuple[dict[str, Any], datetime], minutes: int
) -> None:
    definition, start = given_
    definition["weekly"]["sat"] = definition["weekly"]["sat"] or [["00:00", "24:00"]]
    working = minutes * MINUTE
    calendar = businesstime.calendar(definition)
    assert businesstime.due(start, working, calendar) == Wall(definition).reached(start, working, MINUTE)


@settings(max_examples=40, deadline=None)
@given(calendars_near_an_edge())
def test_open_now_and_the_next_opening_are_what_the_wall_clock_shows(
    given_: tuple[dict[str, Any], datetime],
) -> None:
    definition, start = given_
    wall, calendar = Wall(definition), businesstime.calendar(definition)
    assert businesstime.is_open(start, calendar) == wall.is_open(start)
    following = next((at for at in ticks(start, MINUTE) if wall.is_open(at)), None)
    assert following is None or businesstime.opening(start, calendar) == following


@pytest.mark.parametrize("zone", sorted(EDGES))
@pytest.mark.parametrize("edge", [0, 1])
def test_open_time_is_exact_to_the_second_across_a_change_of_the_clock(zone: str, edge: int) -> None:
    edges = ["00:59:58", "01:14:03", "01:44:59", "02:15:01", "02:44:44", "03:10:10", "23:20:07", "00:10:09"]
    hours = [edges[index : index + 2] for index in range(0, len(edges), 2)]
    definition = {"time_zone": zone, "weekly": dict.fromkeys(WEEKDAYS, hours), "closed": [], "open": {}}
    start = EDGES[zone][edge].replace(tzinfo=UTC) - timedelta(minutes=71, seconds=7)
    end = start + timedelta(minutes=150, seconds=13)
    calendar = businesstime.calendar(definition)
    assert businesstime.elapsed(start, end, calendar) == Wall(definition).counted(start, end, SECOND)


@settings(max_examples=60, deadline=None)
@given(calendars_near_an_edge(), st.timedeltas(timedelta(0), timedelta(days=40)), st.data())
def test_counting_back_what_was_counted_forward_gives_the_same_time(
    given_: tuple[dict[str, Any], datetime], working: timedelta, data: st.DataObject
) -> None:
    definition, start = given_
    calendar = businesstime.calendar(definition)
    pauses = data.draw(pauses_after(start))
    reached = businesstime.due(start, working, calendar, pauses=pauses)
    assert reached >= start
    assert businesstime.elapsed(start, reached, calendar, pauses=pauses) == working


@settings(max_examples=50, deadline=None)
@given(
    calendars_near_an_edge(),
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_more_working_time_or_a_later_start_is_never_due_earlier(
    given_: tuple[dict[str, Any], datetime], working: timedelta, more: timedelta, later: timedelta
) -> None:
    definition, start = given_
    calendar = businesstime.calendar(definition)
    first = businesstime.due(start, working, calendar)
    assert first <= businesstime.due(start, working + more, calendar)
    assert first <= businesstime.due(start + later, working, calendar)


@settings(max_examples=40, deadline=None)
@given(calendars_near_an_edge(), st.integers(0, 2000), st.data())
def test_paused_minutes_do_not_count(
    given_: tuple[dict[str, Any], datetime], minutes: int, data: st.DataObject
) -> None:
    definition, start = given_
    end = start + minutes * MINUTE
    pauses = data.draw(pauses_after(start))
    wall = Wall(definition)
    expected = MINUTE * sum(
        wall.is_open(at) and not any(begin <= at < finish for begin, finish in pauses)
        for at in ticks(start, MINUTE)
        if at < end
    )
    calendar = businesstime.calendar(definition)
    assert businesstime.elapsed(start, end, calendar, pauses=pauses) == expected


@settings(max_examples=40, deadline=None)
@given(calendars_near_an_edge(), st.integers(0, 3000), st.integers(0, 3000))
@example(
    (
        {"time_zone": "UTC", "weekly": {"thu": [["00:00", "24:00"]]}, "closed": [], "open": {}},
        datetime(2026, 12, 31, 23, tzinfo=UTC),
    ),
    60,
    60,
)
def test_two_stretches_of_open_time_add_up(
    given_: tuple[dict[str, Any], datetime], first: int, second: int
) -> None:
    definition, start = given_
    calendar = businesstime.calendar(definition)
    middle = start + first * MINUTE
    end = middle + second * MINUTE
    parts = businesstime.elapsed(start, middle, calendar) + businesstime.elapsed(middle, end, calendar)
    assert parts == businesstime.elapsed(start, end, calendar)


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> list[tuple[datetime, datetime]]:
    pauses = draw(st.lists(st.tuples(st.integers(-600, 4000), st.integers(0, 900)), max_size=4))
    return [(start + begin * MINUTE, start + (begin + length) * MINUTE) for begin, length in pauses]
