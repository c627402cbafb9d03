"""Owns the arithmetic of performance and pay: schemes, scores, pay bands, commissions, statements.

Does not own where values come from, who confirms them, or words for people: reasons are codes.
Start with scheme() and score(), then bands() and pay(), tiers() and commission().
"""

from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import Rounding
from huiyin.engines.scoring.inputs import Rating, Values, values
from huiyin.engines.scoring.months import MonthScore, Shortfall, below_target
from huiyin.engines.scoring.payout import Commission, Pay, Slice, commission, pay, team_received
from huiyin.engines.scoring.ranges import Ranges, Span, bands, tiers
from huiyin.engines.scoring.schemes import Indicator, Scheme, scheme
from huiyin.engines.scoring.scored import Part, Rated, Scored, score
from huiyin.engines.scoring.statements import Line, statement

__all__ = [
    "Commission",
    "Indicator",
    "Line",
    "MonthScore",
    "Part",
    "Pay",
    "Ranges",
    "Rated",
    "Rating",
    "Rounding",
    "Scheme",
    "Scored",
    "ScoringError",
    "Shortfall",
    "Slice",
    "Span",
    "Values",
    "bands",
    "below_target",
    "commission",
    "pay",
    "scheme",
    "score",
    "statement",
    "team_received",
    "tiers",
    "values",
]
