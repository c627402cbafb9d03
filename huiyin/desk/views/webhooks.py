"""/desk/webhooks: whose system is told of what happens, and what became of each telling."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.channels import endpoints, undelivered
from huiyin.channels.models import Delivery, Endpoint
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import acts, proved

SHOWN = 50
WRONG = {
    "url": noop("Write an address that begins with https:// or http://, without a user name."),
    "kinds": noop("One of these kinds does not exist."),
}
WHY = {
    endpoints.PAUSED: noop("paused"),
    endpoints.GONE: noop("ended by the receiver"),
    endpoints.LOOP: noop("stopped: what it was told came back as changes"),
}
STATES = {Delivery.WAITING: noop("waits"), Delivery.SENT: noop("sent"), Delivery.DEAD: noop("given up")}


@require_http_methods(["GET", "POST"])
@signed_in("config.write")
@proved()
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    url, kinds = _typed(request)
    try:
        made, secret = endpoints.make(url, kinds, by=viewer_of(request).actor, at=clock.now())
    except endpoints.Refused as error:
        return _page(request, {"error": _(WRONG[error.field]), "typed": url, "chosen": kinds}, 422)
    return _page(request, {"secret": secret, "made": made})


@require_http_methods(["GET", "POST"])
@signed_in("config.write")
@proved(when=acts("change", "enable"))
def one(request: HttpRequest, endpoint: UUID) -> HttpResponse:
    try:
        found = endpoints.one(endpoint)
    except endpoints.Unknown:
        raise Http404 from None
    if request.method == "GET":
        return _one(request, found)
    act = _ACTS.get(office.word(request, "act"))
    if act is None:
        return HttpResponseBadRequest("act")
    try:
        act(request, found)
    except endpoints.Refused as error:
        url, kinds = _typed(request)
        return _one(request, found, {"error": _(WRONG[error.field]), "typed": url, "chosen": kinds}, 422)
    except endpoints.StillWaiting:
        return _one(request, found, {"error": _("This one is being tried already.")}, 409)
    except endpoints.Unknown:
        raise Http404 from None
    is_left = office.word(request, "act") == "remove"
    return redirect("webhooks") if is_left else office.saved("webhook", endpoint=endpoint)


def _change(request: HttpRequest, found: Endpoint) -> None:
    endpoints.change(found, *_typed(request), by=viewer_of(request).actor, at=clock.now())


def _pause(request: HttpRequest, found: Endpoint) -> None:
    endpoints.pause(found, by=viewer_of(request).actor, at=clock.now())


def _enable(request: HttpRequest, found: Endpoint) -> None:
    endpoints.enable(found, by=viewer_of(request).actor, at=clock.now())


def _remove(request: HttpRequest, found: Endpoint) -> None:
    endpoints.remove(found, by=viewer_of(request).actor, at=clock.now())


def _resend(request: HttpRequest, found: Endpoint) -> None:
    key = office.word(request, "delivery")
    endpoints.resend(found, key, by=viewer_of(request).actor, at=clock.now())


_ACTS = {"change": _change, "pause": _pause, "enable": _enable, "remove": _remove, "resend": _resend}


def _typed(request: HttpRequest) -> tuple[str, list[str]]:
    return office.word(request, "url"), request.POST.getlist("kinds")


def _page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    context = {
        **office.frame(request, "webhooks"),
        "endpoints": [_row(found) for found in endpoints.everything()],
        "kinds": endpoints.tellable(),
        **(more or {}),
    }
    return render(request, "desk/office/webhooks.html", context, status=status)


def _one(
    request: HttpRequest, found: Endpoint, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    told = endpoints.deliveries(found, limit=SHOWN)
    context = {
        **office.frame(request, "webhooks"),
        **_row(found),
        "deliveries": [
            {
                "it": row,
                "state_words": _(STATES[row.state]),
                "failed": undelivered.words(row.reason) if row.reason else None,
                "is_given_up": row.state == Delivery.DEAD,
                "is_over": bool(row.payload) and row.state != Delivery.WAITING,
            }
            for row in told
        ],
        "kinds": endpoints.tellable(),
        "typed": found.url,
        "chosen": found.kinds,
        **(more or {}),
    }
    return render(request, "desk/office/webhook.html", context, status=status)


def _row(found: Endpoint) -> dict[str, Any]:
    held = found.held_until is not None and found.held_until > clock.now()
    return {"it": found, "is_held": held, "why": _(WHY[found.disabled_why]) if found.disabled_why else ""}
