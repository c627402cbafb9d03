"""Months below target: when the manager must be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from huiyin.engines.reason import Reason
from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import plain
from huiyin.engines.scoring.read import PERIOD


@dataclass(frozen=True, slots=True)
class MonthScore:
    """One month's (`2026-02`) score and target; `score` is None when the month was exempt."""

    month: str
    score: Decimal | None
    target: Decimal


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The months that were below target, enough of them that the manager must decide."""

    months: tuple[str, ...]
    because: Reason


def below_target(
    scores: Sequence[MonthScore], *, count: int = 3, window: int = 12, in_a_row: bool = False
) -> Shortfall | None:
    """Return the shortfall when `count` months were below target, else None.

    Looks at the `window` calendar months that end with the newest score, given in any order. In total counts
    every month below target (a score equal to it is not). In a row counts back from the newest: an exempt
    month neither counts nor breaks the row, a month without a score breaks it. Raises ScoringError.
    """
    if count < 1 or window < count:
        raise ScoringError("window_too_short", count=count, window=window)
    by_number = {_number(one.month): one for one in scores}
    if len(by_number) != len(scores):
        raise ScoringError("month_twice")
    if not by_number:
        return None
    newest = max(by_number)
    recent = [by_number.get(number) for number in range(newest, newest - window, -1)]
    below = _row(recent) if in_a_row else [one for one in recent if one and _is_below(one)]
    if len(below) < count:
        return None
    months = tuple(one.month for one in reversed(below))
    shown = {one.month: f"{plain(one.score or Decimal(0))} < {plain(one.target)}" for one in below}
    code = "below_in_a_row" if in_a_row else "below_in_total"
    return Shortfall(months, Reason(code, {"count": len(below), **shown}))


def _row(recent: list[MonthScore | None]) -> list[MonthScore]:
    row = []
    for one in recent:
        if one is None or (one.score is not None and not _is_below(one)):
            break
        if one.score is not None:
            row.append(one)
    return row


def _is_below(one: MonthScore) -> bool:
    return one.score is not None and one.score < one.target


def _number(month: str) -> int:
    if not PERIOD.fullmatch(month) or "Q" in month:
        raise ScoringError("not_a_period", field="month", value=month)
    return int(month[:4]) * 12 + int(month[5:])
