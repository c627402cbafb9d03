"""What a fortnight's roster costs for a team of 40, with room to spare and without."""

from collections.abc import Callable
from datetime import date, time, timedelta

from huiyin.engines import roster
from huiyin.engines.roster import Need, Person, Problem, Shift, Wish

MONDAY = date(2026, 3, 2)
SHIFTS = (
    Shift("early", time(8), time(16)),
    Shift("late", time(14), time(22)),
    Shift("night", time(22), time(6), night=True),
)


def _fortnight(people: int, early: int) -> Problem:
    takes = {"early": early, "late": 6, "night": 2}
    days = [MONDAY + timedelta(days=ahead) for ahead in range(14)]
    return Problem(
        people=tuple(Person(f"p{at:02}", leave=frozenset({days[at % 14]})) for at in range(people)),
        shifts=SHIFTS,
        needs=tuple(Need(day, shift, count) for day in days for shift, count in takes.items()),
        wishes=tuple(Wish(f"p{at:02}", days[(at * 5) % 14], on=False) for at in range(people)),
    )


ENOUGH, SHORT = _fortnight(40, 10), _fortnight(40, 24)

CASES: list[tuple[str, Callable[[], object]]] = [
    ("40 people, 14 days, enough", lambda: roster.plan(ENOUGH, seed=1)),
    ("40 people, 14 days, short of people", lambda: roster.plan(SHORT, seed=1)),
]
