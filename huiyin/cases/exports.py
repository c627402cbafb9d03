"""Exports of many customers: asked for with a reason, decided by a second person, taken out within a day by the asker.

What leaves is exactly what was approved: the cases are fixed when it is asked for. Who sees fewer of them by the time
of taking takes fewer.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _

from huiyin.base import audit, facts, tx
from huiyin.base.actor import Actor
from huiyin.cases import exporting
from huiyin.cases.exporting import File, Format
from huiyin.cases.models import CaseQuerySet, Export
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid, checked
from huiyin.customers import saying
from huiyin.staff import chain
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer

Verb = Literal["approve", "refuse", "withdraw"]
ENTERS = {"approve": Export.APPROVED, "refuse": Export.REFUSED, "withdraw": Export.WITHDRAWN}
WORDS_CHARS = 200
STATES = {
    Export.ASKED: _("waits for an approval"),
    Export.APPROVED: _("approved"),
    Export.REFUSED: _("not approved"),
    Export.WITHDRAWN: _("withdrawn"),
}

facts.register(
    facts.Kind("export.asked", _("asks to export %(customers)s customers"), fields={"customers": int}),
    facts.Kind("export.approved", _("approved an export"), fields={"to": str}),
    facts.Kind("export.refused", _("did not approve an export"), fields={"to": str}),
)


class OwnRequest(Exception):
    """Nobody decides on the export they asked for. Nothing was changed."""


def ask(
    cases: CaseQuerySet,
    form: Format,
    reason: str,
    *,
    chosen: Mapping[str, str],
    by: Actor,
    at: datetime,
    plain: bool = False,
) -> Export:
    """Ask for an approval to export these `exporting.reachable` cases; each call asks anew.

    `chosen` tells how they were chosen, in codes. Personal values in the reason are masked for good. Raises Invalid
    (`reason`; `by`: not_a_person; `approver`: nobody) and TooMany.
    """
    reason = checked(reason, field="reason", limit=exporting.REASON_CHARS)
    if by.id is None:
        raise Invalid(by="not_a_person")
    if not approvers(by, at=at):
        raise Invalid(approver="nobody")
    customers = exporting.counted(cases)
    with tx.write():
        asked = Export.objects.create(
            asked_by_id=by.id,
            reason=saying.without_personal(reason, at=at)[: exporting.REASON_CHARS],
            format=form,
            plain=plain,
            chosen={name: value for name, value in chosen.items() if value},
            numbers=list(cases.order_by("-id").values_list("number", flat=True)),
            customers=customers,
            asked_at=at,
        )
        _record("export.asked", asked, by=by, at=at, customers=customers)
    return Export.objects.with_people().get(pk=asked.pk)


def decide(export: Export, verb: Verb, *, by: Actor, at: datetime, words: str = "") -> Export:
    """Approve or refuse what somebody else asked for, or withdraw one's own; a refusal needs words.

    Raises OwnRequest, Invalid, and MoveNotAllowed when it was decided or withdrawn before.
    """
    if (export.asked_by_id == by.id) != (verb == "withdraw"):
        raise OwnRequest
    if verb == "refuse" or words.strip():
        words = checked(words, field="words", limit=WORDS_CHARS)
    words = saying.without_personal(words.strip(), at=at)[:WORDS_CHARS]
    told = {"state": ENTERS[verb], "decided_by": by.id, "decided_at": at, "words": words}
    with tx.write():
        if not Export.objects.filter(pk=export.pk, state=Export.ASKED).update(**told):
            now = Export.objects.values_list("state", flat=True).get(pk=export.pk)
            raise MoveNotAllowed(verb, now)
        if verb == "withdraw":
            audit.write("export.withdrawn", f"export:{export.uuid}", by=by, at=at)
        else:
            _record(f"export.{ENTERS[verb]}", export, by=by, at=at, to=export.asked_by.number)
    return Export.objects.with_people().get(pk=export.pk)


def take(export: Export, *, viewer: Viewer, at: datetime) -> File:
    """Return the file to who asked for it, within a day of the approval; each call is audited.

    Raises OwnRequest for anybody else, MoveNotAllowed when it is not approved or too old, NotPlain when it is plain
    and they may not have that any more.
    """
    if export.asked_by_id != viewer.staff_id:
        raise OwnRequest
    if not export.can_be_taken(at=at):
        raise MoveNotAllowed("take", export.state)
    cases = exporting.reachable(viewer, plain=export.plain).filter(number__in=export.numbers)
    form: Format = "json" if export.format == "json" else "csv"
    with tx.write():
        file = exporting.written(
            cases,
            form,
            export.reason,
            by=viewer.actor,
            at=at,
            approval=str(export.uuid),
            plain=export.plain,
        )
        Export.objects.filter(pk=export.pk).update(taken_at=at)
    return file


def approvers(by: Actor, *, at: datetime) -> list[Staff]:
    """Return who may decide on what this person asks for."""
    return [one for one in chain.approvers(at=at) if one.pk != by.id]


def _record(kind: str, export: Export, *, by: Actor, at: datetime, **told: str | int) -> None:
    subject = f"export:{export.uuid}"
    many = f"{len(export.numbers)} cases, {export.customers} customers"
    reason = f"{'plain, ' if export.plain else ''}{many}: {export.reason}"
    audit.write(kind, subject, by=by, at=at, reason=reason)
    facts.record(kind, subject, by=by, at=at, subject_id=export.pk, **told)
