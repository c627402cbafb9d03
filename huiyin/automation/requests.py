"""Tasks around requests to other departments and escalations: who is told, and which rules raise a case."""

from datetime import datetime
from uuid import UUID

from huiyin.base.outbox import task
from huiyin.cases import escalation, reporting
from huiyin.cases.models import Case, Collaboration
from huiyin.notices.tell import tell
from huiyin.rules import book as rulebook
from huiyin.rules import management
from huiyin.staff import chain
from huiyin.staff.models import Staff

# What the other side did is told to the asker and the handler; what the asker did to whoever owes it.
TOLD_TO_DEPARTMENT = ("collaboration.asked", "collaboration.withdrawn", "collaboration.finished")


@task("fast")
def tell_request(*, case: int, ref: str, kind: str, request: str, at: datetime) -> None:
    """Tell the side that did not act. A second run tells nobody twice."""
    found = Collaboration.objects.with_people().get(uuid=UUID(request))
    if kind in TOLD_TO_DEPARTMENT:
        leads = chain.leads_above(found.department)[:1] if found.kind == Collaboration.REQUEST else []
        people = {found.assignee_id, *(lead.pk for lead in leads)}
    else:
        people = {found.asked_by_id, found.case.handler_id}
    params = {"subject": found.subject, "department": str(found.department.code)}
    told = {pk for pk in people if pk is not None}
    tell(told, kind, cause=ref, case_number=found.case.number, at=at, params=params)


@task("fast")
def tell_raised(*, case: int, ref: str, to: str, cause: str, at: datetime) -> None:
    """Tell who now stands behind the case, and why."""
    found = Case.objects.get(pk=case)
    person = Staff.objects.values_list("pk", flat=True).get(number=to)
    tell([person], "case.raised", cause=ref, case_number=found.number, at=at, params={"cause": cause})


@task("fast")
def tell_reported(*, case: int, ref: str, codes: list[str], at: datetime) -> None:
    """Tell who holds the roles that a case was reported to. A second run tells nobody twice."""
    found = Case.objects.get(pk=case)
    told = reporting.told_of(found, codes, at=at)
    tell(told, "case.reported", cause=ref, case_number=found.number, at=at)


@task("fast")
def raise_by_rule(*, case: int, ref: str, cause: str, at: datetime) -> None:
    """Raise the case for this cause, unless it was raised for it before."""
    found = Case.objects.select_related("team").get(pk=case)
    if found.family == "service":  # a lead who returns the result of a task is no dissatisfied customer
        escalation.by_rule(found, cause, at=at)


@task("fast")
def raise_crossing(*, case: int, ref: str, department: str, at: datetime) -> None:
    """Raise a complaint that needs another department than its own."""
    found = Case.objects.select_related("team").get(pk=case)
    if rulebook.current().top_of(found.category) == "complaint" and department != found.team.code:
        escalation.by_rule(found, escalation.CROSSING, at=at)


@task("fast")
def raise_for_management(*, case: int, ref: str, is_proposal: bool, at: datetime) -> None:
    """Raise a case that needs management as it stands now, or because more was proposed than a role may grant."""
    found = Case.objects.select_related("team").get(pk=case)
    book = rulebook.current()
    wanted = (
        management.wanted_at_once(book, found.category, found.priority)
        or management.wanted_at_stage(book, found.procedure, found.stage)
        or (is_proposal and management.wanted_for_compensation(book, found.category))
    )
    if wanted and found.family == "service" and found.is_open:
        escalation.by_rule(found, escalation.MANAGEMENT, at=at)
