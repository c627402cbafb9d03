"""/desk/accounts: service accounts and their tokens, which are shown once."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import proved
from huiyin.staff import people, tokens
from huiyin.staff.permissions import TOKEN_SCOPES
from huiyin.staff.refusal import Refusal

NAME = re.compile(r"[A-Za-z0-9_-]{1,16}")


@require_http_methods(["GET", "POST"])
@signed_in("people.write")
@proved(when=lambda request: office.word(request, "act") != "revoke")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    try:
        if office.word(request, "act") == "revoke":
            tokens.revoke(_uuid(request), by=viewer_of(request).actor, at=clock.now())
            return redirect("accounts")
        return _page(request, {"made": _make(request)})
    except Refusal as refusal:
        typed = {**request.POST.dict(), "scopes": request.POST.getlist("scopes")}
        return _page(request, {"error": refusal, "typed": typed}, 422)


def _make(request: HttpRequest) -> str:
    by, at = viewer_of(request).actor, clock.now()
    name, scopes = office.word(request, "name"), request.POST.getlist("scopes")
    if not NAME.fullmatch(name):
        raise Refusal("code_bad")
    if not scopes:
        raise Refusal("scopes_missing")
    expires_at = office.moment(request, "expires_at")
    try:
        account = people.join_service(name, role="integration", by=by, at=at)
        channels = office.words(request, "channels")
        return tokens.make(account, scopes, by=by, at=at, channels=channels, expires_at=expires_at)
    except tokens.UnknownScope:
        raise Refusal("scope_unknown", what=", ".join(scopes)) from None


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(office.word(request, "token"))
    except ValueError:
        raise Refusal("unknown", kind="token", what=office.word(request, "token")) from None


def _page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    at = clock.now()
    context = {
        **office.frame(request, "accounts"),
        "tokens": [
            {
                "account": account.number,
                "it": token,
                "scopes": " ".join(token.scopes),
                "stands": token.revoked_at is None and not (token.expires_at and token.expires_at <= at),
            }
            for account in people.found(kind="service")
            for token in tokens.of(account)
        ],
        "scopes": list(TOKEN_SCOPES),
        **(more or {}),
    }
    return render(request, "desk/office/accounts.html", context, status=status)
