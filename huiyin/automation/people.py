"""Tasks about people and the audit trail. Each takes `at` and calls one verb; each may run again."""

from datetime import datetime

from huiyin.base import audit
from huiyin.base.actor import CLOCK, Actor
from huiyin.base.outbox import task
from huiyin.cases import exports
from huiyin.cases.models import Export
from huiyin.notices.tell import tell
from huiyin.staff import standin


@task("fast")
def tell_export(*, export: int, ref: str, kind: str, at: datetime) -> None:
    """Tell who may decide that an export waits, and who asked what became of it."""
    found = Export.objects.with_people().get(pk=export)
    people = {found.asked_by_id}
    if kind == "export.asked":
        people = {one.pk for one in exports.approvers(Actor("staff", "", found.asked_by_id), at=at)}
    params = {"person": found.asked_by.name, "customers": found.customers}
    tell(people, kind, cause=ref, case_number="", at=at, params=params)


@task("fast")
def end_stand_ins(*, at: datetime) -> None:
    """Record the lendings whose time is over."""
    standin.end_run_out(by=CLOCK, at=at)


@task("clock")
def sweep_audit(*, at: datetime) -> None:
    """Take out what the audit trail has kept long enough."""
    audit.sweep(at=at)
