"""Macros as they are stored: what one click fills in, promises, asks and marks. A macro names no macro.

What a macro does is done by `cases.macros`, by the verbs that people use by hand.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.base import audit, configured, tx
from huiyin.base.actor import Actor
from huiyin.engines import placeholders
from huiyin.rules import book as rulebook
from huiyin.rules.macro_parts import NAMES, MacroPart
from huiyin.rules.models import Macro
from huiyin.staff.models import Team

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class Refused(ValueError):
    """The macro cannot be stored so; `field` says where. Nothing was stored."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


def everything() -> list[Macro]:
    """Return the macros in use, by their codes."""
    return list(Macro.objects.filter(retired_at=None).order_by("code"))


def save(code: str, part: MacroPart, *, by: Actor, at: datetime) -> Macro:
    """Make or change a macro, also one that was retired; a second call changes nothing. Raises Refused."""
    if not CODE.fullmatch(code):
        raise Refused("code", "bad")
    _refuse_unknown(part)
    wanted = part.model_dump(mode="json")
    with tx.write():
        known = Macro.objects.select_for_update().filter(code=code).first()
        before = {name: getattr(known, name) for name in wanted} if known else {}
        fields = sorted(name for name, value in wanted.items() if before.get(name) != value)
        if known is not None and not fields and known.retired_at is None:
            return known
        macro, _ = Macro.objects.update_or_create(code=code, defaults={**wanted, "retired_at": None})
        configured.bump()
        audit.write("macro.set", f"macro:{code}", by=by, at=at, fields=fields)
    return macro


def retire(code: str, *, by: Actor, at: datetime) -> bool:
    """Offer the macro no more; return whether it was in use. A second call changes nothing."""
    with tx.write():
        if not Macro.objects.filter(code=code, retired_at=None).update(retired_at=at):
            return False
        configured.bump()
        audit.write("macro.retired", f"macro:{code}", by=by, at=at)
    return True


def filled(text: Mapping[str, str], values: Mapping[str, str], *, language: str, strict: bool) -> str:
    """Return a stored text in this language; what has no value stays as its name, or raises MissingValueError."""
    words = text["zh" if language.startswith("zh") else "en"]
    missing = placeholders.Missing.REFUSE if strict else placeholders.Missing.NAME
    return placeholders.parse(words, NAMES).fill(values, missing=missing)


def part_of(macro: Macro) -> dict[str, Any]:
    """Return the macro as `save` takes it."""
    return {name: getattr(macro, name) for name in MacroPart.model_fields}


def _refuse_unknown(part: MacroPart) -> None:
    categories = {*part.categories, part.sets.category} - {""}
    if categories - rulebook.current().categories.keys():
        raise Refused("categories", "unknown")
    teams = {*part.teams, part.request.department if part.request else ""} - {""}
    if teams - set(Team.objects.filter(retired_at=None).values_list("code", flat=True)):
        raise Refused("teams", "unknown")
