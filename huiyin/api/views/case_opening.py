"""POST /cases: a case made by a colleague's tool or another system, without a message on any wire."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Status
from pydantic import BaseModel, ConfigDict, StringConstraints

from huiyin.api.auth import viewer_of
from huiyin.api.views.case_changes import now
from huiyin.api.views.inbound import Line, NoNul, SenderIn
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases.opening import Opened
from huiyin.cases.typed import TEXT_LIMIT, Invalid
from huiyin.customers import find
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.intake import by_hand, observing
from huiyin.rules import words

NEED_CUSTOMER = {"customer", "sender", "channel", "order_no", "is_outbound", "language"}


class CaseIn(BaseModel):
    """Who it is: `customer` (a number) or `sender`. What is left out is understood from `text`.

    `observed_by` (an employee number) says that a colleague noticed it in their own use: such a case has no customer.
    `channel` is an account's code. With `is_outbound` we begin: on a written channel the text is sent to the customer.
    """

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, NoNul, StringConstraints(max_length=TEXT_LIMIT)]
    title: Annotated[str, NoNul, StringConstraints(max_length=200)] = ""
    customer: Line = ""
    sender: SenderIn = SenderIn()
    channel: Line = by_hand.CHANNEL
    category: Line = ""
    priority: Literal["urgent", "normal", "low"] | None = None
    order_no: Line = ""
    language: Annotated[str, StringConstraints(max_length=8)] = ""
    site: Line = ""
    team: Line = ""
    handler: Line = ""
    observed_by: Line = ""
    is_outbound: bool = False


def open_case(request: HttpRequest, body: CaseIn) -> Status[dict[str, Any]]:
    """POST /cases; `cases` puts it beside the other methods of that path."""
    viewer = viewer_of(request)
    if viewer.channels and body.channel not in viewer.channels:
        raise Problem(403, "channel_forbidden", f"This token may not write to the channel {body.channel}.")
    opened = _observed(request, body) if body.observed_by else _of_customer(request, body)
    return Status(201, {"case": now(request, opened.case), "why": words.why(opened.because)})


def _of_customer(request: HttpRequest, body: CaseIn) -> Opened:
    places = by_hand.places(channel=body.channel, site=body.site, team=body.team, handler=body.handler)
    wanted = by_hand.ByHand(
        text=body.text,
        title=body.title,
        **places,
        customer=_customer(request, body.customer) if body.customer else None,
        sender=Sender(**body.sender.model_dump()),
        category=body.category,
        priority=body.priority or "",
        order_no=body.order_no,
        language=body.language,
        is_outbound=body.is_outbound,
    )
    return by_hand.open_case(wanted, by=viewer_of(request).actor, at=clock.now())


def _observed(request: HttpRequest, body: CaseIn) -> Opened:
    refused = body.model_fields_set & NEED_CUSTOMER
    if refused:
        raise Invalid(**dict.fromkeys(refused, "no_customer"))
    at = clock.now()
    places = by_hand.places(channel=by_hand.CHANNEL, site=body.site, team=body.team, handler=body.handler)
    del places["account"]
    wanted = observing.Observed(
        text=body.text,
        reporter=observing.reporter(body.observed_by, at=at),
        title=body.title,
        category=body.category,
        priority=body.priority or "",
        **places,
    )
    return observing.open_case(wanted, by=viewer_of(request).actor, at=at)


def _customer(request: HttpRequest, number: str) -> Customer:
    seen = Customer.objects.visible_to(viewer_of(request)).filter(number=number, erased_at=None).first()
    if seen is None:
        raise Invalid(customer="unknown")
    return find.survivor_of(seen)
