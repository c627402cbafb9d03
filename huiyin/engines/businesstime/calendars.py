"""The calendar: a value that knows which hours of which dates are open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from huiyin.engines.businesstime import instants, walls, years
from huiyin.engines.businesstime.errors import UnknownYear
from huiyin.engines.businesstime.holidays import HolidayTable, Status

FIRST_YEAR = 1900
LAST_YEAR = 2299
EARLIEST = instants.of(datetime(FIRST_YEAR - 1, 12, 30, tzinfo=UTC))
LATEST = instants.of(datetime(LAST_YEAR + 1, 1, 3, tzinfo=UTC))
MONDAY_TO_FRIDAY = range(5)
ALL_DAY: walls.Periods = ((0, instants.DAY),)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours in a zone; build it by `calendar`. Equal definitions are equal and hash alike.

    `weekly` has seven entries, Monday first. `special` are the dates with periods of their own
    (none: closed), which go before holidays, which go before the week. A period belongs to the date
    on which it begins, also when it runs past midnight. Years are compiled when first asked for and
    kept; two threads may compile the same year, with the same result.
    """

    time_zone: str
    weekly: tuple[walls.Periods, ...]
    special: tuple[tuple[date, walls.Periods], ...] = ()
    holidays: HolidayTable | None = None
    zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _special: dict[date, walls.Periods] = field(init=False, repr=False, compare=False)
    _years: dict[int, years.Year] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", ZoneInfo(self.time_zone))
        object.__setattr__(self, "_special", dict(self.special))
        object.__setattr__(self, "_years", {})

    def year(self, number: int) -> years.Year:
        """Return a compiled year. Raises UnknownYear, and ValueError outside 1900 to 2299."""
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._compiled(number)
        return found

    def year_of(self, instant: int) -> years.Year:
        """Return the compiled year of an instant. Raises as `year` does."""
        found = self.year(self.local_date(instant).year)
        # Phoenix put its clocks back at 00:01 on 1 January 1944: the old year was shown again.
        return found if instant < found.end else self.year(found.number + 1)

    def local_date(self, instant: int) -> date:
        """Return the date on the calendar's wall at an instant. Raises ValueError as `year` does."""
        if not EARLIEST <= instant < LATEST:
            raise ValueError(f"a time outside the years {FIRST_YEAR} to {LAST_YEAR} cannot be counted")
        return datetime.fromtimestamp(instant // instants.SECOND, self.zone).date()

    def status(self, day: date) -> Status:
        """Return how sure the hours of a date are; what the organisation set itself is official."""
        return "official" if day in self._special else self.year_status(day.year)

    def year_status(self, number: int) -> Status:
        """Return how sure a year is; holidays cannot change a calendar without weekly hours."""
        if self.holidays is None or not any(self.weekly):
            return "official"
        return self.holidays.status(number)

    def periods(self, day: date) -> walls.Periods:
        """Return the periods of a date, in microseconds after its midnight."""
        own = self._special.get(day)
        if own is not None:
            return own
        kind = "plain" if self.holidays is None else self.holidays.day(day).kind
        if kind == "off":
            return ()
        return self._make_up(day) if kind == "work" else self.weekly[day.weekday()]

    def spans(self, day: date) -> list[instants.Span]:
        """Return the open spans that belong to a date. Raises ValueError as `year` does."""
        _check_year(day.year)
        base = walls.midnight(day)
        pieces = walls.stretches(self.zone, base - instants.DAY, base + 3 * instants.DAY)
        return walls.spans(pieces, base, self.periods(day))

    def _make_up(self, day: date) -> walls.Periods:
        hours = next((self.weekly[number] for number in MONDAY_TO_FRIDAY if self.weekly[number]), None)
        return self.weekly[day.weekday()] if hours is None else hours

    def _compiled(self, number: int) -> years.Year:
        _check_year(number)
        if self.year_status(number) == "unknown":
            raise UnknownYear(number)
        first, after = date(number, 1, 1), date(number + 1, 1, 1)
        days = (first + timedelta(days=count) for count in range((after - first).days))
        eve = first - timedelta(days=1)
        if self.status(eve) != "unknown":
            return years.compiled(self.zone, number, self.periods(eve), self._hours(days))
        latest = max(end for periods in self.weekly for _, end in periods)
        return years.compiled(
            self.zone, number, (), self._hours(days), unknown_until=max(0, latest - instants.DAY)
        )

    def _hours(self, days: Iterable[date]) -> Iterator[tuple[date, walls.Periods]]:
        return ((day, self.periods(day)) for day in days)


def _check_year(number: int) -> None:
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise ValueError(f"the year {number} is outside {FIRST_YEAR} to {LAST_YEAR}")


ALWAYS = Calendar(time_zone="UTC", weekly=(ALL_DAY,) * 7)
