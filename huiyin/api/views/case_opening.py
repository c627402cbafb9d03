"""POST /cases: a case made by a colleague's tool or another system, without a message on any wire."""

from typing import Annotated, Any, Literal, TypeVar

from django.http import HttpRequest
from ninja import Status
from pydantic import BaseModel, ConfigDict, StringConstraints

from huiyin.api.auth import viewer_of
from huiyin.api.views.case_changes import now
from huiyin.api.views.inbound import Line, NoNul, SenderIn
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases.typed import TEXT_LIMIT, Invalid
from huiyin.channels.models import Account
from huiyin.customers import find
from huiyin.customers.models import Customer
from huiyin.customers.recognise import Sender
from huiyin.intake import by_hand
from huiyin.rules import words
from huiyin.staff.models import Site, Staff, Team

Row = TypeVar("Row")


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
    wanted = by_hand.ByHand(
        text=body.text,
        title=body.title,
        account=_found("channel", Account.objects.filter(code=body.channel, retired_at=None).first()),
        customer=_customer(request, body.customer) if body.customer else None,
        sender=Sender(**body.sender.model_dump()),
        category=body.category,
        priority=body.priority or "",
        order_no=body.order_no,
        language=body.language,
        site=_found("site", Site.objects.filter(code=body.site).first()) if body.site else None,
        team=_found("team", Team.objects.filter(code=body.team, retired_at=None).first())
        if body.team
        else None,
        handler=_found("handler", Staff.objects.filter(number=body.handler).first())
        if body.handler
        else None,
        is_outbound=body.is_outbound,
    )
    opened = by_hand.open_case(wanted, by=viewer.actor, at=clock.now())
    return Status(201, {"case": now(request, opened.case), "why": words.why(opened.because)})


def _customer(request: HttpRequest, number: str) -> Customer:
    seen = Customer.objects.visible_to(viewer_of(request)).filter(number=number, erased_at=None).first()
    return find.survivor_of(_found("customer", seen))


def _found(field: str, row: Row | None) -> Row:
    if row is None:
        raise Invalid(**{field: "unknown"})
    return row
