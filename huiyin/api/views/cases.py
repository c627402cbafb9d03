"""Cases by API: the list, one case, its entries, and its moves."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from huiyin.api import attached
from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape, case_shapes, entry_shape, proposed_shape
from huiyin.api.views import case_changes, case_opening
from huiyin.api.views.search import containing
from huiyin.base import clock, files, secrets, tx
from huiyin.base.problem import Problem
from huiyin.cases import (
    bodies,
    drafts,
    lifecycle,
    listing,
    outcome,
    owing,
    progress,
    recalling,
    sameness,
    timeline,
)
from huiyin.cases.models import Case, CaseQuerySet, Entry, SavedView
from huiyin.rules import book as rulebook
from huiyin.staff.viewer import Viewer

router = Router(auth=Bearer("cases:read"), tags=["cases"])
_write = Bearer("cases:write")
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=lifecycle.TEXT_LIMIT)
]


ENTRIES_TOLD = 200


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filters(_Body):
    status: Literal["new", "open", "waiting", "resolved", "closed", "void"] | None = None
    category: str | None = None
    priority: Literal["urgent", "normal", "low"] | None = None
    team: str | None = None
    handler: str | None = None
    owner: str | None = None
    customer: str | None = None
    tag: str | None = None
    view: UUID | None = None
    due_before: AwareDatetime | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class EntryIn(_Body):
    """`progress` says how far it has come (`contacted`, `investigating`, …).

    Words may be left out beside it, and beside `files`, which a reply or a note takes.
    """

    kind: Literal["reply", "note", "progress"]
    progress: str = Field("", max_length=40)
    files: list[attached.FileIn] = Field(default_factory=list, max_length=files.ITEMS_LIMIT)
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=lifecycle.TEXT_LIMIT)] = Field(
        "", validate_default=True
    )
    client_id: str = Field("", max_length=60)
    version: int | None = None
    seen_seq: int | None = Field(None, ge=0, le=2_000_000_000)

    @field_validator("text")
    @classmethod
    def _says_something(cls, given: str, info: ValidationInfo) -> str:
        if not given and info.data.get("kind") != "progress" and not info.data.get("files"):
            raise ValueError("write something")
        return given

    @field_validator("files")
    @classmethod
    def _go_with_words(cls, given: list[attached.FileIn], info: ValidationInfo) -> list[attached.FileIn]:
        if given and info.data.get("kind") == "progress":
            raise ValueError("a reply or a note takes files")
        return given


class ResolveIn(_Body):
    """`despite` says why, when other departments still owe something to the case.

    `goal_met` says whether the goal of the case was reached; when it was not, `goal_reason` says why.
    """

    version: int
    resolution: Words
    despite: str = Field("", max_length=500)
    goal_met: bool | None = None
    goal_reason: str = Field("", max_length=500)


class ConfirmIn(_Body):
    """`dissatisfied` opens the case again, `pending` leaves it to be confirmed."""

    version: int
    how: Literal["customer", "call", "channel"] = "channel"
    outcome: Literal["satisfied", "pending", "dissatisfied"] = "satisfied"
    text: str = Field("", max_length=lifecycle.TEXT_LIMIT)


@router.get("", response=dict, summary="Cases, what breaks next first")
def list_cases(request: HttpRequest, filters: Query[Filters]) -> Status[dict[str, Any]]:
    viewer = viewer_of(request)
    visible = _viewed(Case.objects.visible_to(viewer).near(viewer), filters.view, viewer)
    rows = _filtered(visible, filters)
    if filters.text:
        rows = containing(rows, filters.text, viewer)
    if filters.cursor:
        rows = rows.filter(_after(filters.cursor))
    found = list(rows.page(filters.limit + 1).in_list())
    page = found[: filters.limit]
    sameness.fill(page, viewer)
    following = _cursor(page[-1]) if len(found) > filters.limit else None
    items = case_shapes(page, book=rulebook.current())
    return Status(200, {"items": items, "next_cursor": following})


@router.get("/{number}", response=dict, summary="One case with its entries")
def read_case(
    request: HttpRequest, number: str, before: Annotated[int | None, Query(ge=1, le=2_000_000_000)] = None
) -> Status[dict[str, Any]]:
    """`entries` are the newest 200, or those before the number `before`; `earlier` is the next `before`."""
    case = case_of(request, number)
    entries = timeline.stretch(case, viewer_of(request), before=before, limit=ENTRIES_TOLD)
    words = bodies.of(case, plain=False, among=entries)
    recalled = recalling.recalled_of(case)
    shown = [
        entry_shape(case, entry, words.get(entry.seq, bodies.Words()), recalled=entry.seq in recalled)
        for entry in entries
    ]
    earlier = entries[0].seq if entries and entries[0].seq > 1 else None
    return Status(200, {**case_shape(case, case.promises.all()), "entries": shown, "earlier": earlier})


router.post("", auth=_write, response={201: dict}, summary="Open a case by hand")(case_opening.open_case)
router.patch("/{number}", auth=_write, response=dict, summary="Change fields of a case")(case_changes.edit)


@router.post(
    "/{number}/entries",
    auth=_write,
    response={201: dict},
    summary="Answer the customer, add a note, or say how far it has come",
)
def add_entry(request: HttpRequest, number: str, body: EntryIn) -> Status[dict[str, Any]]:
    case, by, at = case_of(request, number), viewer_of(request).actor, clock.now()
    if body.kind == "reply":
        sent = attached.stored(body.files, at=at)
        entry = lifecycle.reply(
            case, body.text, by=by, at=at, client_id=body.client_id, version=body.version, files=sent
        )
    elif body.kind == "progress":
        entry = progress.note(case, body.progress, body.text, by=by, at=at, client_id=body.client_id)
    else:
        sent = attached.stored(body.files, at=at)
        entry = lifecycle.note(case, body.text, by=by, at=at, client_id=body.client_id, files=sent)
    proposed = owing.proposed(body.text, case, at=at) if body.kind == "reply" else ()
    newer = [] if body.seen_seq is None else drafts.unseen(case, body.seen_seq, before=entry.seq, by=by)
    told = {"entry": _entry(entry, body.text), "case": _now(request, number), "newer": newer}
    return Status(201, {**told, "proposed_promises": [proposed_shape(one) for one in proposed]})


@router.post("/{number}/resolve", auth=_write, response=dict, summary="Report the matter as solved")
def resolve(request: HttpRequest, number: str, body: ResolveIn) -> dict[str, Any]:
    case = case_of(request, number)
    by, at = viewer_of(request).actor, clock.now()
    version = body.version
    told: dict[str, Any] = {
        "text": body.resolution,
        "despite": body.despite,
        "goal_met": body.goal_met,
        "goal_reason": body.goal_reason,
    }
    with tx.write():
        if case.status == Case.NEW and case.version == version:
            version = lifecycle.move(case, "accept", by=by, at=at, version=version).version
        lifecycle.move(case, "resolve", by=by, at=at, version=version, **told)
    return _now(request, number)


@router.post(
    "/{number}/confirm", auth=_write, response=dict, summary="Record what the customer says of the result"
)
def confirm(request: HttpRequest, number: str, body: ConfirmIn) -> dict[str, Any]:
    case = case_of(request, number)
    by, at = viewer_of(request).actor, clock.now()
    outcome.tell(case, body.outcome, how=body.how, by=by, at=at, version=body.version, text=body.text)
    return _now(request, number)


def _now(request: HttpRequest, number: str) -> dict[str, Any]:
    viewer = viewer_of(request)
    case = Case.objects.visible_to(viewer).with_people().numbered(number)
    if case is None:
        return {"number": number}
    sameness.fill([case], viewer)
    return case_shape(case, case.promises.all())


def _entry(entry: Entry, text: str) -> dict[str, Any]:
    return entry_shape(entry.case, entry, bodies.Words(text))


def _filtered(rows: CaseQuerySet, filters: Filters) -> CaseQuerySet:
    columns = {
        "status": filters.status,
        "category": filters.category,
        "priority": filters.priority,
        "team__code": filters.team,
        "handler__number": filters.handler,
        "owner__number": filters.owner,
        "customer__number": filters.customer,
        "next_due__lt": filters.due_before,
    }
    for column, value in columns.items():
        if value is not None:
            rows = rows.filter(Q((column, value)))
    return rows.filter(listing.tagged(filters.tag)) if filters.tag is not None else rows


def _viewed(rows: CaseQuerySet, view: UUID | None, viewer: Viewer) -> CaseQuerySet:
    if view is None:
        return rows
    found = SavedView.objects.visible_to(viewer).filter(uuid=view).first()
    if found is None:
        raise Problem(
            422, "invalid", "Nothing was read.", fields={"view": "no such view, or it is not yours"}
        )
    return listing.narrowed(rows, found.filters, viewer, at=clock.now())


def _cursor(case: Case) -> str:
    # Sealed: the place in the list holds a row number, which must not leave the house.
    return secrets.seal("cursor", json.dumps([case.next_due.isoformat(), case.priority_rank, case.pk]))


def _after(cursor: str) -> Q:
    try:
        due, rank, pk = json.loads(secrets.unseal("cursor", cursor))
    except secrets.NotOurs:
        detail = "Use the next_cursor of the page before, unchanged."
        raise Problem(422, "invalid", detail, fields={"cursor": "unreadable"}) from None
    at = datetime.fromisoformat(due)
    later = Q(next_due__gt=at) | Q(next_due=at, priority_rank__gt=rank)
    return later | Q(next_due=at, priority_rank=rank, pk__gt=pk)
