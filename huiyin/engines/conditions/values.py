"""Values of facts: read from written data, written back, and checked when a condition is evaluated."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from huiyin.engines.conditions.errors import ConditionError
from huiyin.engines.conditions.facts import Fact, FactType

Value = str | bool | Decimal | date | datetime | timedelta
Wanted = Value | frozenset[Value] | tuple[Value, Value] | None

_Day = TypeVar("_Day", bound=date)

MAX_TEXT = 500
YEARS = range(1850, 2201)
_MAX_NUMBER = Decimal(10) ** 15
_PLACES = {FactType.NUMBER: 6, FactType.MONEY: 2}
_MAX_DURATION = timedelta(days=36_500)
_NUMBER = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,10})?")
_DURATION = re.compile(r"(?:([0-9]{1,5})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,8})m)?(?:([0-9]{1,9})s)?")
_NO_DATABASE_KEEPS = re.compile("[\x00\ud800-\udfff]")


def read(fact: Fact, written: object, path: str) -> Value:
    """Return the typed value of something written in a condition. Raises ConditionError."""
    if written is None:
        raise ConditionError(path, "value_missing")
    value = _READERS[fact.type](fact, written, path)
    if fact.choices and value not in fact.choices:
        raise ConditionError(path, "not_a_choice", {"fact": fact.name})
    return value


def write(value: Value) -> str | int | bool:
    """Return what `read` turns into this value again, fit for JSON and YAML."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    if isinstance(value, timedelta):
        return _duration_text(value)
    return value.isoformat()


def known(fact: Fact, value: object) -> object | None:
    """Return a fact's value as the operators compare it, None when it says nothing.

    Empty text and an empty set say nothing. Raises TypeError when the value is not of the fact's type:
    that is a mistake of the caller, not of the person who wrote the condition.
    """
    if value is None or value in ("", frozenset()):
        return None
    if not _is_of_type(fact.type, value):
        raise TypeError(f"{fact.name} is a {fact.type}, not a {type(value).__name__}")
    return folded(value) if fact.type is FactType.TEXT and isinstance(value, str) else value


class Folded(str):
    """Text that `folded` has been applied to; applying it again costs nothing."""

    __slots__ = ()


def folded(text: str) -> Folded:
    """Return text as it is compared: width, case and composition made equal.

    The column of a text fact must hold text folded by this function. Fold a long text once before many
    conditions are evaluated on it: folding costs far more than comparing.
    """
    if isinstance(text, Folded):
        return text
    return Folded(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))


def _is_of_type(kind: FactType, value: object) -> bool:
    if kind in _PLACES:
        exact = isinstance(value, int) and not isinstance(value, bool)
        return exact or (isinstance(value, Decimal) and value.is_finite())
    if kind is FactType.MOMENT:
        return isinstance(value, datetime) and value.tzinfo is not None
    if kind is FactType.DATE:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, _PYTHON_TYPES[kind])


def _read_text(fact: Fact, written: object, path: str) -> str:
    text = _word(written, path)
    return str(folded(text)) if fact.type is FactType.TEXT else text


def _word(written: object, path: str) -> str:
    if not isinstance(written, str) or _NO_DATABASE_KEEPS.search(written):
        raise ConditionError(path, "not_text")
    if not written or len(written) > MAX_TEXT:
        raise ConditionError(path, "text_length", {"most": MAX_TEXT})
    return written


def _read_number(fact: Fact, written: object, path: str) -> Decimal:
    number = _number(written, path, exact=fact.type is FactType.MONEY)
    if not number.is_finite() or abs(number) > _MAX_NUMBER:
        raise ConditionError(path, "number_range")
    places = _PLACES[fact.type]
    rounded = round(number, places)
    if rounded != number:
        raise ConditionError(path, "too_many_places", {"most": places})
    return rounded.normalize() + 0


def _number(written: object, path: str, *, exact: bool) -> Decimal:
    if isinstance(written, int | Decimal) and not isinstance(written, bool):
        return Decimal(written)
    if isinstance(written, float) and not exact:
        return Decimal(str(written))
    if isinstance(written, str) and _NUMBER.fullmatch(written):
        return Decimal(written)
    raise ConditionError(path, "not_a_number")


def _read_date(_fact: Fact, written: object, path: str) -> date:
    if isinstance(written, date) and not isinstance(written, datetime):
        day = written
    else:
        day = _parsed(date.fromisoformat, written, path, "not_a_date")
    _refuse_far(day, path)
    return day


def _read_moment(_fact: Fact, written: object, path: str) -> datetime:
    moment = (
        written
        if isinstance(written, datetime)
        else _parsed(datetime.fromisoformat, written, path, "not_a_moment")
    )
    if moment.utcoffset() is None:
        raise ConditionError(path, "zone_missing")
    _refuse_far(moment, path)
    return moment


def _parsed(parse: Callable[[str], _Day], written: object, path: str, code: str) -> _Day:
    text = _word(written, path)
    try:
        return parse(text)
    except ValueError:
        raise ConditionError(path, code) from None


def _refuse_far(day: date, path: str) -> None:
    """Beyond these years zones overflow and databases differ; nobody means them."""
    if day.year not in YEARS:
        raise ConditionError(path, "year_range", {"least": YEARS[0], "most": YEARS[-1]})


def _read_duration(_fact: Fact, written: object, path: str) -> timedelta:
    match = _DURATION.fullmatch(_word(written, path))
    if not match:
        raise ConditionError(path, "not_a_duration")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    duration = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if duration > _MAX_DURATION:
        raise ConditionError(path, "duration_range", {"most_days": _MAX_DURATION.days})
    return duration


def _duration_text(value: timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours // 24, "d"), (hours % 24, "h"), (minutes, "m"), (seconds, "s")]
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def _read_yes_no(_fact: Fact, written: object, path: str) -> bool:
    if not isinstance(written, bool):
        raise ConditionError(path, "not_yes_or_no")
    return written


_READERS: Mapping[FactType, Callable[[Fact, object, str], Value]] = {
    FactType.TEXT: _read_text,
    FactType.CHOICE: _read_text,
    FactType.SET: _read_text,
    FactType.NUMBER: _read_number,
    FactType.MONEY: _read_number,
    FactType.DATE: _read_date,
    FactType.MOMENT: _read_moment,
    FactType.DURATION: _read_duration,
    FactType.YES_NO: _read_yes_no,
}
_PYTHON_TYPES: Mapping[FactType, type] = {
    FactType.TEXT: str,
    FactType.CHOICE: str,
    FactType.SET: frozenset,
    FactType.DURATION: timedelta,
    FactType.YES_NO: bool,
}
