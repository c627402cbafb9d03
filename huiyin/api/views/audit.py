"""GET /audit: the trail for who audits, and whether its chain holds. GET·POST /leaks: the register of leaks."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.base import audit, clock, rates, trail
from huiyin.base.models import AuditRow
from huiyin.base.problem import Problem
from huiyin.customers import find
from huiyin.staff import leaks, people
from huiyin.staff.models import Leak

router = Router(auth=Bearer("audit:read"), tags=["audit"])
leak_router = Router(auth=Bearer("admin"), tags=["audit"])
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filters(_Body):
    who: str = Field("", max_length=40)
    what: str = Field("", max_length=60)
    object: str = Field("", max_length=80)
    result: Literal["", "ok", "refused"] = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class LeakIn(_Body):
    persons: list[str] = Field(default_factory=list, max_length=10_000)
    fields: list[str] = Field(min_length=1, max_length=10)
    what_happened: Words
    noticed_at: AwareDatetime


class MeasuresIn(_Body):
    measures: Words
    done: bool = False


@router.get("", response=dict, summary="The trail, newest first")
def list_rows(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    wanted = trail.Wanted(
        filters.who, filters.what, filters.object, filters.result, filters.since, filters.until
    )
    try:
        page = trail.search(wanted, cursor=filters.cursor, limit=filters.limit)
    except trail.BadCursor:
        detail = "Use the next_cursor of the page before, unchanged."
        raise Problem(422, "invalid", detail, fields={"cursor": "unreadable"}) from None
    return {"items": [_row(row) for row in page.rows], "next_cursor": page.next_cursor}


@router.get("/chain", response=dict, summary="Whether the chain holds: every sealed row is checked")
def chain(request: HttpRequest) -> dict[str, Any]:
    rates.take(rates.REPORTS, viewer_of(request).number, at=clock.now())
    broken = audit.broken_links()
    return {"holds": not broken, "broken": broken[:100], "unsealed": audit.unsealed()}


@leak_router.get("", response=dict, summary="The register of leaks")
def list_leaks(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_leak(leak) for leak in leaks.everything()]}


@leak_router.post("", response={201: dict}, summary="Register a leak")
def register(request: HttpRequest, body: LeakIn) -> Status[dict[str, Any]]:
    viewer = viewer_of(request)
    account = people.one(viewer.number)
    assert account is not None
    leak = leaks.register(
        account, **body.model_dump(), unknown_of=find.unknown_of, by=viewer.actor, at=clock.now()
    )
    return Status(201, _leak(leak))


@leak_router.post("/{leak_id}/measures", response=dict, summary="Write down what was done; done closes it")
def measures(request: HttpRequest, leak_id: UUID, body: MeasuresIn) -> dict[str, Any]:
    by = viewer_of(request).actor
    return _leak(leaks.note_measures(leak_id, body.measures, done=body.done, by=by, at=clock.now()))


def _row(row: AuditRow) -> dict[str, Any]:
    return {
        "at": stamp(row.at),
        "by": {"kind": row.by_kind, "ref": row.by_ref},
        "action": row.action,
        "object": row.object,
        "fields": row.fields,
        "reason": row.reason,
        "result": row.result,
        "network": row.network,
        "sealed": row.seal_seq is not None,
    }


def _leak(leak: Leak) -> dict[str, Any]:
    return {
        "id": str(leak.uuid),
        "noticed_at": stamp(leak.noticed_at),
        "persons": leak.persons,
        "fields": leak.fields,
        "what_happened": leak.what_happened,
        "measures": leak.measures,
        "registered_by": leak.registered_by.number,
        "closed_at": stamp(leak.closed_at),
    }
