"""Reads plain data (dict, list, str, number) into values, or says which field is wrong."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from huiyin.engines.scoring.error import ScoringError
from huiyin.engines.scoring.exact import WAYS, Rounding

PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])|[0-9]{4}-Q[1-4]")
RECURRING = re.compile(r"0[1-9]|1[0-2]|Q[1-4]")
MOST_DIGITS = 12
MOST_PLACES = 6
LONGEST = 40


def record(
    value: object, where: str, needs: Iterable[str] = (), may: Iterable[str] = ()
) -> dict[str, object]:
    """Return a mapping without its empty fields; a field missing or unknown raises ScoringError."""
    if not isinstance(value, Mapping):
        raise ScoringError("not_a_record", field=where)
    given = {str(name): item for name, item in value.items() if item is not None}
    for name in needs:
        if name not in given:
            raise ScoringError("field_missing", field=join(where, name))
    for name in value:
        if name not in {*needs, *may}:
            raise ScoringError("field_unknown", field=join(where, str(name)))
    return given


def table(value: object, where: str) -> dict[str, object]:
    """Return a mapping whose names are free."""
    if not isinstance(value, Mapping):
        raise ScoringError("not_a_record", field=where)
    return {str(name): item for name, item in value.items()}


def items(value: object, where: str) -> list[object]:
    """Return a list; text is not one."""
    if not isinstance(value, list | tuple):
        raise ScoringError("not_a_list", field=where)
    return list(value)


def text(value: object, where: str, among: Iterable[str] | None = None) -> str:
    """Return text that is not blank and, when `among` is given, one of its words."""
    if not isinstance(value, str) or not value.strip():
        raise ScoringError("not_a_text", field=where)
    if among is not None and value not in among:
        raise ScoringError("not_a_choice", field=where, value=value, choices=", ".join(among))
    return value


def flag(value: object, where: str) -> bool:
    """Return true or false; nothing else counts."""
    if not isinstance(value, bool):
        raise ScoringError("not_a_flag", field=where)
    return value


def decimal(value: object, where: str, least: int | None = None, most: int | None = None) -> Decimal:
    """Return an exact decimal of at most 12 digits before and 6 after the point.

    Strings and whole numbers are exact; a float stands for its shortest decimal (0.1 is 0.1).
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ScoringError("not_a_decimal", field=where, value=type(value).__name__)
    try:
        written = str(value)[: LONGEST + 1]
        number = Decimal(written)
    except (InvalidOperation, ValueError):  # the latter for whole numbers too long to be written
        raise ScoringError("not_a_decimal", field=where) from None
    if not number.is_finite():
        raise ScoringError("not_a_decimal", field=where, value=written)
    if len(written) > LONGEST:
        raise ScoringError("too_many_digits", field=where, value=written)
    if not number:
        number = Decimal(0)
    elif not -MOST_PLACES <= number.adjusted() < MOST_DIGITS or (Fraction(number) * 10**MOST_PLACES) % 1:
        raise ScoringError("too_many_digits", field=where, value=written)
    if least is not None and number < least:
        raise ScoringError("too_small", field=where, value=str(value), least=least)
    if most is not None and number > most:
        raise ScoringError("too_large", field=where, value=str(value), most=most)
    return number


def periods(value: object, where: str) -> frozenset[str]:
    """Return periods: `2026-02`, `2026-Q1`, or every year's `02`, `Q1`."""
    found = {text(item, f"{where}.{at}") for at, item in enumerate(items(value, where))}
    for name in found:
        recurring_or_period(name, where)
    return frozenset(found)


def recurring_or_period(name: str, where: str) -> str:
    """Return the name of a period, of one year or of every year."""
    if not (PERIOD.fullmatch(name) or RECURRING.fullmatch(name)):
        raise ScoringError("not_a_period", field=where, value=name)
    return name


def rounding(value: object, where: str) -> Rounding:
    """Return `{to?, way?}` as a Rounding; nothing given means halves up to 0.01."""
    if value is None:
        return Rounding()
    given = record(value, where, may=("to", "way"))
    chosen = text(given.get("way", "half_up"), join(where, "way"), among=WAYS)
    way = next(way for way in WAYS if way == chosen)
    return Rounding(decimal(given.get("to", "0.01"), join(where, "to")), way)


def join(where: str, name: str) -> str:
    """Return the path of a field inside another."""
    return f"{where}.{name}" if where else name
