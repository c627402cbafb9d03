"""Words that people type about a customer and that must not keep a value: reasons in the audit, codes in payloads."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from huiyin.base.personal import mask
from huiyin.engines import extract

_SPANS = {"phones": "phone", "emails": "email", "id_numbers": "id_number", "addresses": "address"}
_CODE = re.compile(r"[!-~]{0,80}")


def without_personal(text: str, *, at: datetime, also: Sequence[str] = ()) -> str:
    """Return the text with what looks personal masked, and each of the values in `also`."""
    found = extract.extract(text, at=at, zone=ZoneInfo(settings.TIME_ZONE))
    spans = sorted(
        ((one.start, one.end, kind) for name, kind in _SPANS.items() for one in getattr(found, name)),
        reverse=True,
    )
    for start, end, kind in spans:
        text = text[:start] + mask(kind, text[start:end]) + text[end:]
    for value in also:
        text = text.replace(value, "***")
    return text


def only_codes(payload: Any, values: Sequence[str]) -> Any:
    """Return the JSON value with every string emptied that holds a sentence or one of the values.

    A string without a space in plain ASCII is a code, a number or a time: it stays, so that figures stay true.
    """
    if isinstance(payload, str):
        is_code = _CODE.fullmatch(payload) and not any(value in payload for value in values)
        return payload if is_code else ""
    if isinstance(payload, list):
        return [only_codes(one, values) for one in payload]
    if isinstance(payload, dict):
        return {key: only_codes(one, values) for key, one in payload.items()}
    return payload
