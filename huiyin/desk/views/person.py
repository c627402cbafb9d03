"""/desk/people/{number}: one person's roles, sessions and password, and leaving with the work moved."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.cases import handing_on
from huiyin.customers import dedication
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import acts, proved
from huiyin.dispatch import leaving
from huiyin.rules import categories
from huiyin.staff import confidentiality, people, roles, second_factor, sessions, sites, teams
from huiyin.staff.models import Staff
from huiyin.staff.refusal import Refusal


@require_http_methods(["GET", "POST"])
@signed_in("people.write")
@proved(when=acts("grant", "password", "come_back", "factor"))
def page(request: HttpRequest, person: str) -> HttpResponse:
    staff = people.one(person)
    if staff is None or staff.kind != "person":
        raise Http404
    if request.method == "GET":
        return _page(request, staff)
    act = _ACTS.get(office.word(request, "act"))
    if act is None:
        return HttpResponseBadRequest("act")
    try:
        told = act(request, staff)
    except Refusal as refusal:
        return _page(request, staff, {"error": refusal}, 422)
    return _page(request, _again(staff), told) if told else office.saved("person", person=staff.number)


def _page(
    request: HttpRequest, staff: Staff, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    at, places = clock.now(), sites.of(staff.grants.all())
    context = {
        **office.frame(request, "people"),
        "person": staff,
        "grants": [
            {"it": grant, "sites": [places[site] for site in grant.sites]} for grant in staff.grants.all()
        ],
        "sessions": sessions.of(staff, at=at),
        "carried": handing_on.carried_by(staff),
        "customers": dedication.count_of(staff) if staff.is_active else 0,
        "leaving": {name: office.word(request, name) for name in ("to", "customers_to")},
        "has_factor": second_factor.is_on(staff),
        "is_signed": confidentiality.is_signed(staff),
        "roles": roles.everything(),
        "teams": [team for team in teams.everything() if team.retired_at is None],
        "others": [one for one in people.found() if one.is_active and one.pk != staff.pk],
        **(more or {}),
    }
    return render(request, "desk/office/person.html", context, status=status)


def _again(staff: Staff) -> Staff:
    found = people.one(staff.number)
    assert found is not None
    return found


def _grant(request: HttpRequest, staff: Staff) -> None:
    people.grant(
        staff,
        role=office.word(request, "role"),
        team=office.word(request, "team") or None,
        categories=categories.named(office.words(request, "categories")),
        at_sites=office.words(request, "sites"),
        until=office.moment(request, "until"),
        by=viewer_of(request).actor,
        at=clock.now(),
    )


def _withdraw(request: HttpRequest, staff: Staff) -> None:
    role, team = office.word(request, "role"), office.word(request, "team") or None
    people.withdraw(staff, role=role, team=team, by=viewer_of(request).actor, at=clock.now())


def _describe(request: HttpRequest, staff: Staff) -> None:
    seniority = office.word(request, "seniority")
    if seniority not in {str(n) for n in range(101)}:
        raise Refusal("seniority_bad")
    people.describe(
        staff,
        name=office.word(request, "name"),
        language="en" if office.word(request, "language") == "en" else "zh-hans",
        seniority=int(seniority),
        by=viewer_of(request).actor,
        at=clock.now(),
    )


def _new_password(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    by = viewer_of(request).actor
    return {"password": people.reset_password(staff.number, by=by, at=clock.now())}


def _end_sessions(request: HttpRequest, staff: Staff) -> None:
    by, ref = viewer_of(request).actor, office.word(request, "ref")
    if ref:
        sessions.end(staff, ref, by=by, at=clock.now())
    else:
        sessions.end_every(staff, by=by, at=clock.now())


def _take_factor_away(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    if not second_factor.take_away(staff, by=viewer_of(request).actor, at=clock.now()):
        raise Refusal("factor_missing", who=staff.number)
    return {"done": _("The second factor is gone and every session has ended.")}


def _leave(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    to, customers = office.word(request, "to"), office.word(request, "customers_to")
    heirs = leaving.Heirs(
        to=office.colleague(to) if to not in ("", "queue") else None,
        to_queue=to == "queue",
        customers=office.colleague(customers) if customers not in ("", "nobody") else None,
        customers_of_nobody=customers == "nobody",
    )
    moved = leaving.leave(staff, heirs, by=viewer_of(request).actor, at=clock.now())
    told = {"cases": moved.cases, "customers": moved.customers}
    return {"done": _("The account has ended; moved: %(cases)s cases, %(customers)s customers.") % told}


def _come_back(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    return {"password": leaving.come_back(staff, by=viewer_of(request).actor, at=clock.now())}


_ACTS: dict[str, Callable[[HttpRequest, Staff], dict[str, Any] | None]] = {
    "grant": _grant,
    "withdraw": _withdraw,
    "describe": _describe,
    "password": _new_password,
    "end": _end_sessions,
    "factor": _take_factor_away,
    "leave": _leave,
    "come_back": _come_back,
}
