"""What the words for days and hours mean at a given moment, in a zone and under a calendar."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from huiyin.engines import businesstime

CLOSING = time(18)
_FRIDAY = 4


def when(at: datetime, zone: ZoneInfo, calendar: businesstime.Calendar | None) -> "When":
    """Return how words are read; the calendar that never closes ends its days at local midnight."""
    if calendar == businesstime.ALWAYS:
        return When(at, zone, _always(zone.key))
    return When(at, zone, calendar)


@dataclass(frozen=True, slots=True)
class When:
    """The moment a text was written, where, and the opening hours that its days end by."""

    at: datetime
    zone: ZoneInfo
    calendar: businesstime.Calendar | None

    @property
    def today(self) -> date:
        """The local date of `at`."""
        return self.at.astimezone(self.zone).date()

    def on_wall(self, day: date, minutes: int) -> datetime:
        """Return `minutes` after local midnight of a date, in UTC; 1440 is the next midnight."""
        local = datetime.combine(
            day + timedelta(days=minutes // 1440), time(minutes % 1440 // 60, minutes % 60)
        )
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def day_end(self, day: date) -> datetime:
        """Return when a date's last period ends, 18:00 on closed days or without a calendar.

        What has passed today already becomes the coming midnight.
        """
        end = self._closing(day) or self.on_wall(day, CLOSING.hour * 60)
        return self.on_wall(day, 1440) if day == self.today and end <= self.at else end

    def closing(self, day: date | None) -> datetime:
        """Return the close of a date; without one of today, or of the next working day once passed."""
        if day is not None:
            return self.day_end(day)
        today = self._closing(self.today) or self.on_wall(self.today, CLOSING.hour * 60)
        return today if today > self.at and self.is_working(self.today) else self.working_days(1)

    def working_days(self, count: int) -> datetime:
        """Return the end of the working day `count` days after today."""
        if self.calendar is not None:
            try:
                return businesstime.due_in_days(self.at, count, self.calendar)
            except (businesstime.NeverOpen, businesstime.UnknownYear):
                pass
        day = self.today
        while count > 0:
            day += timedelta(days=1)
            count -= day.weekday() <= _FRIDAY
        return self.day_end(day)

    def week_end(self, weeks: int) -> datetime:
        """Return the end of the last working day of this week (0) or a later one."""
        monday = self.today + timedelta(days=7 * weeks - self.today.weekday())
        days = [monday + timedelta(days=number) for number in range(7)]
        working = [day for day in days if self.is_working(day)] or [days[_FRIDAY]]
        return self.day_end(working[-1])

    def month_end(self, months: int) -> datetime:
        """Return the end of the last day of this month (0) or a later one."""
        first = month_later(self.today.replace(day=1), months)
        return self.day_end(first.replace(day=monthrange(first.year, first.month)[1]))

    def is_working(self, day: date) -> bool:
        """Whether a date is a working day: by the calendar, else Monday to Friday."""
        return (
            day.weekday() <= _FRIDAY
            if self.calendar is None
            else businesstime.day(day, self.calendar).working
        )

    def _closing(self, day: date) -> datetime | None:
        if self.calendar is None:
            return None
        try:
            end = businesstime.due_in_days(self.on_wall(day, 0), 0, self.calendar)
        except (businesstime.NeverOpen, businesstime.UnknownYear, ValueError):
            return None
        first, last = self.on_wall(day, 0), self.on_wall(day, 2 * 1440)
        return end if first < end <= last and self.is_working(day) else None


@lru_cache(maxsize=16)
def _always(zone: str) -> businesstime.Calendar:
    return businesstime.calendar({"time_zone": zone, "always": True})


def month_later(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
