"""Tasks about people and the audit trail. Each takes `at` and calls one verb; each may run again."""

from datetime import datetime

from huiyin.base import audit
from huiyin.base.actor import CLOCK
from huiyin.base.outbox import task
from huiyin.notices.tell import tell
from huiyin.staff import standin
from huiyin.staff.models import Staff


@task("fast")
def tell_help_asked(*, person: str, ref: str, at: datetime) -> None:
    """Tell the leads that somebody of theirs has too much to do."""
    staff = Staff.objects.get(number=person)
    params = {"person": staff.name}
    tell(standin.leads_of(staff, at=at), "help.asked", cause=ref, case_number="", at=at, params=params)


@task("fast")
def end_stand_ins(*, at: datetime) -> None:
    """Record the lendings whose time is over."""
    standin.end_run_out(by=CLOCK, at=at)


@task("clock")
def sweep_audit(*, at: datetime) -> None:
    """Take out what the audit trail has kept long enough."""
    audit.sweep(at=at)
