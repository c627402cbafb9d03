"""/desk/compensations: what customers were given, across cases. /desk/limits: how much a role gives by itself."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.base import clock
from huiyin.cases import given_away
from huiyin.cases.kinds import COMPENSATION_STATES, COMPENSATIONS
from huiyin.cases.models import Compensation
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import proved
from huiyin.rules import limits
from huiyin.staff import roles
from huiyin.staff.refusal import Refusal

SHOWN = 200


@require_GET
@signed_in("case.read")
def page(request: HttpRequest) -> HttpResponse:
    today = localtime(clock.now()).date()
    first, last = _day(request, "from", today.replace(day=1)), _day(request, "to", today)
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    wanted = given_away.Wanted(
        first,
        last + timedelta(days=1) if last < date.max else None,
        kind if kind in COMPENSATIONS else "",
        state if state in COMPENSATION_STATES else "",
        request.GET.get("person", "").replace("\x00", "").strip(),
    )
    found = given_away.rows(viewer_of(request), wanted)
    context = {
        **office.frame(request, "compensations"),
        "typed": {"from": first, "to": last, "it": wanted},
        "kinds": COMPENSATIONS.items(),
        "states": COMPENSATION_STATES.items(),
        "rows": [_row(one) for one in found[:SHOWN]],
        "totals": [(COMPENSATIONS[one.kind], one) for one in given_away.totals(found)],
    }
    return render(request, "desk/office/compensations.html", context)


@require_http_methods(["GET", "POST"])
@signed_in("config.write")
@proved()
def limits_page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _limits(request)
    typed = {kind: office.word(request, kind) for kind in limits.KINDS}
    try:
        wanted = {kind: Decimal(value) if value else None for kind, value in typed.items()}
        limits.save(office.word(request, "role"), wanted, by=viewer_of(request).actor, at=clock.now())
    except (InvalidOperation, limits.Refused):
        error = _("Write a sum of money, such as 20 or 20.50.")
        return _limits(request, typed, error, 422)
    except Refusal as refusal:
        return _limits(request, typed, str(refusal), 422)
    return office.saved("limits")


def _limits(
    request: HttpRequest, typed: dict[str, str] | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    names = {role.code: str(role) for role in roles.everything()}
    changed = office.word(request, "role") if typed else ""
    rows = [
        {
            "code": code,
            "name": names[code],
            "values": [
                (kind, words, typed[kind] if typed and code == changed else stored[kind])
                for kind, words in COMPENSATIONS.items()
            ],
        }
        for code, stored in limits.of_roles().items()
    ]
    context = {**office.frame(request, "limits"), "rows": rows, "error": error}
    return render(request, "desk/office/limits.html", context, status=status)


def _row(one: Compensation) -> dict[str, Any]:
    return {
        "at": one.at,
        "number": one.case.number,
        "title": one.case.title,
        "next_due": one.case.next_due,
        "kind": COMPENSATIONS.get(one.kind, one.kind),
        "value": one.value,
        "basis": one.basis,
        "state": COMPENSATION_STATES[one.state],
        "by": one.made_by.name,
        "approver": one.approval.assignee.name if one.approval and one.approval.assignee else "",
    }


def _day(request: HttpRequest, name: str, usual: date) -> date:
    try:
        return parse_date(request.GET.get(name, "")) or usual
    except ValueError:
        return usual
