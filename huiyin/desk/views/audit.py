"""/desk/audit: who did what, when, to what; and whether the chain holds."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.timezone import make_aware
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import audit, clock, rates, trail
from huiyin.desk import audit_words, office
from huiyin.desk.access import signed_in, viewer_of

SHOWN = 50
FILTERS = ("who", "what", "object", "result", "since", "until")


@require_GET
@signed_in("audit.read")
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@signed_in("audit.read")
def verify(request: HttpRequest) -> HttpResponse:
    """Check every sealed row against its seal; changes nothing."""
    rates.take(rates.REPORTS, viewer_of(request).number, at=clock.now())
    broken = audit.broken_links()
    return _page(request, {"checked": True, "broken": broken[:20], "unsealed": audit.unsealed()})


def _page(request: HttpRequest, more: dict[str, Any] | None = None) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip()[:80] for name in FILTERS}
    wanted = trail.Wanted(
        who=asked["who"],
        what=asked["what"],
        target=asked["object"],
        result=asked["result"],
        since=_day(asked["since"], 0),
        until=_day(asked["until"], 1),
    )
    try:
        found = trail.search(wanted, cursor=request.GET.get("cursor", ""), limit=SHOWN)
    except trail.BadCursor:
        found = trail.search(wanted, limit=SHOWN)
    following = urlencode({**asked, "cursor": found.next_cursor}) if found.next_cursor else ""
    names = audit_words.names_in(found.rows)
    rows = [
        {
            "it": row,
            "action": audit_words.action(row.action),
            "target": audit_words.target(row.object),
            "fields": audit_words.fields(row, names),
            "result": audit_words.RESULTS.get(row.result, row.result),
        }
        for row in found.rows
    ]
    context = {
        **office.frame(request, "audit"),
        "asked": asked,
        "actions": audit_words.ACTIONS.items(),
        "objects": audit_words.OBJECTS.items(),
        "rows": rows,
        "following": following,
        **(more or {}),
    }
    return render(request, "desk/office/audit.html", context)


def _day(given: str, later: int) -> datetime | None:
    """Return the beginning of a day in the organisation's zone, `later` days on; None when it is no day."""
    try:
        day = parse_date(given)
        return make_aware(datetime.combine(day + timedelta(days=later), time())) if day else None
    except (ValueError, OverflowError):
        return None
