"""Who may read the document of the API: everybody, who is signed in or has a token, or nobody (`HUIYIN_API_DOCS`)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from huiyin.base import clock
from huiyin.base.config import OFF, OPEN
from huiyin.base.problem import Problem
from huiyin.staff import tokens

View = Callable[..., HttpResponse]


def is_open() -> bool:
    """Tell whether everybody may read it."""
    return bool(settings.HUIYIN.api_docs == OPEN)


def is_off() -> bool:
    """Tell whether nobody may read it, as if there were none."""
    return bool(settings.HUIYIN.api_docs == OFF)


def guarded(view: View) -> View:
    """Let the document itself be read by who may: a program by any good token, whatever its scopes."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_off():
            return Problem(404, "not_found", "There is no such thing, or you may not see it.").response()
        if not is_open() and not _has_token(request):
            response = Problem(401, "unauthorized", "Send a bearer token to read the document.").response()
            response["WWW-Authenticate"] = "Bearer"
            return response
        return view(request, *args, **kwargs)

    return asked


def _has_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and tokens.viewer_held(token.strip(), at=clock.now()) is not None
