"""Calls and chat sessions: those of a case, and what a wire tells of its own."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import contact_shape
from huiyin.api.views.inbound import Line, NoNul, check_channel
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import calling, owing
from huiyin.cases.models import Contact

of_cases = Router(auth=Bearer("cases:read"), tags=["cases"])
router = Router(auth=Bearer("inbound:write"), tags=["contacts"])
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), NoNul]


class SessionIn(BaseModel):
    """`session`: what `thread.session` of its messages said; of a message by phone without one, its `external_id`."""

    model_config = ConfigDict(extra="forbid")

    channel: Named
    session: Named


class AnsweredIn(SessionIn):
    """`person`: the employee number of who answered, if the wire knows."""

    person: Line = ""


class EndedIn(SessionIn):
    """Without an `outcome`: `answered` if somebody did, else `abandoned`."""

    outcome: Literal["wrong"] | None = None


class UnservedIn(SessionIn):
    """`queue`: the code of the team in whose queue it waited."""

    offered_at: AwareDatetime
    ended_at: AwareDatetime
    outcome: Literal["abandoned", "wrong"]
    queue: Line = ""


@of_cases.get("/{number}/contacts", response=dict, summary="The calls and chat sessions of a case")
def listed(request: HttpRequest, number: str) -> dict[str, Any]:
    found = case_of(request, number).contacts.select_related("queue", "person").order_by("no")
    return {"items": [contact_shape(contact) for contact in found]}


@router.post(
    "", response={200: dict, 201: dict}, summary="Register a call or chat session of which no case came"
)
def register(request: HttpRequest, body: UnservedIn) -> Status[dict[str, Any]]:
    viewer = viewer_of(request)
    check_channel(viewer, body.channel)
    try:
        contact, made = calling.register(
            calling.Unserved(**body.model_dump()), by=viewer.actor, at=clock.now()
        )
    except calling.HasCase:
        detail = "This call or session belongs to a case: end it there. Nothing was written."
        raise Problem(409, "has_case", detail) from None
    return Status(201 if made else 200, contact_shape(contact))


@router.post("/answer", response=dict, summary="Tell that a call was answered: its first reply is kept")
def answer(request: HttpRequest, body: AnsweredIn) -> dict[str, Any]:
    contact = _running(request, body)
    person = owing.person(body.person) if body.person else None
    if body.person and person is None:
        raise Problem(422, "invalid", "Nothing was written.", fields={"person": "unknown"})
    return contact_shape(calling.pick_up(contact, person, by=viewer_of(request).actor, at=clock.now()))


@router.post("/end", response=dict, summary="Tell that a call or chat session is over")
def end(request: HttpRequest, body: EndedIn) -> dict[str, Any]:
    contact = _running(request, body)
    ended = calling.end(contact, body.outcome or "", by=viewer_of(request).actor, at=clock.now())
    return contact_shape(ended)


def _running(request: HttpRequest, body: SessionIn) -> Contact:
    check_channel(viewer_of(request), body.channel)
    contact = calling.running(body.channel, body.session)
    if contact is None:
        raise Http404
    return contact
