"""Who follows a case. Following lets one see it, so letting another follow is a grant: an entry tells it."""

from collections.abc import Sequence
from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Watcher
from huiyin.cases.typed import Invalid
from huiyin.staff import viewer
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer

LIMIT = 50


def may_let_in(case: Case, seen_by: Viewer) -> bool:
    """Say whether this person decides who else follows the case: its handler, and who gives cases to others."""
    works_on_it = case.handler_id == seen_by.staff_id and seen_by.may("case.work")
    return works_on_it or seen_by.may("case.reassign")


def watch(case: Case, person: Staff, *, by: Actor, at: datetime) -> bool:
    """Let this person follow the case and therefore see it; return whether that is new. A second call does nothing.

    The caller has checked that `by` may do so. Raises Invalid: `person` (cannot_watch: whom the case is about, who
    left, a program, whose role sees no cases; one code for all, for the case tells nobody whom it is about) or
    `watchers` (too_many).
    """
    with tx.write():
        lock(case, None)
        if Watcher.objects.filter(case=case, staff=person).exists():
            return False
        if not _can_watch(case, person, at):
            raise Invalid(person="cannot_watch")
        if Watcher.objects.filter(case=case).count() >= LIMIT:
            raise Invalid(watchers="too_many")
        Watcher.objects.create(case=case, staff=person, since=at)
        entries.append(case, [Draft("watcher.added", {"to": person.number})], by=by, at=at)
    return True


def unwatch(case: Case, person: Staff, *, by: Actor, at: datetime) -> bool:
    """End that this person follows the case; return whether they did. A second call does nothing."""
    with tx.write():
        lock(case, None)
        gone, _ = Watcher.objects.filter(case=case, staff=person).delete()
        if gone:
            entries.append(case, [Draft("watcher.removed", {"to": person.number})], by=by, at=at)
    return bool(gone)


def person(number: str) -> Staff:
    """Return the person with this employee number. Raises Invalid (`person`: cannot_watch) when it is nobody's."""
    found = Staff.objects.filter(number=number.replace("\x00", "").strip()).first()
    if found is None:
        raise Invalid(person="cannot_watch")
    return found


def of(case: Case) -> Sequence[Watcher]:
    """Return who follows the case, by how long."""
    return list(Watcher.objects.filter(case=case).select_related("staff").order_by("pk"))


def told_of(case: Case, *, but: str, at: datetime) -> list[int]:
    """Return those who follow the case and may still see it, without the one who acted (an employee number)."""
    rows = Watcher.objects.filter(case=case, staff__is_active=True).exclude(staff__number=but)
    return [row.staff_id for row in rows.select_related("staff") if sees(case, row.staff, at=at)]


def sees(case: Case, person: Staff, *, at: datetime) -> bool:
    """Say whether this person may see the case."""
    return Case.objects.visible_to(viewer.of(person, at=at)).filter(pk=case.pk).exists()


def take_along(case: Case, into: Case, *, by: Actor, at: datetime) -> list[str]:
    """Let who follows a case follow the one that it goes into; return their numbers. In the merge's transaction.

    Who may not follow cases any more is left behind, and what is over the limit.
    """
    known = set(Watcher.objects.filter(case=into).values_list("staff_id", flat=True))
    new = [row.staff for row in of(case) if row.staff_id not in known and _can_watch(into, row.staff, at)]
    taken = new[: LIMIT - len(known)]
    Watcher.objects.bulk_create([Watcher(case=into, staff=one, since=at) for one in taken])
    told = [Draft("watcher.added", {"to": one.number}) for one in taken]
    if told:
        entries.append(into, told, by=by, at=at)
    return [one.number for one in taken]


def let_go(case: Case, numbers: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Undo that: these people follow the case no more. Harmless for who has left it."""
    for row in Watcher.objects.filter(case=case, staff__number__in=numbers).select_related("staff"):
        unwatch(case, row.staff, by=by, at=at)


def end_of(person: Staff, *, by: Actor, at: datetime) -> None:
    """End everything that this person follows: they leave."""
    for row in Watcher.objects.filter(staff=person).select_related("case").order_by("case_id"):
        unwatch(row.case, person, by=by, at=at)


def _can_watch(case: Case, person: Staff, at: datetime) -> bool:
    if person.kind != "person" or not person.is_active:
        return False
    if case.about.filter(pk=person.pk).exists():
        return False
    return bool(viewer.of(person, at=at).scopes)
