"""Who is told what of somebody at the limit, and the end of the reports whose time is over."""

from datetime import datetime

from huiyin.base.actor import CLOCK
from huiyin.base.outbox import task
from huiyin.duty import helping, overload
from huiyin.duty.models import Overload
from huiyin.notices import tell as notices
from huiyin.staff import viewer
from huiyin.staff.models import Staff

# The person, by how the report ended; who took it back knows it, and who left is told nothing.
_ENDED = {Overload.BY_LEAD: "overload.ended", Overload.OVER: "overload.over"}


@task("fast")
def tell(
    *,
    kind: str,
    report: str,
    ref: str,
    at: datetime,
    how: str = "",
    who: str = "",
    to: str = "",
    cases: int = 0,
) -> None:
    """Tell the leads of a report and what the person carries; tell the person what was done for them."""
    found = Overload.objects.select_related("staff", "ended_by").get(uuid=report)
    if kind == overload.REPORTED:
        _tell_leads(found, ref, at)
        return
    if kind == overload.ENDED:
        if how not in _ENDED:
            return
        kind = _ENDED[how]
        who = found.ended_by.number if found.ended_by else ""
    names = dict(Staff.objects.filter(number__in=(who, to)).values_list("number", "name"))
    params = {"person": names.get(who, who), "to": names.get(to, to), "cases": cases}
    notices.tell([found.staff_id], kind, cause=ref, case_number="", at=at, params=params)


@task("fast", outside=True)
def end_run_out(*, at: datetime) -> None:
    """Record the reports whose time is over, each in its own transaction."""
    overload.end_run_out(by=CLOCK, at=at)


def _tell_leads(report: Overload, ref: str, at: datetime) -> None:
    for lead in overload.told(report.staff, at=at):
        seen = viewer.of(lead, at=at)
        carried = helping.carried([report.staff_id], seen, at=at).get(report.staff_id, helping.Carried())
        params = {
            "person": report.staff.name,
            "cases": len(carried.cases),
            "promises": carried.due_today,
            "promise": carried.next_kind,
            "due": carried.next_due.isoformat() if carried.next_due else "",
        }
        notices.tell([lead.pk], overload.REPORTED, cause=ref, case_number="", at=at, params=params)
