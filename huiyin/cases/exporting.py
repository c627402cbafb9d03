"""Service records as files: masked, marked with who took them out and when, audited, never of too many customers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from huiyin.base import audit, spreadsheet, tx
from huiyin.base.actor import Actor
from huiyin.cases import records
from huiyin.cases.kinds import STATUSES
from huiyin.cases.models import CaseQuerySet
from huiyin.cases.record_words import COLUMNS
from huiyin.cases.records import Record
from huiyin.cases.typed import checked
from huiyin.customers import saying
from huiyin.rules.words import PRIORITIES

MOST_CUSTOMERS, MOST_CASES = 500, 2000
REASON_CHARS = 200
Format = Literal["csv", "json"]
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class NeedsApproval(Exception):
    """More customers than may leave at once without an approval. Nothing was exported."""

    def __init__(self, customers: int) -> None:
        super().__init__(f"{customers} customers")
        self.customers = customers


class TooMany(Exception):
    """More cases than one file holds. Nothing was exported."""

    def __init__(self, cases: int) -> None:
        super().__init__(f"{cases} cases")
        self.cases = cases


@dataclass(frozen=True, slots=True)
class File:
    """What is sent: `name` ends with the format, `count` cases are in it."""

    name: str
    content_type: str
    text: str
    count: int


def export(cases: CaseQuerySet, form: Format, reason: str, *, by: Actor, at: datetime) -> File:
    """Return the masked records of these cases, which the caller may see, and leave an audit row. Each call leaves one.

    Raises Invalid without a reason, NeedsApproval above 500 customers, TooMany above 2,000 cases.
    """
    reason = checked(reason, field="reason", limit=REASON_CHARS)
    customers = counted(cases)
    if customers > MOST_CUSTOMERS:
        raise NeedsApproval(customers)
    return written(cases, form, reason, by=by, at=at)


def counted(cases: CaseQuerySet) -> int:
    """Return of how many customers these cases are; raises TooMany."""
    count = cases.count()
    if count > MOST_CASES:
        raise TooMany(count)
    return cases.exclude(customer=None).values("customer").distinct().count()


def written(
    cases: CaseQuerySet, form: Format, reason: str, *, by: Actor, at: datetime, approval: str = ""
) -> File:
    """Return the file and leave an audit row, which names the approval; whether it may leave was asked before."""
    rows = [row_of(record, by=by, at=at) for record in records.of_many(cases.order_by("-id"))]
    with tx.write():
        said = f"{len(rows)} cases: {saying.without_personal(reason, at=at)}"
        target = f"export:{approval}" if approval else "cases"
        audit.write("records.exported", target, by=by, at=at, fields=list(COLUMNS), reason=said)
    name = f"huiyin-records-{localtime(at):%Y%m%d-%H%M}.{form}"
    return File(name, TYPES[form], _text(rows, form, by, at), len(rows))


def row_of(record: Record, *, by: Actor, at: datetime) -> dict[str, str]:
    """Return one record as a line of the table, in the reader's words."""
    case = record.case
    return {
        "number": case.number,
        "opened": _stamp(case.opened_at),
        "customer_number": case.customer.number if case.customer else "",
        "customer": record.customer,
        "level": case.customer.level if case.customer else "",
        "contacts": " ".join(record.contacts),
        "service": record.service_words,
        "category": record.category_words,
        "priority": _(PRIORITIES[case.priority]),
        "channel": case.channel,
        "asked": record.asked,
        "owner": case.owner.name if case.owner else "",
        "handler": case.handler.name if case.handler else "",
        "team": str(case.team),
        "department": str(case.department) if case.department else "",
        "follow_ups": str(len(record.follow_up)),
        "promises_late": str(sum(one.late is True for one in record.promises)),
        "result": record.result,
        "feedback": record.feedback,
        "outcome": record.outcome_words,
        "status": str(STATUSES[case.status]),
        "closed": _stamp(case.closed_at),
        "closed_by": record.closed_by_words,
        "closed_loop": _("yes") if record.closed_loop else _("no"),
        "exported_by": by.ref,
        "exported_at": _stamp(at),
    }


def as_csv(rows: list[dict[str, str]]) -> str:
    """Return lines of `row_of` as CSV with names of columns in the reader's language."""
    return spreadsheet.csv_text([str(name) for name in COLUMNS.values()], _cells(rows))


def _text(rows: list[dict[str, str]], form: Format, by: Actor, at: datetime) -> str:
    if form == "csv":
        return as_csv(rows)
    whole: dict[str, Any] = {"exported_by": by.ref, "exported_at": _stamp(at), "count": len(rows)}
    return json.dumps({**whole, "items": rows}, ensure_ascii=False)


def _cells(rows: list[dict[str, str]]) -> Iterator[list[str]]:
    return ([row[column] for column in COLUMNS] for row in rows)


def _stamp(at: datetime | None) -> str:
    return localtime(at).isoformat(timespec="seconds") if at else ""
