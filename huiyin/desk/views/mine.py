"""/desk/me: one's own sessions, roles lent and borrowed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import acts, proved
from huiyin.duty import helping
from huiyin.staff import roles, second_factor, sessions, standin, teams
from huiyin.staff.refusal import Refusal


@require_http_methods(["GET", "POST"])
@signed_in()
@proved(when=acts("lend"))
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    acts = {"end": _end, "end_others": _end_others, "lend": _lend, "hand_back": _hand_back}
    act = acts.get(office.word(request, "act"))
    if act is None:
        return HttpResponseBadRequest("act")
    try:
        return act(request)
    except Refusal as refusal:
        return _page(request, {"error": refusal}, 422)


def _page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    staff, at = office.me(request), clock.now()
    here = sessions.ref_of(request.session.session_key or "")
    lends = standin.can_be_lent(staff, at=at) if viewer_of(request).may("role.lend") else []
    context = {
        **office.frame(request, "me"),
        "person": staff,
        "has_factor": second_factor.is_on(staff),
        "sessions": [{"it": one, "is_here": one.ref == here} for one in sessions.of(staff, at=at)],
        "lendings": standin.concerning(staff, at=at),
        "lends": lends,
        "roles": roles.everything() if lends else [],
        "teams": [team for team in teams.everything() if team.retired_at is None] if lends else [],
        "works": viewer_of(request).may("case.work"),
        "instead_of": request.GET.get("instead_of", "")[:20],
        **(more or {}),
    }
    return render(request, "desk/office/me.html", context, status=status)


def _end(request: HttpRequest) -> HttpResponse:
    by = viewer_of(request).actor
    sessions.end(office.me(request), office.word(request, "ref"), by=by, at=clock.now())
    return redirect("me")


def _end_others(request: HttpRequest) -> HttpResponse:
    here = sessions.ref_of(request.session.session_key or "")
    sessions.end_every(office.me(request), by=viewer_of(request).actor, at=clock.now(), but=here)
    return redirect("me")


def _lend(request: HttpRequest) -> HttpResponse:
    until = office.moment(request, "until")
    if until is None:
        raise Refusal("time_unreadable")
    instead_of = office.word(request, "instead_of")
    helping.lend(
        office.me(request),
        office.colleague(office.word(request, "to")),
        role=roles.named(office.word(request, "role")),
        team=teams.named(office.word(request, "team")),
        until=until,
        instead_of=office.colleague(instead_of) if instead_of else None,
        by=viewer_of(request).actor,
        at=clock.now(),
    )
    return office.saved("me")


def _hand_back(request: HttpRequest) -> HttpResponse:
    staff, at = office.me(request), clock.now()
    wanted = tuple(office.word(request, name) for name in ("to", "role", "team"))
    for grant in standin.concerning(staff, at=at):
        if (grant.staff.number, grant.role.code, grant.team.code if grant.team else "") == wanted:
            standin.hand_back(grant, by=viewer_of(request).actor, at=at)
            return redirect("me")
    raise Refusal("not_lent")
