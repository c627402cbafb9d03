"""POST /inbound: a message from another system."""

import base64
from typing import Annotated, Any

import nh3
from django.http import HttpRequest
from ninja import Router, Status
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import case_shape
from huiyin.base import clock
from huiyin.base.files import FileRefused
from huiyin.base.problem import Problem
from huiyin.cases import links
from huiyin.channels.inbound import Attachment, Inbound
from huiyin.customers.recognise import Sender
from huiyin.intake import writer
from huiyin.intake.accept import Accepted, UnknownChannel
from huiyin.rules import book as rulebook
from huiyin.rules import words
from huiyin.rules.book import Book
from huiyin.staff.viewer import Viewer

router = Router(auth=Bearer("inbound:write"), tags=["inbound"])
NoNul = AfterValidator(lambda text: text.replace("\x00", ""))  # PostgreSQL keeps none
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), NoNul]
TEXT_LIMIT = 100_000


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SenderIn(_Part):
    """`unit`: their company, household or other unit. `need`: the code of the category that they chose."""

    name: Line = ""
    phone: Line = ""
    email: Line = ""
    identity: Line = ""
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), NoNul] = ""
    need: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), NoNul] = ""


class AttachmentIn(_Part):
    name: str = Field("", max_length=500)
    content_type: str = Field("application/octet-stream", max_length=200)
    data: str


class ThreadIn(_Part):
    """`session`: the wire's own name for the call or chat session in which the message came."""

    case: Line = ""
    external_ids: list[Line] = Field(default_factory=list, max_length=50)
    session: Line = ""


class MessageIn(_Part):
    """What a message holds, whoever vouches for where it comes from."""

    sender: SenderIn = Field(default_factory=SenderIn)
    subject: Annotated[str, NoNul] = Field("", max_length=1000)
    text: Annotated[str, NoNul] = Field("", max_length=TEXT_LIMIT)
    html: Annotated[str, NoNul] = Field("", max_length=4 * TEXT_LIMIT)
    attachments: list[AttachmentIn] = Field(default_factory=list, max_length=20)
    received_at: AwareDatetime | None = None
    meta: dict[Line, Annotated[str, NoNul] | int | float | bool | None] = Field(default_factory=dict)
    thread: ThreadIn = Field(default_factory=ThreadIn)


class InboundIn(MessageIn):
    channel: Annotated[str, StringConstraints(min_length=1, max_length=60), NoNul]
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


@router.post("", response={200: dict, 201: dict, 202: dict}, summary="Take in one message")
def take_in(request: HttpRequest, body: InboundIn) -> Status[dict[str, Any]]:
    item = value_of(body, channel=body.channel, external_id=body.external_id)
    check_channel(viewer_of(request), item.channel)
    return Status(*taken_in(item))


def taken_in(item: Inbound) -> tuple[int, dict[str, Any]]:
    """Keep the message and return the status and the body of the answer; raises Problem."""
    try:
        return answer(writer.submit(item, at=clock.now()), rulebook.at_hand())
    except (UnknownChannel, FileRefused) as error:
        raise refusal(item, error) from None


def value_of(body: MessageIn, *, channel: str, external_id: str) -> Inbound:
    text = body.text.strip() or (nh3.clean(body.html, tags=set()).strip() if body.html else "")
    if not text and not body.subject.strip() and not body.attachments:
        raise Problem(
            422, "invalid", "A message needs a text, a subject or a file.", fields={"text": "missing"}
        )
    return Inbound(
        channel=channel,
        external_id=external_id,
        sender=Sender(**body.sender.model_dump()),
        subject=" ".join(body.subject.split()),
        text=text,
        attachments=tuple(_attachment(a, i) for i, a in enumerate(body.attachments)),
        received_at=body.received_at,
        meta={key: str(value) for key, value in body.meta.items() if value is not None},
        thread_case=body.thread.case,
        thread_ids=tuple(body.thread.external_ids),
        thread_session=body.thread.session,
    )


def _attachment(given: AttachmentIn, index: int) -> Attachment:
    try:
        return Attachment(given.name, given.content_type, base64.b64decode(given.data, validate=True))
    except ValueError:  # binascii.Error is one; characters beyond ASCII raise the plain kind
        fields = {f"attachments.{index}.data": "not base64"}
        raise Problem(422, "invalid", "A file is not in base64; nothing was kept.", fields=fields) from None


def check_channel(viewer: Viewer, code: str) -> None:
    """Raise Problem 403 when the token is bound to other channels."""
    if viewer.channels and code not in viewer.channels:
        raise Problem(403, "channel_forbidden", f"This token may not write to the channel {code}.")


def refusal(item: Inbound, error: UnknownChannel | FileRefused) -> Problem:
    """Return how a message is refused that the intake would not keep."""
    if isinstance(error, FileRefused):
        return Problem(413, "file_too_large", f"{error} Nothing was kept.")
    detail = f"There is no channel {item.channel}; nothing was kept."
    return Problem(422, "unknown_channel", detail, fields={"channel": "unknown"})


def answer(accepted: Accepted, book: Book) -> tuple[int, dict[str, Any]]:
    """Return the status and the body that tell what became of a message."""
    if accepted.outcome == "conflict":
        return 202, {"conflict": True, "inbox_id": accepted.inbox_id}
    if accepted.case is None:
        return 202, {"accepted": True, "inbox_id": accepted.inbox_id, "case": None}
    case = accepted.case
    duplicate = accepted.outcome == "duplicate"
    # The page behind it shows the customer's words plain: it is for who brought them, to hand on.
    tags = () if accepted.entry_seq == 1 and not duplicate else None  # nobody has tagged what is just opened
    follows = case.follows.number if case.follows else None
    shape = case_shape(case, accepted.promises, book=book, tags=tags)
    shape |= {"follows": follows, "follow_url": links.url(case)}
    body = {
        "duplicate": duplicate,
        "case": shape,
        "entry_id": f"{case.number}.{accepted.entry_seq}",
        "why": words.why(accepted.because, book=book),
    }
    if accepted.refused:
        body["refused_files"] = [{"name": name, "code": code} for name, code in accepted.refused]
    return 200 if duplicate else 201, body
