"""The fields in which a customer gives what their case still needs, and what may stand in them."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import told
from huiyin.cases.models import Case


def fields(case: Case, details: dict[str, Any] | None) -> list[dict[str, str]]:
    """Return one field a need, with what was typed and what is wrong with it."""
    given = details or {"typed": {}, "wrong": {}}
    return [
        {
            "need": need,
            "label": told.need_name(need),
            "value": given["typed"].get(need, ""),
            "wrong": given["wrong"].get(need, ""),
        }
        for need in case.missing
    ]


def wrong(need: str, value: str) -> str:
    """Return what is wrong with the value, in the reader's words; nothing when it can be used."""
    digits = sum(c.isdigit() for c in value)
    is_phone = 7 <= digits <= 15 and all(c.isdigit() or c in "+-() " for c in value)
    is_email = value.count("@") == 1 and "." in value.rpartition("@")[2] and " " not in value
    if need == "phone" and not is_phone:
        return _("This is no phone number.")
    if need == "contact" and not (is_phone or is_email):
        return _("This is neither a phone number nor an e-mail address.")
    return ""
