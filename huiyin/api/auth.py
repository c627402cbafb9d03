"""Who calls: a bearer token, cut down to the scope that the operation needs."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from huiyin.api import limits
from huiyin.base import clock, rates
from huiyin.base.problem import Problem
from huiyin.staff import tokens
from huiyin.staff.viewer import Viewer

PACES = {"reports:read": rates.REPORTS, "cases:export": rates.EXPORTS}


class Bearer(HttpBearer):
    """Answers 401 without a good token, 403 without the scope, 429 beyond its pace and 413 for more than `body_bytes`.

    `request.viewer` is who calls.
    """

    def __init__(self, scope: str, *, body_bytes: int | None = None) -> None:
        super().__init__()
        self.scope = scope
        self.body_bytes = body_bytes

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        viewer = tokens.viewer_held(token, at=clock.now())
        if viewer is None:
            raise Problem(
                401, "unauthorized", "The token is unknown, expired or revoked. Make one: huiyin token create"
            )
        if self.scope not in (viewer.token_scopes or ()):
            raise Problem(403, "scope_missing", f"This call needs a token with the scope {self.scope}.")
        if not viewer.may_by_token(self.scope):
            raise Problem(403, "right_missing", f"The account of this token holds no right for {self.scope}.")
        if self.scope not in limits.FREE:
            limits.take(limits.caller_of(token), at=clock.now())
        if (own := PACES.get(self.scope)) is not None:
            rates.take(own, viewer.number, at=clock.now())
        if self.body_bytes is not None and int(request.META.get("CONTENT_LENGTH") or 0) > self.body_bytes:
            detail = f"The body is larger than {self.body_bytes >> 20} MB; nothing was kept."
            raise Problem(413, "too_large", detail)
        request.viewer = viewer  # type: ignore[attr-defined]
        return viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who calls, as settled by Bearer."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    return viewer  # type: ignore[no-any-return]
