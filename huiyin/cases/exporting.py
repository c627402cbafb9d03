"""Service records as files: marked with who took them out and when, audited, never of too many customers.

They are masked, unless somebody whose role says so asks for them plain; then the file, its name and the audit say that.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from huiyin.base import audit, spreadsheet, tx
from huiyin.base.actor import Actor
from huiyin.cases import records
from huiyin.cases.kinds import STATUSES
from huiyin.cases.models import Case, CaseQuerySet
from huiyin.cases.record_words import COLUMNS, PLAIN_COLUMNS
from huiyin.cases.records import Record
from huiyin.cases.typed import checked
from huiyin.customers import saying
from huiyin.rules.words import PRIORITIES
from huiyin.staff.viewer import PLAIN, Viewer

MOST_CUSTOMERS, MOST_CASES = 500, 2000
REASON_CHARS = 200
Format = Literal["csv", "json"]
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class NeedsApproval(Exception):
    """More customers than may leave at once without an approval. Nothing was exported."""

    def __init__(self, customers: int) -> None:
        super().__init__(f"{customers} customers")
        self.customers = customers


class NotPlain(Exception):
    """This viewer may not export unmasked. Nothing was exported."""


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


def reachable(viewer: Viewer, *, plain: bool) -> CaseQuerySet:
    """Return the cases that this viewer may take out: plain only where a role of theirs says so. Raises NotPlain."""
    if not plain:
        return Case.objects.visible_to(viewer)
    if not (viewer.may("export") and viewer.may(PLAIN)):
        raise NotPlain
    return Case.objects.visible_to(replace(viewer, scopes=viewer.plain_scopes))


def export(
    cases: CaseQuerySet, form: Format, reason: str, *, by: Actor, at: datetime, plain: bool = False
) -> File:
    """Return the records of these `reachable` cases, and leave an audit row. Each call leaves one.

    Raises Invalid without a reason, NeedsApproval above 500 customers, TooMany above 2,000 cases.
    """
    reason = checked(reason, field="reason", limit=REASON_CHARS)
    customers = counted(cases)
    if customers > MOST_CUSTOMERS:
        raise NeedsApproval(customers)
    return written(cases, form, reason, by=by, at=at, plain=plain)


def counted(cases: CaseQuerySet) -> int:
    """Return of how many customers these cases are; raises TooMany."""
    count = cases.count()
    if count > MOST_CASES:
        raise TooMany(count)
    return cases.exclude(customer=None).values("customer").distinct().count()


def written(
    cases: CaseQuerySet,
    form: Format,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    approval: str = "",
    plain: bool = False,
) -> File:
    """Return the file and leave an audit row, which names the approval; whether it may leave was asked before.

    A plain one says so in its name, in each line and in the audit, where each customer in it stands as revealed.
    """
    reason = saying.without_personal(reason, at=at)
    found = records.of_many(cases.order_by("-id"), plain=plain)
    mark = {"plain": _("not masked"), "exported_for": reason} if plain else {}
    rows = [row_of(record, by=by, at=at) | mark for record in found]
    columns = {**COLUMNS, **PLAIN_COLUMNS} if plain else COLUMNS
    with tx.write():
        said = f"{'plain, ' if plain else ''}{len(rows)} cases: {reason}"
        target = f"export:{approval}" if approval else "cases"
        action = "records.exported_plain" if plain else "records.exported"
        audit.write(action, target, by=by, at=at, fields=list(columns), reason=said)
        if plain:
            _note_customers(rows, reason, by=by, at=at)
    name = f"huiyin-records-{'plain-' if plain else ''}{localtime(at):%Y%m%d-%H%M}.{form}"
    if form == "csv":
        return File(name, TYPES[form], as_csv(rows, columns), len(rows))
    whole: dict[str, Any] = {"exported_by": by.ref, "exported_at": _stamp(at), "count": len(rows)}
    whole |= {"plain": True, "exported_for": reason} if plain else {}
    return File(name, TYPES[form], json.dumps({**whole, "items": rows}, ensure_ascii=False), len(rows))


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


def as_csv(rows: list[dict[str, str]], columns: Mapping[str, Any] = COLUMNS) -> str:
    """Return lines of `row_of` as CSV with names of columns in the reader's language."""
    names = [str(name) for name in columns.values()]
    return spreadsheet.csv_text(names, ([row[column] for column in columns] for row in rows))


def _note_customers(rows: Iterable[Mapping[str, str]], reason: str, *, by: Actor, at: datetime) -> None:
    # So that the trail of a customer tells of the file, too.
    fields = ("name", "contacts", "words")
    for number in sorted({row["customer_number"] for row in rows} - {""}):
        told = f"plain export: {reason}"
        audit.write("customer.revealed", f"customer:{number}", by=by, at=at, fields=fields, reason=told)


def _stamp(at: datetime | None) -> str:
    return localtime(at).isoformat(timespec="seconds") if at else ""
