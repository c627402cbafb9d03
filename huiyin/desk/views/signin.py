"""Signing in by employee number, with a code where there is a second factor, and out."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.base import clock
from huiyin.base.web import network_of
from huiyin.desk import proving
from huiyin.duty import presence
from huiyin.staff import devices, second_factor, sessions, signin
from huiyin.staff.models import Staff


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    following = request.POST.get("next") or request.GET.get("next") or "/desk"
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}):
        following = "/desk"
    number, error, status = request.POST.get("number", "").strip(), "", 200
    if request.method == "POST":
        try:
            password, device = request.POST.get("password", ""), devices.brought(request)
            staff = signin.check(number, password, network=network_of(request), at=clock.now(), device=device)
        except signin.RunOut as over:
            error, status = proving.run_out_words(over.until), 403
        except signin.Refused:
            error, status = _("Employee number or password is wrong."), 403
        except signin.Locked as locked:
            error, status = proving.wait_words(locked), 429
        else:
            if second_factor.is_on(staff):
                sessions.begin_half(request, staff, following=following, at=clock.now())
                return redirect("sign-in-code")
            return _in(request, staff, following)
    context = {"number": number, "error": error, "next": following}
    return render(request, "desk/sign_in.html", context, status=status)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask who knew the password for a code; only then are they signed in."""
    half = sessions.half(request, at=clock.now())
    if half is None:
        return redirect("sign-in")
    (staff, following), error, status = half, "", 200
    if request.method == "POST":
        given, device = request.POST.get("code", ""), devices.brought(request)
        try:
            signin.check_code(staff, given, network=network_of(request), at=clock.now(), device=device)
        except signin.Refused:
            error, status = _("This code is wrong, or was used already. Wait for the next one."), 403
        except signin.Locked as locked:
            error, status = proving.wait_words(locked), 429
        else:
            return _in(request, staff, following)
    return render(request, "desk/sign_in_code.html", {"error": error}, status=status)


def _in(request: HttpRequest, staff: Staff, following: str) -> HttpResponse:
    sessions.begin(request, staff, at=clock.now())
    browser = request.headers.get("User-Agent", "")
    sessions.describe(request.session, network=network_of(request), browser=browser, at=clock.now())
    response = redirect(following)
    devices.remember(request, response, staff, at=clock.now())
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, staff.language, max_age=365 * 86400, samesite="Lax", httponly=True,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )  # fmt: skip
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    if viewer is not None:
        presence.change(request.user, "offline", by=viewer.actor, at=clock.now())  # type: ignore[arg-type]
    logout(request)
    return redirect("sign-in")
