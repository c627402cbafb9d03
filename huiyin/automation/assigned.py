"""Tasks around assigned work and what colleagues noticed: who is told what happened to it."""

from datetime import datetime

from huiyin.base.outbox import task
from huiyin.cases import observations
from huiyin.cases.models import Assignment, Case
from huiyin.notices.tell import tell
from huiyin.staff.models import Staff

TOLD_TO_ASSIGNER = ("task.objected", "task.handed_in")


@task("fast")
def tell_task(*, case: int, ref: str, kind: str, at: datetime) -> None:
    """Tell the side that did not act: whoever assigned the task, or its receiver."""
    found = Assignment.objects.select_related("case").get(case=case)
    told = found.assigned_by_id if kind in TOLD_TO_ASSIGNER else found.case.handler_id
    tell([told] if told else [], kind, cause=ref, case_number=found.case.number, at=at)


@task("fast")
def tell_reporter(*, case: int, ref: str, kind: str, by: str, at: datetime) -> None:
    """Tell whoever noticed it, unless they did this themselves. A second run tells nobody twice."""
    found = Case.objects.get(pk=case)
    noticed = Staff.objects.get(number=observations.reporter_of(found))
    if noticed.number != by:
        tell([noticed.pk], kind, cause=ref, case_number=found.number, at=at)
