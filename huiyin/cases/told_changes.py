"""What was edited in a case, in the reader's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from huiyin.base.texts import in_words
from huiyin.cases.kinds import NEEDS
from huiyin.cases.kinds_changes import FIELDS
from huiyin.rules import book as rulebook
from huiyin.rules.words import EMOTIONS, PRIORITIES


def told(changes: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """Return the changes of one entry as one phrase; `names` are those of teams behind `team:CODE`."""
    return _("; ").join(_one(change, names) for change in changes)


def departments_in(changes: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the codes of the teams that these changes speak of."""
    sides = (change[side] for change in changes if change["field"] == "department" for side in ("old", "new"))
    return {code for code in sides if code}


def _one(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    field = change["field"]
    label = str(FIELDS.get(field, field))
    if field == "title":
        return label
    old, new = (_value(field, change[side], names) or _("none") for side in ("old", "new"))
    return _("%(field)s: %(old)s → %(new)s") % {"field": label, "old": old, "new": new}


def _value(field: str, value: Any, names: Mapping[str, str]) -> str:
    match field:
        case "category":
            return in_words(rulebook.current().name_of(value)) if value else ""
        case "goal":
            return in_words(rulebook.current().goals.get(value, {"zh": value, "en": value})) if value else ""
        case "priority":
            return _(PRIORITIES[value]) if value in PRIORITIES else str(value)
        case "emotion":
            return _(EMOTIONS[value]) if value in EMOTIONS else str(value)
        case "missing":
            return _(", ").join(str(NEEDS.get(need, need)) for need in value)
        case "department":
            return names.get(f"team:{value}", value or "")
        case "is_complex":
            return _("yes") if value else _("no")
    return str(value or "")
