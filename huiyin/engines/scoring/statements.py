"""A monthly statement: every figure with the figures it comes from."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from huiyin.engines.reason import Reason
from huiyin.engines.scoring import read
from huiyin.engines.scoring.exact import Rounding, plain
from huiyin.engines.scoring.payout import Commission, Pay, Slice
from huiyin.engines.scoring.scored import Part, Rated, Scored


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what it is (`label`, with `of` naming the indicator, rater or tier), how it came about, and
    the lines it was computed from. `value` is None where there was nothing to judge."""

    label: str
    of: str
    formula: Reason
    value: Decimal | None
    lines: tuple["Line", ...] = ()


def statement(
    base: Decimal,
    *,
    scored: Scored | None = None,
    pay: Pay | None = None,
    commission: Commission | None = None,
    rounding: Rounding | None = None,
) -> Line:
    """Return the statement of a month: base + performance + commission, before personal tax.

    Its value is the sum of its lines that are money; the score stands below the performance pay it explains.
    Raises ScoringError for a base that is not an amount.
    """
    rule = rounding or Rounding()
    amount = rule.apply(Fraction(read.decimal(base, "base", least=0)))
    lines = [Line("base", "", Reason("agreed", {"amount": plain(amount)}), amount)]
    score_lines = (_score(scored),) if scored else ()
    if pay:
        lines.append(Line("performance", pay.band, pay.because, pay.amount, score_lines))
    elif scored:
        lines.append(Line("performance", "", Reason("nothing_paid"), rule.apply(Fraction(0)), score_lines))
    if commission:
        lines.append(_commission(commission))
    total = rule.apply(sum((Fraction(line.value or 0) for line in lines), Fraction(0)))
    shown = {line.label: plain(line.value or Decimal(0)) for line in lines}
    return Line("total_before_tax", "", Reason("sum", shown), total, tuple(lines))


def _score(scored: Scored) -> Line:
    lines = tuple(_rated(one) for one in scored.raters)
    return Line("score", scored.scheme, scored.because, scored.total, lines)


def _rated(rated: Rated) -> Line:
    judged = [part for part in rated.parts if not part.exempt]
    shown = {part.code: plain(part.points) for part in judged} | {"share": plain(rated.share)}
    lines = tuple(_part(one) for one in rated.parts)
    return Line("rater", rated.rater, Reason("sum", shown), rated.total, lines)


def _part(part: Part) -> Line:
    label = "exempt" if part.exempt else "indicator"
    return Line(label, part.code, part.because, part.points, tuple(_part(one) for one in part.parts))


def _commission(commission: Commission) -> Line:
    lines = tuple(_slice(one) for one in commission.slices)
    return Line("commission", "", commission.because, commission.amount, lines)


def _slice(one: Slice) -> Line:
    shown = {"base": plain(one.base), "rate": plain(one.rate)}
    return Line("slice", one.tier, Reason("rate", shown), one.amount)
