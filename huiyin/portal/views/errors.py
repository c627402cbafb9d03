"""The calm pages of things that went wrong: what happened, what was kept, what to do. Programs get problem+json."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiyin.base import again
from huiyin.base.problem import Problem


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        text = _("Send less, or smaller files; nothing was kept.")
        return _page(request, 413, _("This is too large."), text)
    return _page(
        request, 400, _("This request could not be read."), _("Go back and try again; nothing was changed.")
    )


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    text = _("Go back, load the page again and send it once more; nothing was changed.")
    # Whether the form was ours is just what is not known: its words are shown, to be copied, and not sent for anybody.
    return _page(request, 403, _("The page was open for too long."), text, again.of(request, sends=False))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 403, _("You may not do this."), _("Ask your lead if you need it for your work."))


def missing(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request, 404, _("There is nothing here."), _("Check the address, or begin again from the start page.")
    )


def failed(request: HttpRequest) -> HttpResponse:
    text = _(
        "Nothing was changed. Try again in a moment; if it stays, tell your administrator the number below."
    )
    return _page(request, 500, _("Something went wrong on our side."), text)


def _page(
    request: HttpRequest, status: int, title: str, text: str, kept: dict[str, Any] | None = None
) -> HttpResponse:
    if request.path.startswith("/api/"):
        codes = {400: "bad_request", 413: "too_large", 403: "forbidden", 404: "not_found", 500: "failed"}
        return Problem(status, codes[status], f"{title} {text}").response()
    number = request.META.get("huiyin.request_id", "") if status == 500 else ""
    context = {"title": title, "text": text, "request_number": number, "again": kept}
    page = render(request, "portal/error.html", context, status=status)
    if kept:
        page["Cache-Control"] = "no-store"
    return page
