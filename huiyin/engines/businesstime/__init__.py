"""Owns business time: opening hours, holidays, due times, working days, cut-offs and windows.

Does not own where calendars and holidays are stored, nor what a promise does when it is due.
Start with hours.due; the rules are in docs/developers/engines/businesstime.md.
"""

from huiyin.engines.businesstime.calendars import ALWAYS, Calendar
from huiyin.engines.businesstime.days import (
    Day,
    certainty,
    day,
    due_at_cut_off,
    due_in_days,
    in_month,
    window,
)
from huiyin.engines.businesstime.definition import calendar
from huiyin.engines.businesstime.errors import CalendarError, NeverOpen, UnknownYear
from huiyin.engines.businesstime.holidays import DayKind, HolidayTable, holiday_table
from huiyin.engines.businesstime.hours import due, elapsed, is_open, opening

__all__ = [
    "ALWAYS",
    "Calendar",
    "CalendarError",
    "Day",
    "DayKind",
    "HolidayTable",
    "NeverOpen",
    "UnknownYear",
    "calendar",
    "certainty",
    "day",
    "due",
    "due_at_cut_off",
    "due_in_days",
    "elapsed",
    "holiday_table",
    "in_month",
    "is_open",
    "opening",
    "window",
]
