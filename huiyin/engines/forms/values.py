"""Answers to the fields of a form: read as written by a person, and written back for keeping."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from huiyin.engines.forms.errors import WrongValueError
from huiyin.engines.forms.fields import Field, FieldType

Value = str | bool | Decimal | date | time | tuple[str, ...]

MOST_CHARACTERS = {FieldType.TEXT: 500, FieldType.LONG_TEXT: 20_000}
MOST_FILES = 20
PLACES = {FieldType.NUMBER: 6, FieldType.MONEY: 2}
YEARS = range(1850, 2201)
_MAX_NUMBER = Decimal(10) ** 15
_NUMBER = re.compile(r"[+-]?[0-9]{1,16}(?:\.[0-9]{1,10})?")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_PHONE = re.compile(r"\+?[0-9](?:[0-9-]{1,22})[0-9](?:(?:转|ext|x)[0-9]{1,6})?")
_EMAIL = re.compile(r"[^\s@<>\"(),:;]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_][\w-]{1,62}")
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def read(field: Field, given: object) -> Value | None:
    """Return the answer as it is kept, None when nothing was answered. Raises WrongValueError.

    Blank text and an empty list are no answer. What was read once is read as itself again.
    """
    if given is None or given in ("", [], ()) or (isinstance(given, str) and not given.strip()):
        return None
    return _READERS[field.type](field, given)


def write(value: Value) -> str | bool | list[str]:
    """Return the answer in JSON types; `read` makes the same answer of it."""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value.isoformat("minutes")


def as_fact(value: Value | None) -> object:
    """Return the answer as a condition takes it."""
    if isinstance(value, tuple):
        return frozenset(value)
    return value.isoformat("minutes") if isinstance(value, time) else value


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise WrongValueError("not_text")
    text = given.replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROLS.search(text):
        raise WrongValueError("not_text")
    return text


def _line(given: object) -> str:
    text = _text(given)
    if "\n" in text:
        raise WrongValueError("one_line")
    return text


def _token(given: object) -> str:
    """Text typed with an input method may hold wide digits and signs; they mean the same here."""
    return unicodedata.normalize("NFKC", _line(given)).strip()


def _read_text(field: Field, given: object) -> str:
    text = _text(given) if field.type is FieldType.LONG_TEXT else _line(given)
    _within(field, len(text), "too_short", "too_long")
    return text


def _read_number(field: Field, given: object) -> Decimal:
    inexact = isinstance(given, float) and field.type is FieldType.NUMBER
    number = Decimal(str(given)) if inexact else _number(given)
    places = PLACES[field.type] if field.places is None else field.places
    if not number.is_finite() or abs(number) > _MAX_NUMBER:
        raise WrongValueError("number_range")
    rounded = round(number, places) + 0
    if rounded != number:
        raise WrongValueError("too_many_places", most=places)
    _within(field, rounded, "too_small", "too_large")
    return rounded if field.type is FieldType.MONEY else rounded.normalize() + 0


def _number(given: object) -> Decimal:
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        return Decimal(given)
    if isinstance(given, str) and _NUMBER.fullmatch(token := _token(given)):
        return Decimal(token)
    raise WrongValueError("not_a_number")


def _read_date(field: Field, given: object) -> date:
    try:
        day = given if type(given) is date else date.fromisoformat(_token(given))
    except ValueError:
        raise WrongValueError("not_a_date") from None
    if day.year not in YEARS:
        raise WrongValueError("year_range", least=YEARS[0], most=YEARS[-1])
    _within(field, day, "too_early", "too_late")
    return day


def _read_time(_field: Field, given: object) -> time:
    if isinstance(given, time):
        given = given.isoformat("minutes")
    match = _TIME.fullmatch(_token(given))
    if not match:
        raise WrongValueError("not_a_time")
    return time(int(match.group(1)), int(match.group(2)))


def _read_choice(field: Field, given: object) -> str:
    key = _line(given)
    if all(choice.key != key for choice in field.choices):
        raise WrongValueError("not_a_choice")
    return key


def _read_multiple(field: Field, given: object) -> tuple[str, ...]:
    picked = {_read_choice(field, each) for each in _several(given, len(field.choices))}
    _within(field, len(picked), "too_few", "too_many")
    return tuple(choice.key for choice in field.choices if choice.key in picked)


def _read_files(field: Field, given: object) -> tuple[str, ...]:
    most = field.most if isinstance(field.most, int) else MOST_FILES
    references = tuple(dict.fromkeys(_read_reference(field, each) for each in _several(given, most)))
    _within(field, len(references), "too_few", "too_many")
    return references


def _several(given: object, most: int) -> list[object]:
    if not isinstance(given, list | tuple):
        raise WrongValueError("not_a_list")
    if len(given) > most:
        raise WrongValueError("too_many", most=most)
    return list(given)


def _read_reference(_field: Field, given: object) -> str:
    reference = _line(given)
    if not _REFERENCE.fullmatch(reference):
        raise WrongValueError("not_a_file")
    return reference


def _read_yes_no(_field: Field, given: object) -> bool:
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and (word := given.strip().lower()) in _YES_NO:
        return _YES_NO[word]
    raise WrongValueError("not_yes_or_no")


def _read_phone(_field: Field, given: object) -> str:
    number = re.sub(r"[\s()./]", "", _token(given)).lower()
    if not _PHONE.fullmatch(number):
        raise WrongValueError("not_a_phone")
    return number


def _read_email(_field: Field, given: object) -> str:
    local, _, domain = _token(given).rpartition("@")
    address = f"{local}@{domain.lower()}"
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise WrongValueError("not_an_email")
    return address


def _within(field: Field, amount: Any, below: str, above: str) -> None:
    least: Any = field.least
    most: Any = MOST_CHARACTERS.get(field.type) if field.most is None else field.most
    if least is not None and amount < least:
        raise WrongValueError(below, least=_shown(least))
    if most is not None and amount > most:
        raise WrongValueError(above, most=_shown(most))


def _shown(bound: Decimal | date | int) -> str | int:
    return bound if isinstance(bound, int) else str(bound)


_READERS: Mapping[FieldType, Callable[[Field, object], Value]] = {
    FieldType.TEXT: _read_text,
    FieldType.LONG_TEXT: _read_text,
    FieldType.NUMBER: _read_number,
    FieldType.MONEY: _read_number,
    FieldType.DATE: _read_date,
    FieldType.TIME: _read_time,
    FieldType.CHOICE: _read_choice,
    FieldType.MULTIPLE: _read_multiple,
    FieldType.YES_NO: _read_yes_no,
    FieldType.PHONE: _read_phone,
    FieldType.EMAIL: _read_email,
    FieldType.FILES: _read_files,
    FieldType.SIGNATURE: _read_reference,
}
