"""The score of one person in one period, with the way every point was earned."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huiyin.engines.reason import Reason
from huiyin.engines.scoring import points, read
from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import plain
from huiyin.engines.scoring.inputs import Rating, Values
from huiyin.engines.scoring.schemes import Indicator, Scheme

ONLY_RATER = "rater"
NO_RATING: Mapping[str, Rating] = {}


@dataclass(frozen=True, slots=True)
class Part:
    """The points of one indicator; a group's are the sum of its parts."""

    code: str
    weight: Decimal
    points: Decimal
    exempt: bool
    because: Reason
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Rated:
    """One rater's total and its share of the score, in percent."""

    rater: str
    share: Decimal
    total: Decimal
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """The score: `total` is None when nothing was to be judged; `below` is about the period's target."""

    scheme: str
    period: str
    role: str
    total: Decimal | None
    target: Decimal | None
    below: bool
    raters: tuple[Rated, ...]
    because: Reason


def score(scheme: Scheme, values: Values, month: str) -> Scored:
    """Return the score of `month` (`2026-02`, or `2026-Q1` for a quarterly scheme). Raises ScoringError.

    Each indicator's points are rounded by the scheme's rule, then add up; a rater's total and the weighted
    sum of the totals are each rounded once. Exempt weight is spread over the rest in proportion (`rescale`)
    or counts as earned (`full`).
    """
    _check(scheme, values, month)
    target = scheme.target.of(month)
    if _falls_in(month, scheme.exempt_months):
        because = Reason("month_exempt", {"month": month})
        return Scored(scheme.code, month, values.role, None, target, False, (), because)
    raters = tuple(
        _rated(scheme, values, month, rater, share) for rater, share in _shares(scheme, values.role).items()
    )
    if all(part.exempt for part in raters[0].parts):
        because = Reason("all_exempt", {"month": month})
        return Scored(scheme.code, month, values.role, None, target, False, raters, because)
    exact = sum((Fraction(one.share) * Fraction(one.total) / 100 for one in raters), Fraction(0))
    total = scheme.rounding.apply(exact)
    shown = {one.rater: f"{plain(one.share)}% × {plain(one.total)}" for one in raters}
    return Scored(
        scheme=scheme.code,
        period=month,
        role=values.role,
        total=total,
        target=target,
        below=target is not None and total < target,
        raters=raters,
        because=Reason("raters_weighted", shown),
    )


def _rated(scheme: Scheme, values: Values, month: str, rater: str, share: Decimal) -> Rated:
    one = _Rater(scheme, values, month, rater)
    parts = tuple(one.part(indicator, exempt=False) for indicator in scheme.indicators)
    earned = sum((Fraction(part.points) for part in parts), Fraction(0))
    judged = 100 - sum((_exempt_weight(part) for part in parts), Fraction(0))
    if scheme.exempt_means == "rescale" and judged:
        earned = earned * 100 / judged
    return Rated(rater, share, scheme.rounding.apply(earned), parts)


@dataclass(frozen=True, slots=True)
class _Rater:
    """One rater's way through the tree of indicators."""

    scheme: Scheme
    values: Values
    month: str
    rater: str

    def part(self, indicator: Indicator, *, exempt: bool) -> Part:
        exempt = (
            exempt or indicator.code in self.values.exempt or _falls_in(self.month, indicator.exempt_months)
        )
        if indicator.parts:
            return self._group(indicator, exempt)
        earned, because = self._exempt(indicator) if exempt else self._earned(indicator)
        return Part(indicator.code, indicator.weight, earned, exempt, because)

    def _group(self, indicator: Indicator, exempt: bool) -> Part:
        parts = tuple(self.part(part, exempt=exempt) for part in indicator.parts)
        total = self.scheme.rounding.apply(sum((Fraction(part.points) for part in parts), Fraction(0)))
        because = Reason("sum", {part.code: plain(part.points) for part in parts})
        return Part(
            indicator.code, indicator.weight, total, all(part.exempt for part in parts), because, parts
        )

    def _exempt(self, indicator: Indicator) -> tuple[Decimal, Reason]:
        full = self.scheme.exempt_means == "full"
        because = Reason("exempt", {"means": self.scheme.exempt_means, "weight": plain(indicator.weight)})
        return indicator.weight if full else Decimal(0), because

    def _earned(self, indicator: Indicator) -> tuple[Decimal, Reason]:
        measured = self._measured(indicator)
        given = self.values.ratings.get(self.rater, NO_RATING).get(indicator.code)
        named = {"indicator": indicator.code, "rater": self.rater}
        if given is None:
            if measured is None:
                by_hand = isinstance(indicator.rule, points.ByHand)
                raise ScoringError("rating_missing" if by_hand else "value_missing", **named)
            return measured
        points.within(given.points, indicator.weight, f"values.ratings.{self.rater}.{indicator.code}")
        rounded = self.scheme.rounding.apply(Fraction(given.points))
        if isinstance(indicator.rule, points.ByHand):
            return rounded, Reason("rated", {"rater": self.rater, "points": plain(rounded)})
        if measured is not None and measured[0] == rounded:
            return measured
        if not given.why:
            raise ScoringError("deviation_unexplained", **named)
        shown = {"rater": self.rater, "points": plain(rounded), "why": given.why}
        return rounded, Reason("deviation", shown | ({"measured": plain(measured[0])} if measured else {}))

    def _measured(self, indicator: Indicator) -> tuple[Decimal, Reason] | None:
        value = self.values.measured.get(indicator.code)
        if value is None or isinstance(indicator.rule, points.ByHand):
            return None
        if isinstance(indicator.rule, points.PerItem) and value < 0:
            raise ScoringError("count_negative", indicator=indicator.code, value=plain(value))
        read_as = Fraction(value)
        target = indicator.target.of(self.month)
        if indicator.of_target:
            if target is None:
                raise ScoringError("target_missing", indicator=indicator.code, month=self.month)
            read_as = read_as * 100 / Fraction(target)
        exact, because = points.points(indicator.rule, read_as, indicator.weight)
        if target is not None:
            shown = {"measured": plain(value), "target": plain(target)}
            because = Reason(because.code, {**because.params, **shown})
        return self.scheme.rounding.apply(exact), because


def _check(scheme: Scheme, values: Values, month: str) -> None:
    quarterly = scheme.period == "quarter"
    if not read.PERIOD.fullmatch(month) or ("Q" in month) != quarterly:
        raise ScoringError("not_a_period", field="month", value=month, period=scheme.period)
    leaves = {leaf.code: leaf for indicator in scheme.indicators for leaf in indicator.leaves()}
    for code, _ in values.measured.items():
        if code not in leaves or isinstance(leaves[code].rule, points.ByHand):
            raise ScoringError("not_measured", indicator=code)
    shares = _shares(scheme, values.role)
    for rater, given in values.ratings.items():
        if rater not in shares:
            raise ScoringError("rater_unknown", rater=rater, role=values.role)
        for code in given.keys() - leaves.keys():
            raise ScoringError("indicator_unknown", indicator=code)
    known = leaves.keys() | {code for indicator in scheme.indicators for code in _codes(indicator)}
    for code in values.exempt - known:
        raise ScoringError("indicator_unknown", indicator=code)


def _codes(indicator: Indicator) -> set[str]:
    return {indicator.code}.union(*(_codes(part) for part in indicator.parts))


def _shares(scheme: Scheme, role: str) -> Mapping[str, Decimal]:
    if not scheme.raters:
        return {ONLY_RATER: Decimal(100)}
    if role not in scheme.raters:
        raise ScoringError("role_unknown", role=role)
    return scheme.raters[role]


def _falls_in(month: str, periods: frozenset[str]) -> bool:
    return month in periods or month[5:] in periods


def _exempt_weight(part: Part) -> Fraction:
    if part.parts:
        return sum((_exempt_weight(one) for one in part.parts), Fraction(0))
    return Fraction(part.weight) if part.exempt else Fraction(0)
