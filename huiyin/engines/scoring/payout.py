"""What a score pays and what receipts earn."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huiyin.engines.reason import Reason
from huiyin.engines.scoring import read
from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import plain
from huiyin.engines.scoring.ranges import BEFORE, Ranges


@dataclass(frozen=True, slots=True)
class Pay:
    """The amount of the band that covers `score`."""

    score: Decimal
    band: str
    amount: Decimal
    because: Reason


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the receipts, the rate on it in percent, and what it earns."""

    tier: str
    base: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Commission:
    """What `received` earns: one slice at one rate, or one slice a tier when marginal."""

    received: Decimal
    marginal: bool
    amount: Decimal
    slices: tuple[Slice, ...]
    because: Reason


def pay(bands: Ranges, score: Decimal) -> Pay:
    """Return what `score` pays. Raises ScoringError, also while any amount of the bands is still open."""
    _all_filled(bands)
    span = bands.at(read.decimal(score, "score"))
    amount = bands.rounding.apply(Fraction(span.gives or 0))
    shown = {"score": plain(score), "band": span.text(), "amount": plain(amount)}
    return Pay(score, span.text(), amount, Reason("band", shown))


def commission(tiers: Ranges, received: Decimal, *, marginal: bool = False) -> Commission:
    """Return the commission on what was received in the month; for a manager pass team_received().

    The rate of the tier reached applies to the whole amount, or with `marginal` each tier's rate to the part
    inside it. Each slice is rounded, so that what is shown adds up. Raises ScoringError.
    """
    _all_filled(tiers)
    received = read.decimal(received, "received", least=0)
    slices = _marginal(tiers, received) if marginal else (_whole(tiers, received),)
    amount = tiers.rounding.apply(sum((Fraction(one.amount) for one in slices), Fraction(0)))
    shown = {"received": plain(received), "rate": plain(slices[-1].rate), "tier": slices[-1].tier}
    because = Reason("commission_marginal" if marginal else "commission_whole", shown)
    return Commission(received, marginal, amount, slices, because)


def team_received(received: Mapping[str, Decimal]) -> Decimal:
    """Return the base of a manager's commission: what all members of the team received together."""
    amounts = [Fraction(read.decimal(one, f"received.{who}")) for who, one in received.items()]
    return Decimal(plain(sum(amounts, Fraction(0))))


def _whole(tiers: Ranges, received: Decimal) -> Slice:
    span = tiers.at(received)
    return _slice(tiers, span.text(), received, span.gives or Decimal(0))


def _marginal(tiers: Ranges, received: Decimal) -> tuple[Slice, ...]:
    slices: list[Slice] = []
    for span in tiers.spans:
        top = min(span.end, (received, BEFORE))
        if span.start > top:
            break
        base = Decimal(plain(Fraction(top[0]) - Fraction(span.start[0])))
        if base or not slices:
            slices.append(_slice(tiers, span.text(), base, span.gives or Decimal(0)))
    return tuple(slices)


def _slice(tiers: Ranges, tier: str, base: Decimal, rate: Decimal) -> Slice:
    return Slice(tier, base, rate, tiers.rounding.apply(Fraction(base) * Fraction(rate) / 100))


def _all_filled(ranges: Ranges) -> None:
    if ranges.unfilled:
        raise ScoringError("amount_unfilled", range=ranges.unfilled[0].text(), count=len(ranges.unfilled))
