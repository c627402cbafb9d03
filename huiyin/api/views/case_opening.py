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
from huiyin.cases.typed import TEXT_LIMIT, Invalid
from huiyin.customers import find
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.intake import by_hand
from huiyin.rules import words


class CaseIn(BaseModel):
    """Who it is: `customer` (a number) or `sender`. What is left out is understood from `text`.

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
    is_outbound: bool = False


def open_case(request: HttpRequest, body: CaseIn) -> Status[dict[str, Any]]:
    """POST /cases; `cases` puts it beside the other methods of that path."""
    viewer = viewer_of(request)
    if viewer.channels and body.channel not in viewer.channels:
        raise Problem(403, "channel_forbidden", f"This token may not write to the channel {body.channel}.")
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
    opened = by_hand.open_case(wanted, by=viewer.actor, at=clock.now())
    return Status(201, {"case": now(request, opened.case), "why": words.why(opened.because)})


def _customer(request: HttpRequest, number: str) -> Customer:
    seen = Customer.objects.visible_to(viewer_of(request)).filter(number=number, erased_at=None).first()
    if seen is None:
        raise Invalid(customer="unknown")
    return find.survivor_of(seen)
