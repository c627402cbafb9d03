"""What the account of the token has typed on a case and not sent."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import stamp
from huiyin.base import clock
from huiyin.cases import drafts
from huiyin.cases.models import Case, DraftText
from huiyin.cases.typed import TEXT_LIMIT
from huiyin.staff.viewer import Viewer

router = Router(auth=Bearer("cases:write"), tags=["cases"])


class DraftIn(BaseModel):
    """`seen_seq` is the last entry that was seen while writing; an empty text takes the draft away."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["reply", "note", "wait", "resolve", "dispute"] = "reply"
    text: str = Field(max_length=TEXT_LIMIT)
    seen_seq: int = Field(0, ge=0, le=2_000_000_000)


@router.get("/{number}/draft", response=dict, summary="One's own draft, and the messages that came since")
def read(request: HttpRequest, number: str) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    return _shape(case, drafts.of(case, viewer.staff_id, at=clock.now()).mine, viewer)


@router.put("/{number}/draft", response=dict, summary="Keep what is being typed")
def save(request: HttpRequest, number: str, body: DraftIn) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    draft = drafts.save(
        case, body.text, kind=body.kind, seen_seq=body.seen_seq, by=viewer.actor, at=clock.now()
    )
    return _shape(case, draft, viewer)


@router.delete("/{number}/draft", response={204: None}, summary="Give the draft up")
def give_up(request: HttpRequest, number: str) -> Status[None]:
    drafts.sent(case_of(request, number), by=viewer_of(request).actor)
    return Status(204, None)


def _shape(case: Case, draft: DraftText | None, viewer: Viewer) -> dict[str, Any]:
    if draft is None:
        return {"draft": None, "newer": []}
    shown = {"kind": draft.kind, "text": draft.text, "seen_seq": draft.seen_seq, "at": stamp(draft.at)}
    return {"draft": shown, "newer": drafts.unseen(case, draft.seen_seq, by=viewer.actor)}
