"""What somebody carried when they leave: each case, its promises and its requests go to another, or to the queue."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, mentions, promises, watching
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import AgentLoad, Case, Collaboration, DraftText, Promise, SavedView
from huiyin.staff.models import Staff

_OWED = Q(state__in=(Promise.RUNNING, Promise.PAUSED)) | Q(
    state=Promise.BROKEN, fulfilled_at=None, ended_at=None
)


@dataclass(frozen=True, slots=True)
class Carried:
    """How many open cases, owed promises and open requests are with a person."""

    cases: int
    promises: int
    requests: int

    def __bool__(self) -> bool:
        return bool(self.cases or self.promises or self.requests)


def carried_by(staff: Staff) -> Carried:
    """Return what is still with this person: three queries."""
    return Carried(
        Case.objects.in_work().filter(Q(handler=staff) | Q(owner=staff)).count(),
        Promise.objects.owed_by(staff.pk).count(),
        Collaboration.objects.pending().filter(assignee=staff).count(),
    )


def cases_of(staff: Staff) -> list[Case]:
    """Return every case on which something is still with this person, what breaks next first."""
    owed = Promise.objects.filter(_OWED, case=OuterRef("pk"), debtor=staff)
    asked = Collaboration.objects.pending().filter(case=OuterRef("pk"), assignee=staff)
    carried = Q(status__in=Case.IN_WORK) & (Q(handler=staff) | Q(owner=staff))
    rows = Case.objects.filter(carried | Exists(owed) | Exists(asked)).select_related("team")
    return list(rows.prefetch_related("about").by_next_promise())


def left_behind_by() -> list[Staff]:
    """Return whose account ended while something was still with them, which only a stop in between can leave."""
    gone = Staff.objects.filter(is_active=False).values("pk")
    cases = Case.objects.in_work()
    holders = [
        *cases.filter(handler__in=gone).values_list("handler", flat=True),
        *cases.filter(owner__in=gone).values_list("owner", flat=True),
        *Promise.objects.filter(_OWED, debtor__in=gone).values_list("debtor", flat=True),
        *Collaboration.objects.pending().filter(assignee__in=gone).values_list("assignee", flat=True),
    ]
    return list(Staff.objects.filter(pk__in=set(holders)).order_by("pk")) if holders else []


def hand_on(case: Case, leaver: Staff, to: Staff | None, *, by: Actor, at: datetime) -> None:
    """Give to another, or to the queue and the lead, what this person carried on a case; a second call does nothing."""
    with tx.write():
        locked = lock(case, None)
        changes: dict[str, Staff | None] = {}
        if locked.status in Case.IN_WORK:
            changes |= {"handler": to} if locked.handler_id == leaver.pk else {}
            changes |= {"owner": to} if locked.owner_id == leaver.pk else {}
        if changes:
            change(case, locked, changes, at=at)
            promises.hand_over(case)
        owed = Promise.objects.filter(_OWED, case=case, debtor=leaver).update(debtor=to)
        asked = Collaboration.objects.pending().filter(case=case, assignee=leaver).update(assignee=to)
        if not (changes or owed or asked):
            return
        drafts = [Draft("case.handed_on", {"who": leaver.number})]
        if "handler" in changes and to is not None:
            drafts.append(Draft("case.assigned", {"to": to.number, "because": []}))
        elif "handler" in changes:
            drafts.append(Draft("case.queued", {"team": case.team.code, "because": []}))
        entries.append(case, drafts, by=by, at=at)


def let_go(staff: Staff, *, by: Actor, at: datetime) -> None:
    """End what was only this person's: whom they follow, drafts, views of their own, being asked for."""
    watching.end_of(staff, by=by, at=at)
    mentions.end_of(staff)
    DraftText.objects.filter(staff=staff).delete()
    SavedView.objects.filter(owner=staff, team=None).delete()


def stop_offers(staff: Staff) -> None:
    """Let nothing more be given to this person: waits for an offer that is under way, and then none passes."""
    AgentLoad.objects.filter(staff=staff).update(cap=0)
