"""Being at one's limit (工作饱和): said by the person, heard by the dispatch and the lead, and how it ends."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from huiyin.base import audit, facts, tx
from huiyin.base.actor import Actor
from huiyin.cases import load
from huiyin.cases.models import NEVER, AgentLoad
from huiyin.cases.typed import Invalid, checked
from huiyin.customers.saying import without_personal
from huiyin.duty.models import Overload
from huiyin.staff import chain, standin
from huiyin.staff import viewer as viewers
from huiyin.staff.models import Staff

WORD_CHARS = 200
LONGEST = timedelta(days=7)  # who is over the limit for longer needs another plan, not a report
AT_ONCE = 500
REPORTED, ENDED = "overload.reported", "overload.ended"

facts.register(
    # Recorded until reports had a life of their own: old rows are still read.
    facts.Kind("help.asked", _("asked for help: too much to do"), fields={"person": str}),
    facts.Kind(REPORTED, _("is at the limit and takes no new cases"), fields={"report": str}),
    facts.Kind(ENDED, _("is given new cases again"), fields={"report": str, "how": str}),
)


def report(
    staff: Staff, word: str, until: datetime | None, *, by: Actor, at: datetime
) -> tuple[Overload, bool]:
    """Record that this person is at their limit; return the report that stands, and whether it is new.

    From now on, until `until` (None: until somebody ends it), the dispatch gives them nothing new; what they have goes
    on. While one stands a second call changes nothing. Raises Invalid (`word`; `until`: not_after_now, too_far;
    `person`: cannot_work).
    """
    word = without_personal(checked(word, field="word", limit=WORD_CHARS), at=at)
    if until is not None and not at < until <= at + LONGEST:
        raise Invalid(until="too_far" if until > at else "not_after_now")
    with tx.write():
        _lock(staff)
        if not _works(staff, at):
            raise Invalid(person="cannot_work")
        stands = standing(staff)
        if stands is not None and stands.is_in_force(at=at):
            return stands, False
        if stands is not None:
            _end(stands, Overload.OVER, "", by=by, at=at)
        made = Overload.objects.create(staff=staff, word=word, since=at, until=until)
        load.rest(staff.pk, until or NEVER)
        subject = f"staff:{staff.number}"
        facts.record(REPORTED, subject, by=by, at=at, subject_id=staff.pk, report=str(made.uuid))
        audit.write(REPORTED, subject, by=by, at=at, reason=word, fields=["until"] if until else [])
    return made, True


def end(overload: Overload, word: str = "", *, by: Actor, at: datetime) -> bool:
    """End this report: taken back by the person, or by a lead, with a word; return whether it still stood.

    A second call changes nothing, and a newer report of the same person stays. Raises Invalid (`word`: missing for
    who is not the person, too_long).
    """
    own = by.id == overload.staff_id
    if word.strip() or not own:
        word = without_personal(checked(word, field="word", limit=WORD_CHARS), at=at)
    with tx.write():
        _lock(overload.staff)
        return _end(overload, Overload.TAKEN_BACK if own else Overload.BY_LEAD, word.strip(), by=by, at=at)


def end_run_out(*, by: Actor, at: datetime) -> int:
    """Record the end of the reports whose time is over (they hold nothing back any more); return how many.

    Each in its own transaction, so that no two people's loads are locked at once.
    """
    ended = 0
    for one in Overload.objects.standing().filter(until__lte=at).select_related("staff")[:AT_ONCE]:
        with tx.write():
            _lock(one.staff)
            ended += _end(one, Overload.OVER, "", by=by, at=at)
    return ended


def end_of(staff: Staff, *, by: Actor, at: datetime) -> None:
    """End what stands of somebody who leaves."""
    with tx.write():
        _lock(staff)
        stands = standing(staff)
        if stands is not None:
            _end(stands, Overload.LEFT, "", by=by, at=at)


def standing(staff: Staff) -> Overload | None:
    """Return the report of this person that stands."""
    return Overload.objects.standing().filter(staff=staff).select_related("staff").first()


def latest(staff: Staff) -> Overload | None:
    """Return the newest report of this person, ended or not."""
    return Overload.objects.filter(staff=staff).select_related("ended_by").order_by("-id").first()


def told(staff: Staff, *, at: datetime) -> list[Staff]:
    """Return who is told: the nearest lead of each of their teams; where nobody leads, who approves for the house."""
    leads = Staff.objects.filter(pk__in=standin.leads_of(staff, at=at)).order_by("number")
    return list(leads) or [one for one in chain.approvers(at=at) if one.pk != staff.pk]


def _lock(staff: Staff) -> None:
    # Reports, endings and leaving of one person come one after another.
    AgentLoad.objects.get_or_create(staff=staff)
    AgentLoad.objects.select_for_update().get(staff=staff)


def _works(staff: Staff, at: datetime) -> bool:
    active = Staff.objects.filter(pk=staff.pk, is_active=True, kind="person").exists()
    return active and viewers.of(staff, at=at).may("case.work")


def _end(overload: Overload, how: str, word: str, *, by: Actor, at: datetime) -> bool:
    done = {"ended_at": at, "ended_by_id": by.id, "ended_how": how, "ended_word": word}
    if not Overload.objects.standing().filter(pk=overload.pk).update(**done):
        return False
    load.rest(overload.staff_id, None)
    subject, told_of = f"staff:{overload.staff.number}", str(overload.uuid)
    facts.record(ENDED, subject, by=by, at=at, subject_id=overload.staff_id, report=told_of, how=how)
    audit.write(ENDED, subject, by=by, at=at, reason=word, fields=[how])
    return True
