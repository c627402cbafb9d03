"""POST /c/{token}/details: the customer fills in exactly what the case still needs."""

from contextlib import suppress
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from huiyin.base import clock, tx
from huiyin.base.actor import Actor
from huiyin.cases import lifecycle, told
from huiyin.cases.entries import Draft
from huiyin.customers import keeping
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.portal import needed
from huiyin.portal.views import follow

LONGEST = 120


@require_POST
def give(request: HttpRequest, token: str) -> HttpResponse:
    """Take what was filled in as a message of the customer; empty fields stay missing."""
    case = follow.case_of(token)
    typed = {need: request.POST.get(need, "").replace("\x00", "").strip()[:LONGEST] for need in case.missing}
    given = {need: value for need, value in typed.items() if value}
    wrong = {need: error for need, value in given.items() if (error := needed.wrong(need, value))}
    if not case.is_open:
        return redirect("follow", token=token)
    if wrong or not given:
        return follow.shown(request, token, case, details={"typed": typed, "wrong": wrong}, status=422)
    text = "\n".join(f"{told.need_name(need)}: {value}" for need, value in given.items())
    draft = Draft("message.received", {"channel": case.channel, "files": []}, text)
    at, by = clock.now(), follow.customer_of(case)
    try:
        with tx.write():
            lifecycle.receive(case, draft, given=given, by=by, at=at)
            if case.customer is not None:
                _keep(case.customer, given, by=by, at=at)
    except (tx.Busy, tx.Unavailable):
        return follow.shown(request, token, case, details={"typed": typed, "wrong": {}}, status=503)
    return redirect("follow", token=token)


def _keep(customer: Customer, given: dict[str, str], *, by: Actor, at: datetime) -> None:
    """Let the customer be known by what they gave, unless somebody else is: that stays in the message only."""
    ways = [given.get("phone", ""), given.get("contact", "")]
    for value in filter(None, ways):
        sender = Sender(email=value) if "@" in value else Sender(phone=value)
        for kind, normal in sender.known_by():
            with suppress(keeping.IdentityTaken, keeping.Ended), tx.attempt():
                keeping.add_identity(customer, kind, normal, by=by, at=at)
    if given.get("name") and not customer.name:
        with suppress(keeping.Ended), tx.attempt():
            keeping.change(customer, {"name": keeping.name_of(given["name"])}, version=None, by=by, at=at)
