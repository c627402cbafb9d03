"""Telling people inside, on their desk."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.base import announce, audit, secrets, tx
from huiyin.base.actor import Actor
from huiyin.base.question import Question, columns, made
from huiyin.cases.models import Case
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer

SENTENCES = {
    "help.asked": _(
        "%(person)s has too much to do and asks for help"
    ),  # until reports had a life of their own
    "overload.reported": _(
        "%(person)s is at the limit. Open cases: %(cases)s, promises due by tonight: %(promises)s, next: %(next)s"
    ),
    "overload.ended": _("%(person)s ended your report of being at the limit: new cases come to you again"),
    "overload.over": _("The time you had named is over: new cases come to you again"),
    "overload.relieved": _("%(person)s helped you: open cases taken off you: %(cases)s"),
    "overload.stood_in": _("%(person)s helped you: %(to)s stands in for you"),
    "export.asked": _("%(person)s asks for your approval to export %(customers)s customers"),
    "export.approved": _("Your export of %(customers)s customers was approved: take it out within a day"),
    "export.refused": _("Your export of %(customers)s customers was not approved"),
    "case.assigned": _("New for you: case %(case)s"),
    "promise.given": _("Yours to keep in case %(case)s: %(promise)s"),
    "promise.warned": _("Due soon in case %(case)s: %(promise)s"),
    "promise.broken": _("Not kept in case %(case)s: %(promise)s"),
    "case.escalated": _("Case %(case)s was escalated to you: %(promise)s was not kept"),
    "promises.digest": _(
        "Many at once: %(broken)s not kept, %(warned)s due soon, %(escalated)s escalated to you"
    ),
    "case.disputed": _("The customer says case %(case)s is not solved"),
    "task.objected": _("The receiver objects to task %(case)s"),
    "task.handed_in": _("The result of task %(case)s is there"),
    "task.upheld": _("Your objection to task %(case)s was decided: it stays as it is"),
    "task.changed": _("Task %(case)s was changed"),
    "task.returned": _("Your result of task %(case)s came back"),
    "observation.answered": _("What you noticed is reported as solved, case %(case)s: see whether it is"),
    "observation.settled": _("What you noticed is settled: case %(case)s"),
    "observation.set_aside": _("What you noticed was set aside: case %(case)s"),
    "case.answered_back": _("The customer wrote again in case %(case)s, which was solved; it is open again"),
    "case.reopened": _("Case %(case)s was closed and is open again"),
    "case.raised": _("Case %(case)s was escalated to you: %(cause)s"),
    "case.reported": _("Reported to you: case %(case)s"),
    "collaboration.asked": _("Your department is asked in case %(case)s: %(subject)s"),
    "collaboration.accepted": _("They took on what you asked in case %(case)s: %(subject)s"),
    "collaboration.answered": _("They answered in case %(case)s: %(subject)s"),
    "collaboration.returned": _("They returned what you asked in case %(case)s: %(subject)s"),
    "collaboration.finished": _("Finished in case %(case)s: %(subject)s"),
    "collaboration.withdrawn": _("No longer needed in case %(case)s: %(subject)s"),
    "collaboration.approved": _("Approved in case %(case)s: %(subject)s"),
    "case.woken": _("Case %(case)s is due again: you had set it aside until now"),
    "case.followed": _("Case %(case)s, which you follow: %(what)s"),
    "cases.followed": _("Much happens in cases that you follow: %(count)s news"),
    "watcher.added": _("You were let into case %(case)s and now follow it"),
    "person.mentioned": _("You were mentioned in case %(case)s"),
    "mention.waits": _("You were mentioned in case %(case)s; who works on it was asked to let you in"),
    "mention.asks": _("%(person)s was mentioned in case %(case)s and may not see it: let them in?"),
    "mention.refused": _("You were mentioned in case %(case)s and not let in"),
    "collaboration.refused": _("Not approved in case %(case)s: %(subject)s"),
}


def tell(
    staff_ids: Iterable[int],
    kind: str,
    *,
    cause: str,
    case_number: str,
    at: datetime,
    params: Mapping[str, Any] | None = None,
) -> None:
    """Put a notice before each of these people; `cause` (the entry's ref) makes a second call tell nobody twice.

    Nobody is told of a case that is about them.
    """
    told = set(staff_ids) - set(_about(case_number))
    rows = [
        Notice(
            key=f"{cause}:{kind}:{staff_id}",
            staff_id=staff_id,
            kind=kind,
            case_number=case_number,
            params=dict(params or {}),
            at=at,
        )
        for staff_id in sorted(told)
    ]
    with tx.write():
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        announce.changed(
            frozenset(f"person:{staff_id}" for staff_id in told), "notice.made", {"case": case_number}
        )


def unread(staff_id: int, *, limit: int) -> list[Notice]:
    """Return what this person was told and has not read, newest first; nothing of cases that came to be about them."""
    return [made(Notice, row) for row in _UNREAD.ask(limit, staff=staff_id)]


def _unread(limit: int, staff: Any) -> QuerySet[Notice, tuple[Any, ...]]:
    mine = Notice.objects.filter(staff__id=staff, read_at=None)
    about_me = Case.objects.filter(about__id=staff).values("number")
    told = mine.exclude(case_number__in=about_me).order_by("-id")
    return told.values_list(*columns(Notice))[:limit]


_UNREAD = Question(_unread)


def newest() -> int:
    """Return the row number of the newest notice, 0 when there is none."""
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def told_since(mark: int) -> tuple[int, set[int]]:
    """Return the new mark and the people who were told something after `mark`."""
    rows = list(Notice.objects.filter(pk__gt=mark).order_by("pk").values_list("pk", "staff_id")[:1000])
    return (rows[-1][0], {staff for _, staff in rows}) if rows else (mark, set())


def unread_seen_by(staff_id: int, viewer: Viewer, *, limit: int) -> list[Notice]:
    """Return of what this person was told and has not read what somebody else may read too, newest first.

    That is what names no case, and what names a case that the viewer sees.
    """
    return list(_seen_by(staff_id, viewer).order_by("-id")[:limit])


def ref_of(notice: Notice) -> str:
    """Return the public name of a notice."""
    return secrets.digest("notice", notice.key)[:24]


def read(staff_id: int, refs: Collection[str], *, viewer: Viewer, by: Actor, at: datetime) -> int:
    """Mark as read what somebody else has read for this person, by its names, which is recorded; return how much.

    What the viewer may not read, or was read before, is left alone: a second call finds nothing.
    """
    with tx.write():
        named = [one.pk for one in _seen_by(staff_id, viewer) if ref_of(one) in refs]
        marked = Notice.objects.filter(pk__in=named, read_at=None).update(read_at=at)
        if marked:
            number = Staff.objects.values_list("number", flat=True).get(pk=staff_id)
            audit.write("notices.read", f"staff:{number}", by=by, at=at)
            announce.changed(frozenset({f"person:{staff_id}"}), "notice.made", {"case": ""})
    return marked


def _seen_by(staff_id: int, viewer: Viewer) -> QuerySet[Notice]:
    theirs = Notice.objects.filter(staff=staff_id, read_at=None)
    about = Case.objects.filter(about=staff_id).values("number")
    seen = Case.objects.visible_to(viewer).values("number")
    return theirs.exclude(case_number__in=about).filter(Q(case_number="") | Q(case_number__in=seen))


def read_all(staff_id: int, *, at: datetime) -> int:
    """Mark everything this person was told as read; return how much it was."""
    with tx.write():
        return Notice.objects.filter(staff_id=staff_id, read_at=None).update(read_at=at)


def _about(case_number: str) -> list[int]:
    people = Case.about.through._default_manager.filter(case__number=case_number)
    return list(people.values_list("staff_id", flat=True))
