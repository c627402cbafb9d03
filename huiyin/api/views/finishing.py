"""Evidence and call-backs: what the end of a case rests on, by API."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api import attached
from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape, entry_shape
from huiyin.base import clock, files
from huiyin.cases import bodies, callbacks, evidence, sameness
from huiyin.cases.models import Case
from huiyin.cases.typed import TEXT_LIMIT

router = Router(auth=Bearer("cases:write"), tags=["cases"])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EvidenceIn(_Body):
    """Files, or a `reference` to a record elsewhere; `text` says what it shows."""

    files: list[attached.FileIn] = Field(default_factory=list, max_length=files.ITEMS_LIMIT)
    reference: str = Field("", max_length=evidence.REFERENCE_CHARS)
    text: str = Field("", max_length=TEXT_LIMIT)
    client_id: str = Field("", max_length=60)


class CallbackIn(_Body):
    """Who was reached says an `outcome`; the third call without an answer closes the case."""

    result: Literal["reached", "no_answer"]
    outcome: Literal["satisfied", "pending", "dissatisfied"] | None = None
    text: str = Field("", max_length=TEXT_LIMIT)
    client_id: str = Field("", max_length=60)
    version: int


@router.post("/{number}/evidence", response={201: dict}, summary="Attach evidence of what was done")
def attach(request: HttpRequest, number: str, body: EvidenceIn) -> Status[dict[str, Any]]:
    case, by, at = case_of(request, number), viewer_of(request).actor, clock.now()
    given = evidence.Evidence(attached.stored(body.files, at=at), body.reference, body.text, body.client_id)
    entry = evidence.attach(case, given, by=by, at=at)
    shown = entry_shape(case, entry, bodies.Words(body.text.strip()))
    return Status(201, {"entry": shown, "case": _now(request, number)})


@router.post("/{number}/callbacks", response={201: dict}, summary="Record an attempt to call back")
def call_back(request: HttpRequest, number: str, body: CallbackIn) -> Status[dict[str, Any]]:
    case, by = case_of(request, number), viewer_of(request).actor
    attempt = callbacks.Attempt(body.result, body.outcome or "", body.text, body.client_id)
    callbacks.record(case, attempt, by=by, at=clock.now(), version=body.version)
    return Status(201, _now(request, number))


def _now(request: HttpRequest, number: str) -> dict[str, Any]:
    viewer = viewer_of(request)
    case = Case.objects.visible_to(viewer).with_people().numbered(number)
    sameness.fill([case] if case else [], viewer)
    return case_shape(case, case.promises.all()) if case else {"number": number}
