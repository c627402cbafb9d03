"""Reading the audit trail: who did what, when, to what; the newest first, page by page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.base import secrets
from huiyin.base.models import AuditRow


class BadCursor(Exception):
    """The cursor is not one that was given out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty means any. `what` and `target` match from their beginning (`grant.`, `staff:`)."""

    who: str = ""
    what: str = ""
    target: str = ""
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[AuditRow]
    next_cursor: str | None


def search(wanted: Wanted, *, cursor: str = "", limit: int = 50) -> Page:
    """Return one page of the trail. Raises BadCursor."""
    rows = AuditRow.objects.order_by("-id")
    if wanted.who:
        rows = rows.filter(by_ref=wanted.who)
    if wanted.what:
        rows = rows.filter(action__startswith=wanted.what)
    if wanted.target:
        rows = rows.filter(object__startswith=wanted.target)
    if wanted.result:
        rows = rows.filter(result=wanted.result)
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    if cursor:
        rows = rows.filter(id__lt=_place(cursor))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    # Sealed: the place in the trail is a row number, which must not leave the house.
    following = secrets.seal("audit-cursor", json.dumps(found[limit - 1].pk)) if more else None
    return Page(found[:limit], following)


def _place(cursor: str) -> int:
    try:
        return int(json.loads(secrets.unseal("audit-cursor", cursor)))
    except secrets.NotOurs:
        raise BadCursor from None
