"""Owns who works which shift on which day: hard rules kept without exception, wishes and fairness weighed.

Does not own publication, swaps, presence or how demand is forecast (staffing says how many are needed).
Start with Problem and plan(); another solver plugs in through Solver.
"""

from huiyin.engines.roster.board import violations
from huiyin.engines.roster.greedy import Greedy
from huiyin.engines.roster.plan import BrokenWish, Roster, Solver, Unmet, plan
from huiyin.engines.roster.problem import (
    Duty,
    Need,
    Person,
    Problem,
    RosterError,
    Rules,
    Shift,
    Weights,
    Wish,
)

__all__ = [
    "BrokenWish",
    "Duty",
    "Greedy",
    "Need",
    "Person",
    "Problem",
    "Roster",
    "RosterError",
    "Rules",
    "Shift",
    "Solver",
    "Unmet",
    "Weights",
    "Wish",
    "plan",
    "violations",
]
