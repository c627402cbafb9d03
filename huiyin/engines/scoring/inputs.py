"""What is known of one person in one period: measured values, raters' points, exemptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from huiyin.engines.scoring import read


@dataclass(frozen=True, slots=True)
class Rating:
    """Points one rater gives for one indicator; `why` explains a deviation from the measured points."""

    points: Decimal
    why: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """The input of a score: values and ratings by indicator code; an exempt group exempts its parts."""

    role: str
    measured: Mapping[str, Decimal] = field(default_factory=dict)
    ratings: Mapping[str, Mapping[str, Rating]] = field(default_factory=dict)
    exempt: frozenset[str] = frozenset()


def values(given: Mapping[str, object]) -> Values:
    """Build values from plain data: `{role?, measured?, ratings?, exempt?}`.

    measured: {code: number} · ratings: {rater: {code: points | {points, why?}}} · exempt: [code]. Raises
    ScoringError for what cannot be read; whether codes belong to a scheme is checked by score().
    """
    fields = read.record(given, "values", may=("role", "measured", "ratings", "exempt"))
    exempt = read.items(fields.get("exempt", []), "values.exempt")
    return Values(
        role=read.text(fields["role"], "values.role") if "role" in fields else "",
        measured={
            code: read.decimal(value, f"values.measured.{code}")
            for code, value in read.table(fields.get("measured", {}), "values.measured").items()
        },
        ratings={
            rater: {
                code: _rating(value, f"values.ratings.{rater}.{code}")
                for code, value in read.table(ratings, f"values.ratings.{rater}").items()
            }
            for rater, ratings in read.table(fields.get("ratings", {}), "values.ratings").items()
        },
        exempt=frozenset(read.text(code, f"values.exempt.{at}") for at, code in enumerate(exempt)),
    )


def _rating(given: object, where: str) -> Rating:
    if not isinstance(given, Mapping):
        return Rating(read.decimal(given, where))
    fields = read.record(given, where, needs=("points",), may=("why",))
    why = read.text(fields["why"], f"{where}.why") if "why" in fields else ""
    return Rating(read.decimal(fields["points"], f"{where}.points"), why)
