"""Exact numbers: decimals in and out, fractions between, and rounding only where it is stated."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from huiyin.engines.scoring.error import ScoringError

Way = Literal["half_up", "half_even", "down", "up"]
WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True, slots=True)
class Rounding:
    """Round to multiples of `to`: halves away from zero (`half_up`, the default) or to even, or one way.

    `down` goes towards zero and `up` away from it. Raises ScoringError for a step that is not positive.
    """

    to: Decimal = Decimal("0.01")
    way: Way = "half_up"

    def __post_init__(self) -> None:
        if self.to <= 0:
            raise ScoringError("rounding_step", to=plain(self.to))

    def apply(self, value: Fraction) -> Decimal:
        """Return `value` rounded; exact whatever the decimal context of the caller is."""
        steps = abs(value) / Fraction(self.to)
        whole, rest = divmod(steps.numerator, steps.denominator)
        whole += self._one_more(whole, 2 * rest, steps.denominator)
        _, digits, exponent = self.to.as_tuple()
        coefficient = whole * int("".join(map(str, digits)))
        sign = int(value < 0 and coefficient > 0)
        return Decimal((sign, tuple(map(int, str(coefficient))), int(exponent)))

    def _one_more(self, whole: int, twice_rest: int, unit: int) -> bool:
        if self.way == "up":
            return twice_rest > 0
        if self.way == "down":
            return False
        if self.way == "half_even" and twice_rest == unit:
            return whole % 2 == 1
        return twice_rest >= unit


def plain(value: Decimal | Fraction) -> str:
    """Return a number the way people write it: no exponent, no needless zeros; a fraction to six places."""
    if isinstance(value, Fraction):
        value = Rounding(Decimal("0.000001")).apply(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
