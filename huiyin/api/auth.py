"""Who calls: a bearer token, cut down to the scope that the operation needs."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from huiyin.api import limits
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.staff import tokens
from huiyin.staff.viewer import Viewer


class Bearer(HttpBearer):
    """Answers 401 without a good token and 403 without the scope; `request.viewer` is who calls."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

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
        request.viewer = viewer  # type: ignore[attr-defined]
        return viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who calls, as settled by Bearer."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    return viewer  # type: ignore[no-any-return]
