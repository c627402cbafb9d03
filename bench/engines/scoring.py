"""What a month's score, its pay and a commission cost, with everything built beforehand."""

from collections.abc import Callable
from decimal import Decimal

from huiyin.engines import scoring

SCHEME = scoring.scheme(
    {
        "code": "bench",
        "raters": {"agent": {"manager": 90, "self": 10}},
        "indicators": [
            {"code": f"i{at}", "weight": 5, "rule": {"kind": "linear", "zero_at": 60, "full_at": 95}}
            for at in range(20)
        ],
    }
)
VALUES = scoring.values({"role": "agent", "measured": {f"i{at}": 70 + at for at in range(20)}})
BANDS = scoring.bands(
    [{"to": 75, "pays": 0}, {"above": 75, "to": 90, "pays": 200}, {"above": 90, "pays": 400}]
)
TIERS = scoring.tiers([{"from": 0, "below": 2500, "rate": 10}, {"from": 2500, "rate": 15}])

CASES: list[tuple[str, Callable[[], object]]] = [
    ("score, 20 indicators, 2 raters", lambda: scoring.score(SCHEME, VALUES, "2026-02")),
    ("pay", lambda: scoring.pay(BANDS, Decimal("88.5"))),
    ("commission, marginal", lambda: scoring.commission(TIERS, Decimal("6000.05"), marginal=True)),
]
