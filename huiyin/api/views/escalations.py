"""Raising a case, saying whom it is about, and leading it through its procedure, by API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.base.texts import in_words
from huiyin.cases import about, escalation, procedure, sameness
from huiyin.cases.models import Case
from huiyin.cases.typed import TEXT_LIMIT

router = Router(auth=Bearer("cases:write"), tags=["cases"])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EscalateIn(_Body):
    reason: str = Field(max_length=TEXT_LIMIT)
    version: int | None = None


class AboutIn(_Body):
    """Employee numbers of everybody the case is about; an empty list says nobody."""

    people: list[str] = Field(max_length=20)
    reason: str = Field(max_length=500)
    version: int


class StageIn(_Body):
    to: str = Field(max_length=60)
    form: dict[str, Any] = Field(default_factory=dict)
    version: int


@router.post("/{number}/escalations", response={201: dict}, summary="Raise the case to the next person above")
def escalate(request: HttpRequest, number: str, body: EscalateIn) -> Status[dict[str, Any]]:
    case, by = case_of(request, number), viewer_of(request).actor
    try:
        to = escalation.by_hand(case, body.reason, by=by, at=clock.now(), version=body.version)
    except escalation.NobodyAbove:
        detail = "Everybody above has been told already, or nobody leads the teams; nothing was written."
        raise Problem(409, "nobody_above", detail) from None
    return Status(201, {"to": to.number, "case": _now(request, number)})


@router.put("/{number}/about", response=dict, summary="Say whom the case is about; they lose it at once")
def tell_about(request: HttpRequest, number: str, body: AboutIn) -> dict[str, Any]:
    viewer = viewer_of(request)
    if not about.may_tell(viewer):
        raise Problem(403, "forbidden", "This is for who may give cases to others, and for supervision.")
    case = case_of(request, number)
    people = about.people_of(body.people)
    about.tell_about(case, people, body.reason, by=viewer.actor, at=clock.now(), version=body.version)
    return _now(request, number)


@router.get("/{number}/stage", auth=Bearer("cases:read"), response=dict, summary="Where the case stands")
def read_stage(request: HttpRequest, number: str) -> dict[str, Any]:
    case = case_of(request, number)
    stand = procedure.stand(case, by=viewer_of(request).actor, at=clock.now())
    if stand is None:
        return {"procedure": None, "stage": None, "next": []}
    steps = [
        {
            "to": offer.step.to,
            "name": in_words(offer.step.label),
            "open": offer.is_open,
            "because": [{"code": reason.code, **reason.params} for reason in offer.because],
        }
        for offer in stand.offers
    ]
    return {
        "procedure": stand.code,
        "stage": stand.stage.key,
        "name": in_words(stand.stage.label),
        "form": stand.stage.form,
        "fields": [
            {"key": one.key, "type": one.type, "name": in_words(one.label), "required": one.required}
            for one in (stand.form.fields if stand.form else ())
        ],
        "next": steps,
        "version": case.version,
    }


@router.post("/{number}/stage", response=dict, summary="Take a step of the case's procedure")
def advance(request: HttpRequest, number: str, body: StageIn) -> dict[str, Any]:
    case, by = case_of(request, number), viewer_of(request).actor
    try:
        procedure.advance(case, body.to, by=by, at=clock.now(), version=body.version, form=body.form)
    except procedure.StepNotOpenError as error:
        because = [{"code": reason.code, **reason.params} for reason in error.because]
        detail = "This step is not open from here; nothing was written."
        raise Problem(409, "step_not_open", detail, because=because) from None
    return _now(request, number)


def _now(request: HttpRequest, number: str) -> dict[str, Any]:
    viewer = viewer_of(request)
    case = Case.objects.visible_to(viewer).with_people().numbered(number)
    sameness.fill([case] if case else [], viewer)
    return case_shape(case, case.promises.all()) if case else {"number": number}
