"""Scoring rules: how a measured value becomes points, from 0 to the indicator's weight."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from huiyin.engines.reason import Reason
from huiyin.engines.scoring import read
from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import plain


@dataclass(frozen=True, slots=True)
class ByHand:
    """Each rater gives the points."""


@dataclass(frozen=True, slots=True)
class Linear:
    """No points at `zero_at`, all at `full_at`, in proportion between; either may be the larger one."""

    zero_at: Decimal
    full_at: Decimal


@dataclass(frozen=True, slots=True)
class Steps:
    """The points of the best step reached: value ≥ step when higher is better, ≤ when lower is; else none."""

    better: Literal["higher", "lower"]
    steps: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class PerItem:
    """`start` and `each` for every item counted, never below `least` nor above `most`."""

    start: Decimal
    each: Decimal
    least: Decimal
    most: Decimal


Rule = ByHand | Linear | Steps | PerItem


def rule(given: object, where: str, weight: Decimal) -> Rule:
    """Build a rule from `{kind: by_hand | linear | steps | per_item, …}`. Raises ScoringError.

    linear: zero_at, full_at · steps: better? (higher), steps: [{at, points}] · per_item: each, start?,
    least?, most? (a deduction starts at the weight, an addition at 0; the bounds are 0 and the weight).
    """
    kinds = {"by_hand": (), "linear": ("zero_at", "full_at"), "steps": ("steps",), "per_item": ("each",)}
    may = {"steps": ("better",), "per_item": ("start", "least", "most")}
    kind = read.text(read.table(given, where).get("kind"), f"{where}.kind", among=kinds)
    fields = read.record(given, where, needs=("kind", *kinds[kind]), may=may.get(kind, ()))
    if kind == "linear":
        return _linear(fields, where)
    if kind == "steps":
        return _steps(fields, where, weight)
    if kind == "per_item":
        return _per_item(fields, where, weight)
    return ByHand()


def points(of: Linear | Steps | PerItem, value: Fraction, weight: Decimal) -> tuple[Fraction, Reason]:
    """Return the exact points that `value` earns, and the figures that explain them."""
    if isinstance(of, Linear):
        zero, full = Fraction(of.zero_at), Fraction(of.full_at)
        share = min(max((value - zero) / (full - zero), Fraction(0)), Fraction(1))
        shown = {"value": plain(value), "zero_at": plain(of.zero_at), "full_at": plain(of.full_at)}
        return share * Fraction(weight), Reason("linear", {**shown, "weight": plain(weight)})
    if isinstance(of, Steps):
        higher = of.better == "higher"
        reached = [step for step in of.steps if (value >= step[0] if higher else value <= step[0])]
        if not reached:
            first = plain(of.steps[0][0])
            return Fraction(0), Reason("no_step_reached", {"value": plain(value), "first": first})
        at, earned = reached[-1]
        shown = {"value": plain(value), "at": plain(at), "points": plain(earned)}
        return Fraction(earned), Reason("step", shown)
    counted = Fraction(of.start) + Fraction(of.each) * value
    earned_now = min(max(counted, Fraction(of.least)), Fraction(of.most))
    shown = {"count": plain(value), "start": plain(of.start), "each": plain(of.each)}
    return earned_now, Reason("per_item", {**shown, "least": plain(of.least), "most": plain(of.most)})


def _linear(fields: dict[str, object], where: str) -> Linear:
    zero_at, full_at = (read.decimal(fields[name], f"{where}.{name}") for name in ("zero_at", "full_at"))
    if zero_at == full_at:
        raise ScoringError("linear_without_length", field=where, value=plain(zero_at))
    return Linear(zero_at, full_at)


def _steps(fields: dict[str, object], where: str, weight: Decimal) -> Steps:
    lower = read.text(fields.get("better", "higher"), f"{where}.better", among=("higher", "lower")) == "lower"
    found: list[tuple[Decimal, Decimal]] = []
    for number, item in enumerate(read.items(fields["steps"], f"{where}.steps")):
        here = f"{where}.steps.{number}"
        step = read.record(item, here, needs=("at", "points"))
        at = read.decimal(step["at"], f"{here}.at")
        found.append((at, within(read.decimal(step["points"], f"{here}.points"), weight, f"{here}.points")))
    if not found:
        raise ScoringError("steps_empty", field=where)
    found.sort(reverse=lower)
    for (at, fewer), (following, more) in pairwise(found):
        if at == following:
            raise ScoringError("step_twice", field=where, value=plain(at))
        if more < fewer:
            raise ScoringError("step_backwards", field=where, value=plain(following))
    return Steps("lower" if lower else "higher", tuple(found))


def _per_item(fields: dict[str, object], where: str, weight: Decimal) -> PerItem:
    each = read.decimal(fields["each"], f"{where}.each")
    usual = {"start": weight if each < 0 else Decimal(0), "least": Decimal(0), "most": weight}
    start, least, most = (
        within(read.decimal(fields.get(name, usual[name]), f"{where}.{name}"), weight, f"{where}.{name}")
        for name in ("start", "least", "most")
    )
    if least > most:
        raise ScoringError("bounds_crossed", field=where, least=plain(least), most=plain(most))
    return PerItem(start, each, least, most)


def within(number: Decimal, weight: Decimal, where: str) -> Decimal:
    """Return points that lie between 0 and the weight, or raise ScoringError."""
    if not 0 <= number <= weight:
        raise ScoringError("points_out_of_range", field=where, value=plain(number), most=plain(weight))
    return number
