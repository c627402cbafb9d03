"""What is owed, by whom, until when: made, kept, cancelled and put off by API, and the keep rate."""

import json
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import case_shape, promise_shape
from huiyin.base import clock, secrets
from huiyin.base.problem import Problem
from huiyin.cases import first_replies, keeprate, owing, sameness
from huiyin.cases.models import Case, Promise
from huiyin.cases.models.promise import PromiseQuerySet

router = Router(auth=Bearer("cases:read"), tags=["promises"])
of_cases = Router(auth=Bearer("cases:write"), tags=["promises"])
_write = Bearer("cases:write")
_report = Bearer("reports:read")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filters(_Body):
    state: Literal["running", "paused", "kept", "broken", "cancelled"] | None = None
    owed: bool | None = None
    kind: str | None = None
    debtor: str | None = None
    team: str | None = None
    case: str | None = None
    due_before: AwareDatetime | None = None
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class PromiseIn(_Body):
    """A time in one of three ways, or none where a policy of this kind has one; `text` alone is understood."""

    kind: str = Field("", max_length=40, pattern=r"^[a-z_]*$")
    due_at: AwareDatetime | None = None
    seconds: int | None = Field(None, ge=1, le=366 * 86400)
    text: str = Field("", max_length=2000)
    debtor: str | None = None

    @model_validator(mode="after")
    def _one_time(self) -> "PromiseIn":
        if self.due_at is not None and self.seconds is not None:
            raise ValueError("give due_at or seconds, not both")
        if not self.kind and not self.text:
            raise ValueError("give a kind, or the text that promises")
        return self


class ReasonIn(_Body):
    reason: str = Field(max_length=owing.REASON_CHARS)


class ExtendIn(ReasonIn):
    due_at: AwareDatetime


class Dates(_Body):
    """From a day to the one after the last, in the organisation's zone."""

    from_: date = Field(alias="from")
    to: date

    def check(self) -> None:
        if self.to <= self.from_:
            detail = "`to` is the day after the last one."
            raise Problem(422, "invalid", detail, fields={"to": "not_after_from"})


class Span(Dates):
    by: keeprate.By = "kind"


@router.get("", response=dict, summary="Promises, what is due next first")
def list_promises(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    rows = _filtered(Promise.objects.visible_to(viewer_of(request)), filters)
    if filters.cursor:
        rows = rows.filter(_after(filters.cursor))
    found = list(rows.select_related("case", "debtor").by_due()[: filters.limit + 1])
    page = found[: filters.limit]
    following = _cursor(page[-1]) if len(found) > filters.limit else None
    return {"items": [_shape(promise) for promise in page], "next_cursor": following}


@router.get("/keep-rate", auth=_report, response=dict, summary="How much was kept by its first due time")
def keep_rate(request: HttpRequest, span: Query[Span]) -> dict[str, Any]:
    span.check()
    rates = keeprate.rates(
        by=span.by, first=span.from_, after=span.to, viewer=viewer_of(request), at=clock.now()
    )
    return {"by": span.by, "items": [rate.as_json() for rate in rates]}


@router.get(
    "/first-replies",
    auth=_report,
    response=dict,
    summary="How long customers waited for a person, by channel",
)
def waits(request: HttpRequest, span: Query[Dates]) -> dict[str, Any]:
    span.check()
    found = first_replies.waits(first=span.from_, after=span.to, viewer=viewer_of(request))
    return {"items": [one.as_json() for one in found]}


@of_cases.post("/{number}/promises", response={201: dict}, summary="Record what was promised in a case")
def make(request: HttpRequest, number: str, body: PromiseIn) -> Status[dict[str, Any]]:
    viewer, at = viewer_of(request), clock.now()
    case = Case.objects.visible_to(viewer).with_people().numbered(number)
    if case is None:
        raise Http404
    promise = owing.make(case, _made(case, body, at), by=viewer.actor, at=at)
    now = Case.objects.visible_to(viewer).with_people().get(pk=case.pk)
    sameness.fill([now], viewer)
    return Status(201, {"promise": _shape(promise), "case": case_shape(now, now.promises.all())})


@router.post("/{promise}/keep", auth=_write, response=dict, summary="Record that it is done")
def keep(request: HttpRequest, promise: str, body: ReasonIn) -> dict[str, Any]:
    by = viewer_of(request).actor
    return _shape(owing.keep(_mine(request, promise), body.reason, by=by, at=clock.now()))


@router.post("/{promise}/cancel", auth=_write, response=dict, summary="End it without its being done")
def cancel(request: HttpRequest, promise: str, body: ReasonIn) -> dict[str, Any]:
    by = viewer_of(request).actor
    return _shape(owing.cancel(_mine(request, promise), body.reason, by=by, at=clock.now()))


@router.post(
    "/{promise}/extend", auth=_write, response=dict, summary="Put it off; the first due still counts"
)
def extend(request: HttpRequest, promise: str, body: ExtendIn) -> dict[str, Any]:
    by = viewer_of(request).actor
    return _shape(owing.extend(_mine(request, promise), body.due_at, body.reason, by=by, at=clock.now()))


def _made(case: Case, body: PromiseIn, at: datetime) -> owing.Made:
    debtor = owing.person(body.debtor) if body.debtor else None
    if body.debtor and debtor is None:
        raise Problem(422, "invalid", "There is no such person.", fields={"debtor": "unknown"})
    due = body.due_at
    if body.seconds is not None:
        due = owing.after(body.seconds, at=at)
    kind = body.kind
    if due is None and body.text:
        found = next(iter(owing.proposed(body.text, case, at=at)), None)
        if found is None and not kind:
            raise Problem(
                422, "invalid", "The text names no time that we promise.", fields={"text": "no_promise"}
            )
        due, kind = (found.due, kind or found.kind) if found else (None, kind)
    return owing.Made(kind or "reply", due, body.text, debtor)


def _mine(request: HttpRequest, uuid: str) -> Promise:
    """Return a promise that the caller may change: it is theirs, or they may manage promises."""
    viewer = viewer_of(request)
    try:
        wanted = UUID(uuid)
    except ValueError:
        raise Http404 from None
    promise = Promise.objects.visible_to(viewer).select_related("case", "debtor").filter(uuid=wanted).first()
    if promise is None:
        raise Http404
    if not owing.may_change(promise, viewer):
        raise Problem(403, "not_yours", "Only who owes a promise, or who manages promises, may change it.")
    return promise


def _shape(promise: Promise) -> dict[str, Any]:
    return {
        **promise_shape(promise),
        "case": promise.case.number,
        "debtor": promise.debtor.number if promise.debtor else None,
        "about": promise.about,
    }


def _filtered(rows: PromiseQuerySet, filters: Filters) -> PromiseQuerySet:
    columns = {
        "state": filters.state,
        "kind": filters.kind,
        "debtor__number": filters.debtor,
        "case__team__code": filters.team,
        "case__number": filters.case,
        "due_at__lt": filters.due_before,
    }
    for column, value in columns.items():
        if value is not None:
            rows = rows.filter(Q((column, value)))
    if filters.owed is not None:
        rows = rows.owed() if filters.owed else rows.exclude(pk__in=rows.owed().values("pk"))
    return rows


def _cursor(promise: Promise) -> str:
    return secrets.seal("promise-cursor", json.dumps([promise.due_at.isoformat(), promise.pk]))


def _after(cursor: str) -> Q:
    try:
        due, pk = json.loads(secrets.unseal("promise-cursor", cursor))
    except secrets.NotOurs:
        detail = "Use the next_cursor of the page before, unchanged."
        raise Problem(422, "invalid", detail, fields={"cursor": "unreadable"}) from None
    at = datetime.fromisoformat(due)
    return Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk)
