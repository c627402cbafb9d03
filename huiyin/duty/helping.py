"""What a lead does for somebody at the limit: looks at what they carry, takes cases off them, lends a stand-in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from huiyin.base import audit, facts, tx
from huiyin.base.actor import Actor
from huiyin.cases import bulk, passing
from huiyin.cases.models import Case, Promise
from huiyin.cases.typed import Invalid
from huiyin.duty import overload
from huiyin.duty.models import Overload
from huiyin.staff import standin
from huiyin.staff.models import Grant, Role, Staff, Team
from huiyin.staff.viewer import Viewer

VERBS = ("reassign", "transfer", "give_back")
RELIEVED, STOOD_IN = "overload.relieved", "overload.stood_in"

facts.register(
    facts.Kind(
        RELIEVED, _("was relieved of open cases: %(cases)s"), fields={"report": str, "cases": int, "who": str}
    ),
    facts.Kind(STOOD_IN, _("got a stand-in"), fields={"report": str, "to": str, "who": str}),
)


class Ended(Exception):
    """The report has ended meanwhile; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What somebody carries, as far as who asks may see it: open cases by next promise, and what they owe.

    `due_today` counts promises due before midnight of the organisation's zone, late ones with them; `next_kind` and
    `next_due` name the one that breaks next.
    """

    cases: tuple[Case, ...] = ()
    due_today: int = 0
    next_kind: str = ""
    next_due: datetime | None = None


def carried(people: Collection[int], viewer: Viewer, *, at: datetime) -> Mapping[int, Carried]:
    """Return what each of these people carries: two queries."""
    if not people:
        return {}
    seen = Case.objects.visible_to(viewer).filter(handler_id__in=people, status__in=passing.PASSED_ON_IN)
    cases: dict[int, list[Case]] = {}
    for case in seen.select_related("customer", "team").by_next_promise():
        cases.setdefault(case.handler_id or 0, []).append(case)
    owed: dict[int, list[Promise]] = {}
    running = Q(state=Promise.RUNNING) | Q(state=Promise.BROKEN)
    rows = Promise.objects.visible_to(viewer).filter(running, fulfilled_at=None, ended_at=None)
    for promise in rows.filter(debtor_id__in=people).by_due():
        owed.setdefault(promise.debtor_id or 0, []).append(promise)
    return {person: _carried(cases.get(person, ()), owed.get(person, ()), at) for person in {*cases, *owed}}


def helps(viewer: Viewer, report: Overload) -> bool:
    """Say whether the viewer, who sees this report, may help: it is somebody else's, and they give work there."""
    return report.staff_id != viewer.staff_id and viewer.may("case.reassign")


def relieve(
    report: Overload,
    job: bulk.Job,
    chosen: Iterable[tuple[str, int | None]],
    *,
    viewer: Viewer,
    at: datetime,
) -> list[bulk.Outcome]:
    """Give cases of this person to somebody else, another team or the queue; each has its own outcome.

    A case that is not theirs (any more), or that the viewer may not see, comes out as not found. The person is told
    how many went. Raises Ended, and Invalid for what would be wrong with every case.
    """
    wanted = dict(chosen)
    if job.verb not in VERBS or not wanted:
        raise Invalid(**({"cases": "missing"} if job.verb in VERBS else {"verb": "unknown"}))
    if not Overload.objects.standing().filter(pk=report.pk).exists():
        raise Ended
    theirs = Case.objects.visible_to(viewer).working_on(report.staff_id).filter(number__in=wanted)
    numbers = set(theirs.values_list("number", flat=True))
    mine = [(number, version) for number, version in wanted.items() if number in numbers]
    # Each case in a transaction of its own, as everywhere: one for all would hold loads while it waits for a case.
    done = {one.number: one for one in bulk.each(job, mine, viewer=viewer, at=at)} if mine else {}
    gone = [number for number, one in done.items() if one.outcome == bulk.DONE]
    if gone:
        with tx.write():
            _tell(RELIEVED, report, viewer.actor, at, [job.verb, *gone], cases=len(gone))
    return [done.get(number, bulk.Outcome(number, bulk.NOT_FOUND)) for number in wanted]


def lend(
    lender: Staff,
    to: Staff,
    *,
    role: Role,
    team: Team,
    until: datetime,
    by: Actor,
    at: datetime,
    instead_of: Staff | None = None,
) -> Grant:
    """Lend a role as `standin.lend` does; whom it stands in for, at their limit, is told. Raises Refusal."""
    with tx.write():
        lent = standin.lend(
            lender, to, role=role, team=team, until=until, instead_of=instead_of, by=by, at=at
        )
        report = overload.standing(instead_of) if instead_of is not None else None
        if report is not None:
            _tell(STOOD_IN, report, by, at, [f"to:{to.number}"], to=to.number)
    return lent


def _tell(
    kind: str, report: Overload, by: Actor, at: datetime, fields: list[str], **payload: int | str
) -> None:
    subject = f"staff:{report.staff.number}"
    told_of = {"report": str(report.uuid), "who": by.ref, **payload}
    facts.record(kind, subject, by=by, at=at, subject_id=report.staff_id, **told_of)
    audit.write(kind, subject, by=by, at=at, fields=fields)


def _carried(cases: Iterable[Case], owed: Iterable[Promise], at: datetime) -> Carried:
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    promises = list(owed)
    running = [one for one in promises if one.state == Promise.RUNNING and one.due_at > at]
    return Carried(
        cases=tuple(cases),
        due_today=sum(one.due_at < midnight for one in promises),
        next_kind=running[0].kind if running else "",
        next_due=running[0].due_at if running else None,
    )
