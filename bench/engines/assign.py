"""How long it takes to rank a team and a whole house for one case."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from huiyin.engines import assign

_NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
_NEED = assign.Need(
    team="repair",
    category="fault",
    skills=frozenset({"english"}),
    customer_level="vip",
    dedicated="p3",
    excluded=frozenset({"p5"}),
)


def _people(count: int) -> list[assign.Candidate]:
    return [
        assign.Candidate(
            f"p{number}",
            teams=frozenset({"repair", "sales"}),
            skills=frozenset({"english"}) if number % 3 else frozenset(),
            seniority=number % 6,
            load=Decimal(number % 11) / 2,
            last_assigned_at=_NINE + timedelta(minutes=number),
            assigned_today=number % 7,
        )
        for number in range(count)
    ]


_TEAM = _people(20)
_HOUSE = _people(500)

CASES: list[tuple[str, Callable[[], object]]] = [
    ("rank 20 people", lambda: assign.rank(_NEED, _TEAM)),
    ("rank 500 people", lambda: assign.rank(_NEED, _HOUSE)),
]
