"""Two cases that turn out to be one: the secondary becomes void and points to the survivor. Entries never move."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, promises, reckoning, relieving, waiting, watching
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Collaboration, Merge, Promise
from huiyin.cases.moves import MOVES, MoveNotAllowed
from huiyin.rules import book as rulebook

UNDONE_WITHIN = timedelta(hours=24)


class CannotMerge(Exception):
    """These two do not go together.

    `code` says why: same, other_customer, not_open, merged_already, other_people (they are about different people,
    who would see what they must not), open_request (another department still owes the secondary), too_late.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def merge(secondary: Case, into: Case, *, by: Actor, at: datetime, version: int | None = None) -> Merge:
    """Merge `secondary` into another case of the same customer; return what undoing needs.

    What both owe of a kind stays owed once, as the survivor owed it, but to each contact its own; everything else the
    secondary owes goes over with its own start and the time used, counted from now on in the calendar of the survivor's
    team. So does who follows it. Only cases of one customer merge, because the customer's page then shows the survivor.
    Raises CannotMerge, Stale, MoveNotAllowed.
    """
    with tx.write():
        first, second = sorted((secondary, into), key=lambda case: case.pk)
        locked = {case.pk: lock(case, version if case is secondary else None) for case in (first, second)}
        _check(locked[secondary.pk], locked[into.pk])
        before = locked[secondary.pk].status
        moved = _hand_promises_over(secondary, into) | {"waiting_for": locked[secondary.pk].waiting_for}
        moved["watchers"] = watching.take_along(secondary, into, by=by, at=at)
        changes = {"status": Case.VOID, "merged_into_id": into.pk, **waiting.NOTHING}
        change(secondary, locked[secondary.pk], changes, at=at)
        change(into, locked[into.pk], {}, at=at)
        entries.append(secondary, [Draft("case.merged", {"into": into.number})], by=by, at=at)
        entries.append(into, [Draft("case.absorbed", {"number": secondary.number})], by=by, at=at)
        reckoning.follow_team(into, by=by, at=at)
        _run_as(into, locked[into.pk].status, locked[into.pk].waiting_for, by=by, at=at)
        _refresh(secondary, into)
        return Merge.objects.create(
            survivor=into, secondary=secondary, status_before=before, moved=moved, at=at
        )


def unmerge(secondary: Case, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Undo a merge within 24 hours: the case is again what it was, and owes again what it owed, by its own calendar.

    Promises that were kept meanwhile stay kept; a case that slept comes back awake. Raises CannotMerge (not_merged,
    too_late) or Stale.
    """
    with tx.write():
        done = Merge.objects.filter(secondary=secondary, undone_at=None).select_related("survivor").last()
        if done is None:
            raise CannotMerge("not_merged")
        if at > done.at + UNDONE_WITHIN:
            raise CannotMerge("too_late")
        into = done.survivor
        first, second = sorted((secondary, into), key=lambda case: case.pk)
        locked = {case.pk: lock(case, version if case is secondary else None) for case in (first, second)}
        awake = done.moved.get("waiting_for") == waiting.SCHEDULED
        back = {"waiting_for": "" if awake else done.moved.get("waiting_for", "")}
        status = Case.OPEN if awake else done.status_before
        changes = {"status": status, "merged_into_id": None, **back}
        change(secondary, locked[secondary.pk], changes, at=at)
        change(into, locked[into.pk], {}, at=at)
        _hand_promises_back(secondary, done.moved, at=at)
        watching.let_go(into, done.moved.get("watchers", ()), by=by, at=at)
        reckoning.follow_team(secondary, by=by, at=at)
        _run_as(secondary, status, back["waiting_for"], by=by, at=at)
        Merge.objects.filter(pk=done.pk).update(undone_at=at)
        entries.append(secondary, [Draft("case.unmerged", {"number": into.number})], by=by, at=at)
        entries.append(into, [Draft("case.unmerged", {"number": secondary.number})], by=by, at=at)
        _refresh(secondary, into)
        relieving.relieve(secondary, by=by, at=at)  # what they may do may have changed meanwhile
    return secondary


def can_begin_at(case: Case) -> bool:
    """Say whether this case can be merged into another as it stands; the other may still refuse it."""
    return case.status in MOVES["void"].leaves


def survivor_of(case: Case) -> Case:
    """Return the case that this one lives on in: itself, unless it was merged."""
    seen = {case.pk}
    while case.merged_into_id is not None and case.merged_into_id not in seen:
        case = Case.objects.with_people().get(pk=case.merged_into_id)
        seen.add(case.pk)
    return case


def _check(secondary: Case, into: Case) -> None:
    if secondary.pk == into.pk:
        raise CannotMerge("same")
    if secondary.customer_id is None or secondary.customer_id != into.customer_id:
        raise CannotMerge("other_customer")
    if secondary.merged_into_id is not None or into.merged_into_id is not None:
        raise CannotMerge("merged_already")
    if not into.is_open:
        raise CannotMerge("not_open")
    if not can_begin_at(secondary):
        raise MoveNotAllowed("merge", secondary.status)
    if set(secondary.about.values_list("pk")) != set(into.about.values_list("pk")):
        raise CannotMerge("other_people")
    if Collaboration.objects.filter(case=secondary).pending().exists():
        raise CannotMerge("open_request")


def _hand_promises_over(secondary: Case, into: Case) -> dict[str, Any]:
    owed = list(Promise.objects.filter(promises.OWED, case=secondary))
    kinds = set(Promise.objects.filter(promises.OWED, case=into).values_list("kind", flat=True))
    # What a call or a chat session is owed, no other one is owed in its place.
    same = [p for p in owed if p.kind in kinds and p.contact_id is None]
    cancelled = [p for p in same if p.state != Promise.BROKEN]
    moved = [p for p in owed if p not in cancelled]
    rows = Promise.objects.filter(pk__in=[p.pk for p in moved])
    rows.update(case=into)
    _owe_anew(into, rows)
    Promise.objects.filter(pk__in=[p.pk for p in cancelled]).update(
        state=Promise.CANCELLED, next_at=None, ended_cause="merged"
    )
    return {"moved": [str(p.uuid) for p in moved], "cancelled": {str(p.uuid): p.state for p in cancelled}}


def _hand_promises_back(secondary: Case, moved: dict[str, Any], *, at: datetime) -> None:
    mine = Promise.objects.filter(uuid__in=moved["moved"])
    # The survivor may itself have been merged on meanwhile: they are taken from wherever they are.
    held_by = list(Case.objects.filter(promises__in=mine).distinct())
    mine.update(case=secondary)
    _refresh(*held_by)
    _owe_anew(secondary, mine.filter(promises.OWED))
    for promise in Promise.objects.filter(uuid__in=moved["cancelled"], ended_cause="merged"):
        state = moved["cancelled"][str(promise.uuid)]
        left = [moment for moment in promise.warnings if datetime.fromisoformat(moment) > at]
        next_at = datetime.fromisoformat(left[0]) if left else promise.due_at
        Promise.objects.filter(pk=promise.pk).update(
            state=state,
            warnings=left,
            next_at=next_at if state == Promise.RUNNING else None,
            ended_cause="",
        )


def _owe_anew(case: Case, owed: QuerySet[Promise]) -> None:
    """Let these be owed by the handler of this case, or by whom their policies name on it."""
    owed.update(debtor=case.handler)
    others = {policy.code: policy for policy in rulebook.current().policies if policy.debtor != "handler"}
    for promise in owed.filter(policy__in=others):
        debtor = promises.debtor_of(case, others[promise.policy])
        Promise.objects.filter(pk=promise.pk).update(debtor=debtor)


def _run_as(case: Case, status: str, waiting_for: str, *, by: Actor, at: datetime) -> None:
    """Let what came over run, or pause, as everything else of the case does."""
    if status == Case.WAITING:
        promises.pause(case, cause=waiting_for, by=by, at=at)
    else:
        promises.resume(case, by=by, at=at)


def _refresh(*cases: Case) -> None:
    for case in cases:
        promises.refresh(case)
