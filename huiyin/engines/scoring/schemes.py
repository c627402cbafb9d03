"""A scheme: what a role is measured by, with weights that add up to 100."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from huiyin.engines.scoring import points, read
from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import Rounding, plain

DEEPEST = 4
INDICATOR = ("rule", "parts", "target", "of_target", "exempt_months")
SCHEME = ("period", "raters", "target", "exempt_months", "exempt_means", "rounding")


@dataclass(frozen=True, slots=True)
class Targets:
    """A target that may differ by month: of this very period, else of every year's, else the usual one."""

    usual: Decimal | None = None
    by_period: Mapping[str, Decimal] | None = None

    def of(self, period: str) -> Decimal | None:
        """Return the target of `2026-02` or `2026-Q1`; None when there is none."""
        named = self.by_period or {}
        return named.get(period, named.get(period[5:], self.usual))


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of a scheme: a `rule` for a leaf, or `parts` whose weights add up to its own.

    With `of_target` the rule reads 100 × value ÷ target instead of the value.
    """

    code: str
    weight: Decimal
    rule: points.Rule
    parts: tuple["Indicator", ...]
    target: Targets
    of_target: bool
    exempt_months: frozenset[str]

    def leaves(self) -> Iterator["Indicator"]:
        """Yield the indicators that earn points themselves."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A checked scheme; `raters` maps a role to its raters' shares in percent."""

    code: str
    period: Literal["month", "quarter"]
    indicators: tuple[Indicator, ...]
    raters: Mapping[str, Mapping[str, Decimal]]
    target: Targets
    exempt_months: frozenset[str]
    exempt_means: Literal["rescale", "full"]
    rounding: Rounding


def scheme(given: Mapping[str, object]) -> Scheme:
    """Build a scheme from plain data, or raise ScoringError with what is wrong.

    `{code, indicators: [{code, weight, rule | parts, target?, of_target?, exempt_months?}], period? (month),
    raters?: {role: {rater: percent}}, target?, exempt_months?, exempt_means? (rescale | full), rounding?}`.
    Weights and each role's shares must add up to exactly 100: `weights_not_100` and `shares_not_100` name
    the sum.
    """
    fields = read.record(given, "", needs=("code", "indicators"), may=SCHEME)
    indicators = tuple(
        _indicator(item, f"indicators.{at}", 1)
        for at, item in enumerate(read.items(fields["indicators"], "indicators"))
    )
    _sum_is(Decimal(100), [one.weight for one in indicators], "weights_not_100")
    _no_code_twice(indicators)
    quarterly = read.text(fields.get("period", "month"), "period", among=("month", "quarter")) == "quarter"
    means = read.text(fields.get("exempt_means", "rescale"), "exempt_means", among=("rescale", "full"))
    return Scheme(
        code=read.text(fields["code"], "code"),
        period="quarter" if quarterly else "month",
        indicators=indicators,
        raters=_raters(fields.get("raters", {})),
        target=_targets(fields.get("target"), "target"),
        exempt_months=read.periods(fields.get("exempt_months", []), "exempt_months"),
        exempt_means="full" if means == "full" else "rescale",
        rounding=read.rounding(fields.get("rounding"), "rounding"),
    )


def _indicator(given: object, where: str, depth: int) -> Indicator:
    fields = read.record(given, where, needs=("code", "weight"), may=INDICATOR)
    if ("rule" in fields) == ("parts" in fields):
        raise ScoringError("rule_or_parts", field=where)
    if depth > DEEPEST:
        raise ScoringError("too_deep", field=where, most=DEEPEST)
    code = read.text(fields["code"], f"{where}.code")
    weight = read.decimal(fields["weight"], f"{where}.weight", least=0, most=100)
    parts = tuple(
        _indicator(item, f"{where}.parts.{at}", depth + 1)
        for at, item in enumerate(read.items(fields.get("parts", []), f"{where}.parts"))
    )
    if "parts" in fields:
        _sum_is(weight, [part.weight for part in parts], "parts_not_weight", indicator=code)
    target = _targets(fields.get("target"), f"{where}.target")
    of_target = read.flag(fields.get("of_target", False), f"{where}.of_target")
    if of_target and target == Targets():
        raise ScoringError("target_missing", indicator=code)
    return Indicator(
        code=code,
        weight=weight,
        rule=points.rule(fields.get("rule", {"kind": "by_hand"}), f"{where}.rule", weight),
        parts=parts,
        target=target,
        of_target=of_target,
        exempt_months=read.periods(fields.get("exempt_months", []), f"{where}.exempt_months"),
    )


def _targets(given: object, where: str) -> Targets:
    if given is None:
        return Targets()
    if not isinstance(given, Mapping):
        return Targets(_target(given, where))
    named = {
        read.recurring_or_period(name, where): _target(value, f"{where}.{name}")
        for name, value in read.table(given, where).items()
        if name != "usual"
    }
    return Targets(_target(given["usual"], f"{where}.usual") if "usual" in given else None, named)


def _target(given: object, where: str) -> Decimal:
    number = read.decimal(given, where)
    if number <= 0:
        raise ScoringError("target_not_positive", field=where, value=plain(number))
    return number


def _raters(given: object) -> dict[str, dict[str, Decimal]]:
    shares: dict[str, dict[str, Decimal]] = {}
    for role, named in read.table(given, "raters").items():
        where = f"raters.{role}"
        shares[role] = {
            rater: read.decimal(share, f"{where}.{rater}", least=0, most=100)
            for rater, share in read.table(named, where).items()
        }
        _sum_is(Decimal(100), list(shares[role].values()), "shares_not_100", role=role)
    return shares


def _sum_is(wanted: Decimal, weights: list[Decimal], code: str, **params: str) -> None:
    total = sum(map(Fraction, weights), Fraction(0))
    if total != Fraction(wanted):
        raise ScoringError(code, sum=plain(total), wanted=plain(wanted), **params)


def _no_code_twice(indicators: tuple[Indicator, ...]) -> None:
    seen: set[str] = set()
    open_ones = list(indicators)
    while open_ones:
        one = open_ones.pop()
        if one.code in seen:
            raise ScoringError("indicator_twice", indicator=one.code)
        seen.add(one.code)
        open_ones.extend(one.parts)
