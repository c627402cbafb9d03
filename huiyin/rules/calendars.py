"""Setting a calendar: the definition is tried before it is stored, and every process compiles it anew."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from huiyin.base import audit, configured, tx
from huiyin.base.actor import Actor
from huiyin.engines import businesstime
from huiyin.rules import book as rulebook
from huiyin.rules.models import Calendar
from huiyin.staff.refusal import Refusal

BUILT_IN = ("always", "site")
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class Refused(ValueError):
    """The calendar cannot be used so; `field` names the key, the text is the engine's. Nothing was stored."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def named(code: str) -> str:
    """Return the code of a calendar that there is, or nothing when none is named. Raises staff's Refusal."""
    if code and code not in rulebook.current().calendars:
        raise Refusal("unknown", kind="calendar", what=code)
    return code


def codes() -> list[str]:
    """Return the codes of all calendars, in order."""
    return sorted(rulebook.current().calendars)


def everything() -> list[Calendar]:
    """Return the calendars in use, by their codes; what is built in is not among them."""
    return list(Calendar.objects.filter(retired_at=None).order_by("code"))


def put(code: str, definition: Mapping[str, Any], *, by: Actor, at: datetime) -> bool:
    """Store the definition under this code, made or replaced; return whether anything changed.

    A pack that is upgraded later keeps what was set here. A calendar that never opens is refused, since nothing could
    ever fall due in it. Raises Refused.
    """
    if not CODE.fullmatch(code):
        raise Refused("code", "a code is 1 to 60 small letters, digits, - and _")
    if code in BUILT_IN:
        raise Refused("code", f"{code} is built in")
    try:
        compiled = businesstime.calendar(definition, holidays=rulebook.current().holidays)
        with suppress(businesstime.UnknownYear):
            businesstime.due(at, timedelta(seconds=1), compiled)
    except businesstime.CalendarError as error:
        raise Refused(str(error.params["key"]), str(error)) from None
    except businesstime.NeverOpen:
        raise Refused("weekly", "the calendar has no opening within 366 days") from None
    with tx.write():
        known = Calendar.objects.select_for_update().filter(code=code).first()
        if known is not None and known.definition == definition and known.retired_at is None:
            return False
        Calendar.objects.update_or_create(
            code=code, defaults={"definition": dict(definition), "retired_at": None}
        )
        configured.bump()
        fields = sorted(definition)
        audit.write("calendar.set", f"calendar:{code}", by=by, at=at, fields=fields)
    return True
