"""The clock's part of finishing: a result that nobody answered for some working days is confirmed by silence."""

from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.cases import entries, finishing, lifecycle
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry
from huiyin.rules import book as rulebook
from huiyin.rules import finishing as rules

AT_ONCE = (
    10  # many fall silent in the same second, at the end of a working day; promises must not wait for them
)
RECKONED_AT_ONCE = 500


def confirm_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Close what fell silent by now, each case in its own transaction; return how many were looked at.

    Any number of workers may call it at once, and again after a stop: whoever holds a case looks at its time again,
    so each is confirmed once. A case that became a complaint meanwhile is left to be confirmed by somebody.
    """
    due = Case.objects.filter(silence_at__lte=at).order_by("silence_at", "pk")
    found = list(due.only("pk", "number")[:limit])
    for case in found:
        _confirm(case, at)
    return len(found)


def follow_configuration(*, by: Actor, at: datetime) -> int:
    """Reckon when silence confirms by the calendars and categories in force; return how many times moved.

    It is counted from when the case was solved, and never moved into the past. A second call changes nothing.
    """
    changed, after = 0, 0
    rows = Case.objects.filter(status=Case.RESOLVED, silence_at__gt=at).select_related("site", "team")
    while found := list(rows.filter(pk__gt=after).order_by("pk")[:RECKONED_AT_ONCE]):
        changed += sum(_reckon(case, by, at) for case in found if _ends(case, at) != case.silence_at)
        after = found[-1].pk
    return changed


def follow_team(case: Case, *, by: Actor, at: datetime) -> None:
    """Reckon when silence confirms by the calendar of the team that has the case now. A second call changes nothing."""
    if Case.objects.filter(pk=case.pk, status=Case.RESOLVED, silence_at__gt=at).exists():
        _reckon(case, by, at)


def _reckon(case: Case, by: Actor, at: datetime) -> bool:
    with tx.write():
        locked = lock(case, None)
        ends = _ends(locked, at)
        if locked.status != Case.RESOLVED or locked.silence_at is None or locked.silence_at in (at, ends):
            return False
        Case.objects.filter(pk=case.pk).update(silence_at=ends)
        if ends is not None:
            told = {"was": locked.silence_at.isoformat(), "due": ends.isoformat()}
            entries.append(case, [Draft("silence.moved", told)], by=by, at=at)
    return True


def _ends(case: Case, at: datetime) -> datetime | None:
    """Return when silence now confirms the case; what was filed where it may not is counted from its new place on."""
    since = case.resolved_at or at
    for entry in Entry.objects.filter(case=case, kind="case.changed", at__gt=since).order_by("seq"):
        before = [one["old"] for one in entry.payload["changes"] if one["field"] == "category"]
        if before and not rules.silence_confirms(rulebook.current(), before[0]):
            since = entry.at
    ends = finishing.silence_at(case, since=since)
    return ends and max(ends, at)


def _confirm(case: Case, at: datetime) -> None:
    with tx.write():
        locked = lock(case, None)
        if locked.silence_at is None or locked.silence_at > at:
            return  # somebody answered, or another worker was here
        if locked.status != Case.RESOLVED or not finishing.may_lapse(locked):
            Case.objects.filter(pk=case.pk).update(silence_at=None)
            return
        lifecycle.move(locked, "confirm", by=CLOCK, at=at, how=finishing.SILENCE)
