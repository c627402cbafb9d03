"""What a page of the desk needs of its visitor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from huiyin.cases import sameness
from huiyin.cases.models import Case
from huiyin.staff.viewer import Viewer

# Whom and what the page of a case names; few cases follow another, and few pages show the team.
SHOWN = ("customer", "handler", "owner", "site")
View = Callable[..., HttpResponse]


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who is viewing; only behind `signed_in`."""
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    return viewer  # type: ignore[no-any-return]


def signed_in(permission: str | None = None) -> Callable[[View], View]:
    """Let only the signed-in through, and only with the right that is named; strangers are sent to sign in."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = getattr(request, "viewer", None)
            if viewer is None:
                if request.headers.get("HX-Request"):
                    response = HttpResponse(status=401)
                    response["HX-Redirect"] = "/sign-in"
                    return response
                return redirect(f"/sign-in?{urlencode({'next': request.get_full_path()})}")
            if permission is not None and not viewer.may(permission):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def case_of(request: HttpRequest, number: str) -> Case:
    """Return the case if the visitor may see it; Http404 otherwise, as if it were not there."""
    viewer = viewer_of(request)
    case = Case.objects.visible_to(viewer).select_related(*SHOWN).numbered(number)
    if case is None:
        raise Http404
    sameness.fill([case], viewer)
    return case
