"""What one question about staffing costs: an ordinary team, and the largest queue that is answered."""

from collections.abc import Callable

from huiyin.engines import staffing
from huiyin.engines.staffing import Demand

TEAM = Demand(calls=100, interval_s=1800, aht_s=180)
LARGEST = Demand(calls=9_700, interval_s=60, aht_s=60)

CASES: list[tuple[str, Callable[[], object]]] = [
    ("needed, 10 erlangs", lambda: staffing.needed(TEAM, 0.8, 20)),
    ("measure, 14 agents", lambda: staffing.measure(TEAM, 14, within_s=20)),
    ("needed, 9,700 erlangs", lambda: staffing.needed(LARGEST, 0.8, 20)),
]
