"""What every request gets: an id in the logs, a measured time, and a calm answer when the store is busy."""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from csp.constants import HEADER
from csp.utils import build_policy
from django.core.exceptions import BadRequest
from django.db import DatabaseError, DataError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiyin.base import again, metrics, problem, rates, tx

log = structlog.get_logger("web")


class Conduct:
    """The outermost middleware. API callers get problem+json; people get a page that says the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = request.META.get("huiyin.request_id") or uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        response = self._get_response(request)
        if response.status_code == 405 and request.method == "GET" and _is_read_by_people(request):
            response = _only_for_forms(request, response)
        took = time.perf_counter() - started
        metrics.requests_total.labels(request.method, response.status_code).inc()
        metrics.request_seconds.observe(took)
        if response.status_code >= 500 or took > 1:
            route = request.resolver_match.route if request.resolver_match else ""
            log.warning(
                "slow or failed", method=request.method, route=route, status=response.status_code, took_s=took
            )
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, problem.Problem):
            return error.response()
        if isinstance(error, rates.TooMany):
            return too_many(request, error)
        if isinstance(error, DataError):
            # A value that the store cannot hold, such as a NUL in an address: refused like any that cannot be read.
            raise BadRequest from error
        if isinstance(error, tx.Busy):
            return _refused(request, problem.busy())
        if isinstance(error, (tx.Unavailable, InterfaceError)) or _lost(error):
            log.error("the store cannot be used", error=str(error))
            connection.close()
            return _refused(request, problem.unavailable())
        return None


class Policy:
    """Tells browsers what a page may load, in the words that django-csp makes of the settings: made once, for each
    answer says the same. A view that says it itself has the last word."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response, self._words = get_response, build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers.setdefault(HEADER, self._words)
        return response


def too_many(request: HttpRequest, error: rates.TooMany) -> HttpResponse:
    """Answer 429 with how long to wait."""
    detail = "Too many of these in a short time; nothing was done. Send it again after the pause."
    refusal = problem.Problem(429, "too_many", detail, retry_after_s=int(error.seconds) + 1)
    text = _("Nothing was done. Try again in %(minutes)s minutes.") % {"minutes": error.minutes}
    return _refused(request, refusal, title=_("This was asked for too often in a short time."), text=text)


def _refused(
    request: HttpRequest, refusal: problem.Problem, *, title: str = "", text: str = ""
) -> HttpResponse:
    """Return problem+json to programs, the same in a page to people."""
    answer = refusal.response()
    if not _is_read_by_people(request):
        return answer
    kept = again.of(request)
    wait = _("Nothing was changed. Go back, wait a moment, and send it once more.")
    if kept and kept["fields"]:
        wait = _("Nothing was changed, and nothing you typed is lost. Wait a moment, then send it again.")
    context = {
        "title": title or _("We cannot do this at this moment."),
        "text": text or wait,
        "again": kept,
    }
    page = render(request, "portal/error.html", context, status=answer.status_code)
    page["Retry-After"], page["Cache-Control"] = answer["Retry-After"], "no-store"
    return page


def _only_for_forms(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """Return the page for who opened, or loaded again, an address that only takes what a form sends."""
    context = {
        "title": _("There is no page at this address."),
        "text": _(
            "It only takes what a form sends; nothing was changed. Go back, or begin again from the desk."
        ),
    }
    page = render(request, "portal/error.html", context, status=405)
    page["Allow"] = response["Allow"]
    return page


def _is_read_by_people(request: HttpRequest) -> bool:
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "")


def _lost(error: Exception) -> bool:
    return isinstance(error, DatabaseError) and type(error).__name__ == "OperationalError"


def network_of(request: HttpRequest) -> str:
    """Return the caller's address, as the bridge settled it from the peer and trusted proxies."""
    return str(request.META.get("REMOTE_ADDR", ""))
