"""Service records by API: one as JSON or CSV, many as an export, which is audited.

All are masked, but an export that is asked for plain by an account whose role and token allow it.
"""

from datetime import date as day
from datetime import datetime, time
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import get_default_timezone
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import stamp
from huiyin.base import clock, rates
from huiyin.base.problem import Problem
from huiyin.cases import exporting, records
from huiyin.cases.models import CaseQuerySet
from huiyin.cases.records import Record
from huiyin.staff.viewer import Viewer

of_case = Router(auth=Bearer("cases:read"), tags=["records"])
of_many = Router(auth=Bearer("cases:export"), tags=["records"])


class RecordFormat(BaseModel):
    model_config = ConfigDict(extra="forbid")
    format: Literal["json", "csv"] = "json"


class ExportIn(BaseModel):
    """Which records leave, and why. `from` and `to` are days of opening, `to` the day after the last.

    `plain` leaves names, contacts and words unmasked: for accounts with the right `export.plain` whose token has the
    scope `customers:reveal` too, and only for the cases that this right reaches.
    """

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(min_length=1, max_length=exporting.REASON_CHARS)
    format: Literal["json", "csv"] = "json"
    numbers: list[str] | None = Field(None, max_length=exporting.MOST_CASES)
    status: Literal["new", "open", "waiting", "resolved", "closed", "void"] | None = None
    team: str | None = None
    category: str | None = None
    from_: day | None = Field(None, alias="from")
    to: day | None = None
    plain: bool = False


@of_case.get("/{number}/record", response=dict, summary="The service record of a case, as JSON or CSV")
def read_record(request: HttpRequest, number: str, asked: Query[RecordFormat]) -> Any:
    case, viewer, at = case_of(request, number), viewer_of(request), clock.now()
    rates.take(rates.REPORTS, viewer.number, at=at)
    record, by = records.of(case), viewer.actor
    if asked.format == "json":
        return {**_shape(record), "exported_by": by.ref, "exported_at": stamp(at)}
    text = exporting.as_csv([exporting.row_of(record, by=by, at=at)])
    return sent(exporting.File(f"{case.number}.csv", exporting.TYPES["csv"], text, 1))


@of_many.post(
    "/records", response=dict, summary="Export service records: marked and audited, masked unless allowed"
)
def export(request: HttpRequest, body: ExportIn) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    try:
        cases, by = chosen(body, viewer), viewer.actor
        return sent(exporting.export(cases, body.format, body.reason, by=by, at=at, plain=body.plain))
    except exporting.NeedsApproval as error:
        detail = (
            f"{error.customers} customers would leave; more than {exporting.MOST_CUSTOMERS} need the approval of "
            "a second person. Ask for it at /cases/records/approvals with the same body, or ask for less."
        )
        raise Problem(403, "approval_needed", detail) from None
    except exporting.TooMany as error:
        raise too_many(error) from None


def not_plain() -> Problem:
    """Return how an unmasked export is refused to who may not have it."""
    detail = "An unmasked export needs the right export.plain and a token with the scope customers:reveal."
    return Problem(403, "plain_not_allowed", detail)


def too_many(error: exporting.TooMany) -> Problem:
    """Return how more cases than a file holds are refused."""
    detail = f"{error.cases} cases; a file holds {exporting.MOST_CASES}. Ask for less at once."
    return Problem(422, "too_many", detail)


def chosen(body: ExportIn, viewer: Viewer) -> CaseQuerySet:
    """Return the cases that the body chooses among those the caller may take out."""
    columns = {
        "number__in": body.numbers,
        "status": body.status,
        "team__code": body.team,
        "category": body.category,
        "opened_at__gte": body.from_ and _begin(body.from_),
        "opened_at__lt": body.to and _begin(body.to),
    }
    try:
        rows = exporting.reachable(viewer, plain=body.plain)
    except exporting.NotPlain:
        raise not_plain() from None
    for column, value in columns.items():
        if value is not None:
            rows = rows.filter(Q((column, value)))
    return rows


def _begin(date: day) -> datetime:
    return datetime.combine(date, time.min, tzinfo=get_default_timezone())


def sent(file: exporting.File) -> HttpResponse:
    """Return the file as a download that nothing keeps."""
    response = HttpResponse(file.text, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "no-store"
    return response


def _shape(record: Record) -> dict[str, Any]:
    case = record.case
    customer = case.customer
    return {
        "number": case.number,
        "opened_at": stamp(case.opened_at),
        "closed_at": stamp(case.closed_at),
        "customer": customer
        and {
            "number": customer.number,
            "name": record.customer,
            "level": customer.level,
            "contacts": list(record.contacts),
        },
        "service": record.service,
        "category": case.category,
        "priority": case.priority,
        "channel": case.channel,
        "asked": record.asked,
        "owner": case.owner.number if case.owner else None,
        "handler": case.handler.number if case.handler else None,
        "team": case.team.code,
        "department": case.department.code if case.department else None,
        "follow_up": [
            {"at": stamp(step.at), "who": step.who, "what": step.sentence, "text": step.text}
            for step in record.follow_up
        ],
        "promises": [
            {"name": one.name, "due_at": stamp(one.due), "late": one.late} for one in record.promises
        ],
        "result": record.result,
        "feedback": record.feedback,
        "outcome": record.outcome or None,
        "closed_by": record.closed_by or None,
        "closed_loop": record.closed_loop,
        "status": case.status,
    }
