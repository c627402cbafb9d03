"""The middleware of the signed-in: who is viewing, whether the session still stands, what must come first."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, cast

import structlog
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from huiyin.base import clock, rates, tx
from huiyin.base.web import network_of, too_many
from huiyin.staff import sessions, viewer
from huiyin.staff.models import Staff

log = structlog.get_logger("web")
SEEN_EVERY_S = 60
_BY_TOKEN, _BY_NOBODY = "api/v1/", "api/v1/openapi.json"
_PROBES = ("healthz", "readyz")
_OPEN_TO_UNREADY = (
    "/sign-in",
    "/sign-out",
    "/password",
    "/second-factor",
    "/prove",
    "/scope",
    "/language",
    "/static/",
)


class Sessions(SessionMiddleware):
    """Saves what a session remembers, and lets the answer stand when the store is busy at that moment.

    By then the view has written what it was asked for: to refuse would say that nothing happened. Programs have none.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        return self.get_response(request) if _is_of_programs(request) else super().__call__(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (tx.Busy, tx.Unavailable) as error:
            log.warning("the session was not saved", error=str(error))
            return response


class SignedIn(AuthenticationMiddleware):
    """Says who is signed in; programs say it by their token."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        return self.get_response(request) if _is_of_programs(request) else super().__call__(request)


class Duty:
    """Sets `request.viewer` (None for strangers), ends idle sessions, and sends people to what they must do first:
    change a first password, set up the second factor that a role asks for, then confirm their scope and sign the
    agreement if it is not signed yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seen = cast("Any", request)
        seen.viewer = None
        if not _is_of_programs(request) and request.session.session_key and request.user.is_authenticated:
            staff = request.user
            at = clock.now()
            if not staff.is_active or self._idle(request, at):
                logout(request)
                return self._get_response(request)
            seen.viewer = viewer.of(staff, at=at)
            self._renew(request, seen.viewer)
            first = self._first(request, staff, seen.viewer)
            if first and not request.path.startswith(_OPEN_TO_UNREADY):
                return redirect(first)
        return self._get_response(request)

    def _idle(self, request: HttpRequest, at: datetime) -> bool:
        is_idle = sessions.is_idle(request.session, at=at)
        unseen_s = at.timestamp() - request.session.get("seen", 0.0)
        if (unseen_s > SEEN_EVERY_S and not _is_by_itself(request)) or "seen" not in request.session:
            request.session["seen"] = at.timestamp()  # at most one write a minute
        return is_idle

    def _renew(self, request: HttpRequest, seen: viewer.Viewer) -> None:
        """Go on under a new session id when the person's rights are others than before: with a new role an id that
        somebody got hold of is worth nothing."""
        known = request.session.get("rights")
        if known == seen.rights or _is_by_itself(request):
            return
        if known is not None:
            request.session.cycle_key()
        request.session["rights"] = seen.rights

    def _first(self, request: HttpRequest, staff: Staff, seen: viewer.Viewer) -> str | None:
        if staff.must_change_password:
            return "/password"
        if seen.must_enrol:
            return "/second-factor"
        ready = request.session.get("scope_confirmed") and not seen.must_sign
        return None if ready else "/scope"


def _is_by_itself(request: HttpRequest) -> bool:
    """Say whether a screen fetches itself again, which is not somebody who works at it."""
    return request.method == "GET" and "HX-Request" in request.headers


class Strangers:
    """Lets one network ask for each route only so often while nobody is signed in; calls with tokens have their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        route = request.resolver_match.route if request.resolver_match else ""
        by_token = route.startswith(_BY_TOKEN) and route != _BY_NOBODY
        if by_token or cast("Any", request).viewer is not None:
            return None
        rate = rates.PROBES if route in _PROBES else rates.STRANGERS
        try:
            rates.take(rate, f"{network_of(request)} {route}", at=clock.now())
        except rates.TooMany as error:
            return too_many(request, error)
        return None


def _is_of_programs(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v1/")
