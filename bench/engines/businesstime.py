"""Cost of business time on a calendar whose year is full of exceptions."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiyin.engines import businesstime

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
NEW_YEAR = date(2026, 1, 1)
HOLIDAYS = businesstime.holiday_table(
    [
        {"date": NEW_YEAR + timedelta(days=9 * n), "kind": "off" if n % 3 else "work", "name": f"day {n}"}
        for n in range(40)
    ],
    {2025: "official", 2026: "official", 2027: "provisional"},
)
DEFINITION: dict[str, object] = {
    "time_zone": "Asia/Shanghai",
    "weekly": {day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in WORKDAYS},
    "closed": [str(NEW_YEAR + timedelta(days=7 * n + 3)) for n in range(50)],
    "open": {str(NEW_YEAR + timedelta(days=14 * n + 5)): [["10:00", "15:00"]] for n in range(25)},
    "holidays": "CN",
}
OFFICE = businesstime.calendar(DEFINITION, holidays=HOLIDAYS)
START = datetime(2026, 3, 6, 15, 20, 30, tzinfo=SHANGHAI)
MONTHS_LATER = START + timedelta(days=200)
PAUSES = [
    (START + timedelta(days=n, hours=1), START + timedelta(days=n, hours=1, minutes=40)) for n in range(5)
]


def _compiled() -> object:
    calendar = businesstime.calendar(DEFINITION, holidays=HOLIDAYS)
    return businesstime.is_open(START, calendar)


CASES: list[tuple[str, Callable[[], object]]] = [
    ("due in 2 h, 125 exceptions a year", lambda: businesstime.due(START, timedelta(hours=2), OFFICE)),
    ("due in 300 h, 125 exceptions a year", lambda: businesstime.due(START, timedelta(hours=300), OFFICE)),
    (
        "due in 20 h with 5 pauses",
        lambda: businesstime.due(START, timedelta(hours=20), OFFICE, pauses=PAUSES),
    ),
    ("due in 72 natural hours", lambda: businesstime.due(START, timedelta(hours=72), businesstime.ALWAYS)),
    ("elapsed over 200 days", lambda: businesstime.elapsed(START, MONTHS_LATER, OFFICE)),
    ("due in 5 working days", lambda: businesstime.due_in_days(START, 5, OFFICE)),
    ("due at today's cut-off", lambda: businesstime.due_at_cut_off(START, OFFICE, time(16, 30))),
    ("window between day 2 and 3", lambda: businesstime.window(START, 2, 3, OFFICE)),
    ("is open", lambda: businesstime.is_open(START, OFFICE)),
    ("define a calendar and compile a year", _compiled),
]
