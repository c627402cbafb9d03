"""/second-factor: setting up one's own second factor, renewing it, new recovery codes, turning it off."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.base import clock, secrets
from huiyin.base.web import network_of
from huiyin.desk import office, proving
from huiyin.desk.access import signed_in, viewer_of
from huiyin.staff import devices, second_factor, sessions, signin
from huiyin.staff.refusal import Refusal

KEY, RENEWAL = "factor_key", "factor_renewal"


class _Wrong(Exception):
    """What was typed is answered with these words."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@signed_in()
@proving.proved(when=lambda request: not second_factor.is_on(office.me(request)), on_arrival=True)
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        request.session.pop(RENEWAL, None)
        return _page(request)
    act = _ACTS.get(office.word(request, "act"))
    if act is None:
        return HttpResponseBadRequest("act")
    try:
        return act(request)
    except Refusal as refusal:
        return _page(request, {"error": refusal}, 422)
    except _Wrong as wrong:
        return _page(request, {"error": wrong}, wrong.status)


def _page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    staff = office.me(request)
    is_on = second_factor.is_on(staff)
    context: dict[str, Any] = {
        "person": staff,
        "must": viewer_of(request).must_enrol,
        "required": second_factor.is_required(staff, at=clock.now()),
        "sets_up": not is_on or RENEWAL in request.session,
        "left": second_factor.codes_left(staff),
        **(more or {}),
    }
    if context["sets_up"]:
        key = _key(request)
        context["key"] = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
        context["picture"] = second_factor.picture(key, staff)
    return render(request, "desk/second_factor.html", context, status=status)


def _key(request: HttpRequest) -> str:
    # Sealed: what a session remembers can be read in the database.
    try:
        return second_factor.unseal(request.session[KEY])
    except (KeyError, secrets.NotOurs):
        key = second_factor.new_key()
        request.session[KEY] = second_factor.seal(key)
        return key


def _turn_on(request: HttpRequest) -> HttpResponse:
    staff = office.me(request)
    if second_factor.is_on(staff) and RENEWAL not in request.session:
        return redirect("second-factor")
    given, by = office.word(request, "code"), viewer_of(request).actor
    codes = second_factor.turn_on(staff, _key(request), given, by=by, at=clock.now())
    for name in (KEY, RENEWAL):
        request.session.pop(name, None)
    # Other browsers came in without it.
    sessions.end_others(staff, but=request.session.session_key)
    request.session.cycle_key()
    response = _codes(request, codes)
    devices.remember(request, response, staff, at=clock.now())
    return response


def _renew(request: HttpRequest) -> HttpResponse:
    _prove(request)
    request.session.pop(KEY, None)
    request.session[RENEWAL] = True
    return _page(request)


def _new_codes(request: HttpRequest) -> HttpResponse:
    _prove(request)
    by = viewer_of(request).actor
    return _codes(request, second_factor.new_recovery_codes(office.me(request), by=by, at=clock.now()))


def _turn_off(request: HttpRequest) -> HttpResponse:
    _prove(request)
    second_factor.turn_off(office.me(request), by=viewer_of(request).actor, at=clock.now())
    return redirect("me")


def _prove(request: HttpRequest) -> None:
    """Ask for password and code each time, however fresh the sign-in."""
    password, code = request.POST.get("password", ""), request.POST.get("code", "")
    try:
        told = {"network": network_of(request), "device": devices.brought(request)}
        signin.prove(office.me(request), password, code, at=clock.now(), **told)
    except signin.Refused:
        raise _Wrong(_("Password or code is wrong, or the code was used already."), 403) from None
    except signin.Locked as locked:
        raise _Wrong(proving.wait_words(locked), 429) from None
    sessions.note_proof(request.session, at=clock.now())


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "desk/recovery_codes.html", {"codes": codes})


_ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "on": _turn_on,
    "renew": _renew,
    "codes": _new_codes,
    "off": _turn_off,
}
