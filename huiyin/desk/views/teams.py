"""/desk/teams: sites and the team tree. /desk/roles: roles and what each may."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.customers import retention
from huiyin.desk import office, typed
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import proved
from huiyin.dispatch import leaving
from huiyin.rules import calendars
from huiyin.staff import roles, sites, teams
from huiyin.staff.permissions import PERMISSIONS, REACHES
from huiyin.staff.refusal import Refusal


@require_http_methods(["GET", "POST"])
@signed_in("people.write")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    act = {"site": _save_site, "team": _save_team, "retire": _retire, "restore": _restore}.get(
        office.word(request, "act")
    )
    if act is None:
        return HttpResponseBadRequest("act")
    try:
        act(request)
    except Refusal as refusal:
        return _page(request, {"error": refusal}, 422)
    return office.saved("teams")


@require_http_methods(["GET", "POST"])
@signed_in("people.write")
@proved()
def roles_page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _roles_page(request)
    by, at, code = viewer_of(request).actor, clock.now(), office.word(request, "code")
    try:
        if office.word(request, "act") == "retire":
            roles.retire(roles.named(code), by=by, at=at)
        else:
            _refuse_taken(request, [role.code for role in roles.everything()])
            rights, reach = request.POST.getlist("permissions"), office.word(request, "reach")
            asked = "second_factor" in request.POST
            roles.save(code, office.both_names(request), rights, reach, by=by, at=at, second_factor=asked)
    except Refusal as refusal:
        return _roles_page(request, {"error": refusal}, 422)
    return office.saved("roles")


def _page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = sites.everything()
    everything = teams.everything()
    passed = retention.counts(found, at=clock.now())  # how many customers would be erased by age now
    context = {
        **office.frame(request, "teams"),
        "sites": found,
        "places": [
            {**typed.over(request, "site", typed.site(site)), "passed": passed.get(site.pk, 0) if site else 0}
            for site in (*found, None)
        ],
        "teams": [{"it": one, **typed.over(request, "team", typed.team(one))} for one in (*everything, None)],
        "parents": everything,
        "calendars": calendars.codes(),
        **(more or {}),
    }
    return render(request, "desk/office/teams.html", context, status=status)


def _roles_page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    context = {
        **office.frame(request, "roles"),
        "roles": [typed.over(request, "save", typed.role(one)) for one in (*roles.everything(), None)],
        "permissions": PERMISSIONS.items(),
        "reaches": REACHES.items(),
        **(more or {}),
    }
    return render(request, "desk/office/roles.html", context, status=status)


def _save_site(request: HttpRequest) -> None:
    zone, language = office.word(request, "zone"), office.word(request, "language")
    days = office.word(request, "keep_customers_days")
    if days and not (days.isascii() and days.isdigit() and len(days) <= 5):
        raise Refusal("kept_too_short", days=sites.KEPT_AT_LEAST_DAYS)
    wanted = sites.Wanted(
        office.both_names(request),
        zone,
        language,
        office.word(request, "calendar"),
        keep_customers_days=int(days) if days else None,
    )
    _refuse_taken(request, [site.code for site in sites.everything()])
    sites.save(office.word(request, "code"), wanted, by=viewer_of(request).actor, at=clock.now())


def _save_team(request: HttpRequest) -> None:
    wanted = teams.Wanted(
        name=office.both_names(request),
        site=office.word(request, "site"),
        parent=office.word(request, "parent"),
        lead=office.word(request, "lead"),
        deputies=office.words(request, "deputies"),
        contact=office.word(request, "contact"),
        functions=office.words(request, "functions"),
        supervision="supervision" in request.POST,
        is_default="is_default" in request.POST,
        calendar=calendars.named(office.word(request, "calendar")),
    )
    _refuse_taken(request, [team.code for team in teams.everything()])
    teams.save(office.word(request, "code"), wanted, by=viewer_of(request).actor, at=clock.now())


def _refuse_taken(request: HttpRequest, known: list[str]) -> None:
    # The form for a new one must not change another that happens to have the code.
    if "is_new" in request.POST and office.word(request, "code") in known:
        raise Refusal("code_taken", what=office.word(request, "code"))


def _retire(request: HttpRequest) -> None:
    by = viewer_of(request).actor
    leaving.retire_team(teams.named(office.word(request, "code")), by=by, at=clock.now())


def _restore(request: HttpRequest) -> None:
    by = viewer_of(request).actor
    teams.restore(teams.named(office.word(request, "code")), by=by, at=clock.now())
