"""Whom a case is about: they lose it at once and never get it back in any form; supervision works on it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import collaboration, entries, mentions, promises, reckoning
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Collaboration, DraftText, Promise, Watcher
from huiyin.cases.typed import Invalid, checked
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer


def tell_about(
    case: Case, people: Iterable[Staff], reason: str, *, by: Actor, at: datetime, version: int | None = None
) -> Case:
    """Say whom the case is about (nobody: an empty list). A second call with the same people changes nothing.

    Somebody new: the case goes to the queue of supervision, and everything that tied them to it is undone. Nothing
    moves back when somebody is taken out again. Raises Stale, Invalid (`reason`, `people`).
    """
    reason = checked(reason, field="reason", limit=500)
    wanted = {person.pk: person for person in people}
    with tx.write():
        locked = lock(case, version)
        before = set(locked.about.values_list("pk", flat=True))
        if before == set(wanted):
            return case
        case.about.set(list(wanted.values()))
        supervision = _supervision() if set(wanted) - before else None
        changes = _changes(locked, set(wanted), supervision)
        change(case, locked, changes, at=at)
        drafts = [Draft("case.about_told", {"people": sorted(p.number for p in wanted.values())}, reason)]
        if supervision is not None and case.handler_id is None:
            drafts.append(Draft("case.queued", {"team": supervision.code, "because": [_BECAUSE]}))
        _untie(case, set(wanted), handler_left="handler" in changes, at=at)
        entries.append(case, drafts, by=by, at=at)
        if "team" in changes:
            reckoning.follow_team(case, by=by, at=at)
    return case


def people_of(numbers: Collection[str]) -> list[Staff]:
    """Return the people with these employee numbers. Raises Invalid when one is nobody's."""
    found = list(Staff.objects.filter(number__in=numbers, kind="person"))
    if len(found) != len(set(numbers)):
        raise Invalid(people="unknown")
    return found


def may_tell(viewer: Viewer) -> bool:
    """Say whether this person may do so: who gives cases to others, and supervision."""
    in_supervision = Team.objects.filter(supervision=True, pk__in=viewer.teams)
    return viewer.may("case.reassign") or (viewer.may("case.work") and in_supervision.exists())


_BECAUSE = {"code": "about_somebody", "params": {}}


def _supervision() -> Team:
    found = Team.objects.filter(supervision=True, retired_at=None).order_by("pk").first()
    if found is None:
        raise Invalid(people="no_supervision_team")
    return found


def _changes(locked: Case, people: set[int], supervision: Team | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if supervision is not None and not locked.team.supervision:
        changes |= {"team": supervision, "handler": None}
    if locked.handler_id in people:
        changes["handler"] = None
    if locked.owner_id in people:
        changes["owner"] = None
    return changes


def _untie(case: Case, people: set[int], *, handler_left: bool, at: datetime) -> None:
    if handler_left:
        promises.hand_over(case)
    Promise.objects.filter(promises.OWED, case=case, debtor__in=people).update(debtor=None)
    Watcher.objects.filter(case=case, staff__in=people).delete()
    DraftText.objects.filter(case=case, staff__in=people).delete()
    mentions.forget(case, people)
    for request in Collaboration.objects.filter(case=case, assignee__in=people).select_related("department"):
        owes = collaboration.contact_of(request.department, case)
        if request.kind == Collaboration.APPROVAL:
            owes = collaboration.approver_of(case, request.asked_by_id, at=at)
        Collaboration.objects.filter(pk=request.pk).update(assignee=owes)
        Promise.objects.filter(collaboration=request).update(debtor=owes)
