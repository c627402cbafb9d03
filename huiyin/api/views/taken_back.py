"""Words taken back by API: one's own chat reply recalled, words of an entry erased for good."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import recalling, redacting
from huiyin.cases.models import Case
from huiyin.cases.typed import TEXT_LIMIT

router = Router(auth=Bearer("cases:write"), tags=["cases"])
Passage = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_LIMIT)]


class _Wanted(BaseModel):
    """`passages` as they stand in the text; `personal` are the values found in it, `whole` is all of it.

    `files` are ids of files of this entry.
    """

    model_config = ConfigDict(extra="forbid")
    passages: list[Passage] = Field(default_factory=list, max_length=redacting.PASSAGES_LIMIT)
    whole: bool = False
    personal: bool = False
    files: list[Annotated[str, StringConstraints(max_length=40)]] = Field(default_factory=list, max_length=20)


class PreviewIn(_Wanted):
    pass


class RedactIn(_Wanted):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]


@router.post("/{number}/entries/{seq}/recall", response=dict, summary="Take back one's own chat reply")
def recall(request: HttpRequest, number: str, seq: int) -> dict[str, Any]:
    case = case_of(request, number)
    try:
        recalling.recall(case, seq, by=viewer_of(request).actor, at=clock.now())
    except recalling.CannotRecall as error:
        detail = f"{error.code.replace('_', ' ')}; nothing was changed."
        raise Problem(409, "cannot_recall", detail, reason=error.code) from None
    return _now(request, number)


@router.post(
    "/{number}/entries/{seq}/redaction-preview", response=dict, summary="What an erasure of words would leave"
)
def preview(request: HttpRequest, number: str, seq: int, body: PreviewIn) -> dict[str, Any]:
    case = _case_to_redact(request, number, seq)
    left = redacting.preview(case, _wanted(seq, body), at=clock.now())
    return {"text": left.text, "places": left.places, "files": left.files, "elsewhere": list(left.elsewhere)}


@router.post("/{number}/entries/{seq}/redact", response=dict, summary="Erase words and files for good")
def redact(request: HttpRequest, number: str, seq: int, body: RedactIn) -> dict[str, Any]:
    case = _case_to_redact(request, number, seq)
    by, at = viewer_of(request).actor, clock.now()
    redacting.redact(case, _wanted(seq, body), reason=body.reason, by=by, at=at)
    return _now(request, number)


def _case_to_redact(request: HttpRequest, number: str, seq: int) -> Case:
    case = case_of(request, number)
    if not viewer_of(request).may("case.redact"):
        raise Problem(403, "right_missing", "Erasing words needs the right to redact.")
    if not case.entries.exclude(audience="supervision").filter(seq=seq).exists():
        raise Http404
    return case


def _wanted(seq: int, body: _Wanted) -> redacting.Wanted:
    return redacting.Wanted(seq, tuple(body.passages), body.whole, body.personal, tuple(body.files))


def _now(request: HttpRequest, number: str) -> dict[str, Any]:
    case = case_of(request, number)
    return case_shape(case, case.promises.all())
