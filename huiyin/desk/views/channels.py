"""/desk/channels: the secrets with which other systems sign what they send, each shown once."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.channels import accounts
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import acts, proved
from huiyin.desk.views.new import KINDS


@require_http_methods(["GET", "POST"])
@signed_in("config.write")
@proved(when=acts("make"))
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    act, code = office.word(request, "act"), office.word(request, "code")
    if act not in ("make", "end"):
        return HttpResponseBadRequest("act")
    try:
        secret = accounts.set_signing(code, on=act == "make", by=viewer_of(request).actor, at=clock.now())
    except accounts.Unknown:
        raise Http404 from None
    return _page(request, {"secret": secret, "code": code}) if secret else office.saved("channels")


def _page(request: HttpRequest, more: dict[str, Any] | None = None) -> HttpResponse:
    context = {
        **office.frame(request, "channels"),
        "channels": [{"it": one, "kind": KINDS.get(one.kind, one.kind)} for one in accounts.everything()],
        **(more or {}),
    }
    return render(request, "desk/office/channels.html", context)
