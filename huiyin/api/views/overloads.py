"""Being at the limit by API: saying so for a person, what they carry, help, and the end."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.api.views.case_changes import ChosenIn
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import bulk, passing
from huiyin.cases.typed import REASON_CHARS
from huiyin.duty import helping, overload
from huiyin.duty.models import Overload, given_work_by
from huiyin.staff import people
from huiyin.staff.viewer import Viewer

router = Router(auth=Bearer("cases:write"), tags=["people"])
Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Word = Annotated[str, StringConstraints(max_length=overload.WORD_CHARS)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OverloadIn(_Body):
    """`until` null: until somebody ends it."""

    person: Number
    word: Word
    until: AwareDatetime | None = None


class EndIn(_Body):
    word: Word


class ReliefIn(_Body):
    """`do` says what is done with each case: `to` a person, to another `team`, or back to the queue."""

    cases: list[ChosenIn] = Field(min_length=1, max_length=bulk.LIMIT)
    do: Literal["reassign", "transfer", "give_back"]
    to: Number | None = None
    team: str | None = None
    reason: Annotated[str, StringConstraints(max_length=REASON_CHARS)] = ""


@router.get("", response=dict, summary="Who is at the limit now, with what they carry")
def list_overloads(request: HttpRequest) -> dict[str, Any]:
    viewer, at = viewer_of(request), clock.now()
    seen = Overload.objects.visible_to(viewer, at=at).in_force(at=at)
    reports = list(seen.select_related("staff", "ended_by").order_by("since", "id"))
    carried = helping.carried([one.staff_id for one in reports], viewer, at=at)
    return {"items": [_shape(one, carried.get(one.staff_id)) for one in reports]}


@router.post("", response={200: dict, 201: dict}, summary="Say that somebody is at the limit")
def report(request: HttpRequest, body: OverloadIn) -> Status[dict[str, Any]]:
    viewer, at = viewer_of(request), clock.now()
    person = people.one(body.person)
    if person is None or not given_work_by(viewer, at=at).filter(pk=person.pk).exists():
        raise Http404
    made, is_new = overload.report(person, body.word, body.until, by=viewer.actor, at=at)
    return Status(201 if is_new else 200, _now(made, viewer))


@router.get("/{overload_id}", response=dict, summary="One report")
def read(request: HttpRequest, overload_id: UUID) -> dict[str, Any]:
    return _now(_found(request, overload_id), viewer_of(request))


@router.post("/{overload_id}/end", response=dict, summary="End a report, with a word for the person")
def end(request: HttpRequest, overload_id: UUID, body: EndIn) -> dict[str, Any]:
    found, viewer = _found(request, overload_id), viewer_of(request)
    overload.end(found, body.word, by=viewer.actor, at=clock.now())
    return _now(_found(request, overload_id), viewer)


@router.post("/{overload_id}/relieve", response=dict, summary="Take cases off somebody at the limit")
def relieve(request: HttpRequest, overload_id: UUID, body: ReliefIn) -> dict[str, Any]:
    found = _found(request, overload_id)
    job = bulk.Job(
        body.do,
        team=passing.team_of(body.team) if body.team else None,
        to=passing.person_of(body.to) if body.to else None,
        reason=body.reason,
    )
    chosen = [(one.number, one.version) for one in body.cases]
    try:
        outcomes = helping.relieve(found, job, chosen, viewer=viewer_of(request), at=clock.now())
    except helping.Ended:
        raise Problem(409, "ended", "The report has ended meanwhile; nothing was changed.") from None
    return {
        "items": [
            {"number": one.number, "outcome": one.outcome, "version": one.version, "fields": dict(one.fields)}
            for one in outcomes
        ]
    }


def _found(request: HttpRequest, overload_id: UUID) -> Overload:
    seen = Overload.objects.visible_to(viewer_of(request), at=clock.now())
    found = seen.select_related("staff", "ended_by").filter(uuid=overload_id).first()
    if found is None:
        raise Http404
    return found


def _now(found: Overload, viewer: Viewer) -> dict[str, Any]:
    carried = helping.carried([found.staff_id], viewer, at=clock.now())
    return _shape(found, carried.get(found.staff_id))


def _shape(found: Overload, carried: helping.Carried | None) -> dict[str, Any]:
    has = carried or helping.Carried()
    return {
        "id": str(found.uuid),
        "person": found.staff.number,
        "word": found.word,
        "since": stamp(found.since),
        "until": stamp(found.until),
        "ended_at": stamp(found.ended_at),
        "ended_by": found.ended_by.number if found.ended_by else None,
        "ended_how": found.ended_how or None,
        "ended_word": found.ended_word,
        "open_cases": [case.number for case in has.cases],
        "promises_due_today": has.due_today,
        "next_promise": has.next_kind or None,
        "next_due": stamp(has.next_due),
    }
