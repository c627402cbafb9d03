"""Reading one field of a form from written data, without its conditions."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from huiyin.engines.conditions.written import listed, only, words
from huiyin.engines.forms.errors import FormError
from huiyin.engines.forms.fields import MASK_OF_TYPE, MASKS, Bound, Choice, Field, FieldType, Words
from huiyin.engines.forms.values import MOST_CHARACTERS, MOST_FILES, PLACES

MAX_CHOICES = 200

_KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_CHOICE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_ALWAYS = {"key", "type", "label", "help", "purpose", "required", "required_when", "shown_when"}
_WORDS = {"least", "most", "mask", "indexed"}
_AMOUNT = {"least", "most", "unit", "places", "indexed"}
_OPTIONS: Mapping[FieldType, set[str]] = {
    FieldType.TEXT: _WORDS,
    FieldType.LONG_TEXT: {"least", "most", "mask"},
    FieldType.NUMBER: _AMOUNT,
    FieldType.MONEY: {"least", "most", "indexed"},
    FieldType.DATE: {"least", "most", "indexed"},
    FieldType.TIME: set(),
    FieldType.CHOICE: {"choices", "indexed"},
    FieldType.MULTIPLE: {"choices", "least", "most"},
    FieldType.YES_NO: {"indexed"},
    FieldType.PHONE: {"mask"},
    FieldType.EMAIL: {"mask"},
    FieldType.FILES: {"least", "most"},
    FieldType.SIGNATURE: set(),
}


def field_of(data: object, path: str) -> Field:
    """Return the field that `data` describes. Raises FormError for an option its type does not know."""
    if not isinstance(data, Mapping):
        raise FormError(path, "not_a_field")
    kind = _type(data.get("type"), f"{path}.type")
    only(data, _ALWAYS | _OPTIONS[kind], path, FormError)
    field = Field(
        key=_key(data.get("key"), f"{path}.key"),
        type=kind,
        label=words(data.get("label"), f"{path}.label", FormError),
        help=_maybe_words(data, "help", path),
        unit=_maybe_words(data, "unit", path),
        purpose=_maybe_words(data, "purpose", path),
        choices=_choices(data.get("choices"), kind, f"{path}.choices"),
        required=_flag(data, "required", path),
        least=_bound(data, "least", kind, path),
        most=_bound(data, "most", kind, path),
        places=_places(data.get("places"), kind, f"{path}.places"),
        mask=_mask(data, kind, path),
        indexed=_flag(data, "indexed", path),
    )
    _refuse_impossible(field, path)
    return field


def _type(written: object, path: str) -> FieldType:
    if not isinstance(written, str) or written not in set(FieldType):
        raise FormError(path, "unknown_type", {"type": str(written)[:80]})
    return FieldType(written)


def _key(written: object, path: str) -> str:
    if not isinstance(written, str) or len(written) > 60 or not _KEY.fullmatch(written):
        raise FormError(path, "not_a_key")
    return written


def _maybe_words(data: Mapping[Any, Any], option: str, path: str) -> Words | None:
    return words(data[option], f"{path}.{option}", FormError) if option in data else None


def _flag(data: Mapping[Any, Any], option: str, path: str) -> bool:
    written = data.get(option, False)
    if not isinstance(written, bool):
        raise FormError(f"{path}.{option}", "not_yes_or_no")
    return written


def _choices(written: object, kind: FieldType, path: str) -> tuple[Choice, ...]:
    if kind not in (FieldType.CHOICE, FieldType.MULTIPLE):
        return ()
    several = listed(written, path, MAX_CHOICES, FormError)
    choices = tuple(_choice(each, f"{path}[{i}]") for i, each in enumerate(several))
    seen: set[str] = set()
    for i, choice in enumerate(choices):
        if choice.key in seen:
            raise FormError(f"{path}[{i}].key", "twice", {"key": choice.key})
        seen.add(choice.key)
    return choices


def _choice(written: object, path: str) -> Choice:
    if not isinstance(written, Mapping):
        raise FormError(path, "not_a_choice")
    only(written, {"key", "label"}, path, FormError)
    key = written.get("key")
    if not isinstance(key, str) or not _CHOICE_KEY.fullmatch(key):
        raise FormError(f"{path}.key", "not_a_key")
    return Choice(key, words(written.get("label"), f"{path}.label", FormError))


def _bound(data: Mapping[Any, Any], option: str, kind: FieldType, path: str) -> Bound | None:
    if data.get(option) is None:
        return None
    reader = _BOUNDS.get(kind, _count)
    try:
        return reader(data[option])
    except (ValueError, InvalidOperation):
        raise FormError(f"{path}.{option}", "not_a_bound") from None


def _amount(written: object) -> Decimal:
    if isinstance(written, bool) or not isinstance(written, int | float | str | Decimal):
        raise ValueError
    amount = Decimal(str(written))
    if not amount.is_finite():
        raise ValueError
    return amount


def _day(written: object) -> date:
    return date.fromisoformat(str(written))


def _count(written: object) -> int:
    if isinstance(written, bool) or not isinstance(written, int) or written < 0:
        raise ValueError
    return written


def _places(written: object, kind: FieldType, path: str) -> int | None:
    if written is None:
        return None
    if isinstance(written, bool) or not isinstance(written, int) or not 0 <= written <= PLACES[kind]:
        raise FormError(path, "not_a_bound")
    return written


def _mask(data: Mapping[Any, Any], kind: FieldType, path: str) -> str | None:
    """A phone and an e-mail address are masked unless the form says `none`."""
    written = data.get("mask", MASK_OF_TYPE.get(kind))
    if written == "none" or written is None:
        return None
    if written not in MASKS:
        raise FormError(f"{path}.mask", "unknown_mask", {"allowed": ", ".join((*MASKS, "none"))})
    return str(written)


def _refuse_impossible(field: Field, path: str) -> None:
    if field.indexed and field.mask:
        raise FormError(f"{path}.indexed", "personal")
    least: Any = field.least
    most: Any = field.most
    highest = {**MOST_CHARACTERS, FieldType.FILES: MOST_FILES, FieldType.MULTIPLE: len(field.choices)}
    highest_here = highest.get(field.type)
    if highest_here is not None:
        if most is not None and most > highest_here:
            raise FormError(f"{path}.most", "too_large", {"most": highest_here})
        most = highest_here if most is None else most
    if least is not None and most is not None and least > most:
        raise FormError(f"{path}.least", "not_a_range")


_BOUNDS: Mapping[FieldType, Callable[[object], Bound]] = {
    FieldType.NUMBER: _amount,
    FieldType.MONEY: _amount,
    FieldType.DATE: _day,
}
