"""Signing in by employee number, and out."""

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
from huiyin.duty import presence
from huiyin.staff import sessions, signin


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
            staff = signin.check(
                number, request.POST.get("password", ""), network=network_of(request), at=clock.now()
            )
        except signin.Refused:
            error, status = _("Employee number or password is wrong."), 403
        except signin.Locked as locked:
            error = _("Too many tries. Please wait %(n)s minutes, or ask your administrator.") % {
                "n": locked.minutes
            }
            status = 429
        else:
            sessions.begin(request, staff)
            browser = request.headers.get("User-Agent", "")
            sessions.describe(request.session, network=network_of(request), browser=browser, at=clock.now())
            response = redirect(following)
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, staff.language, max_age=365 * 86400, samesite="Lax", httponly=True,
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )  # fmt: skip
            return response
    context = {"number": number, "error": error, "next": following}
    return render(request, "desk/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    if viewer is not None:
        presence.change(request.user, "offline", by=viewer.actor, at=clock.now())  # type: ignore[arg-type]
    logout(request)
    return redirect("sign-in")
