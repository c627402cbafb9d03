"""Opening, pausing, keeping, breaking and cancelling what is owed. The clock acts by a compare-and-set on `next_at`."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Min, Q

from huiyin.base import tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.cases import entries
from huiyin.cases.entries import Draft
from huiyin.cases.models import NEVER, Case, Promise
from huiyin.engines import businesstime
from huiyin.rules import book as rulebook
from huiyin.rules import terms
from huiyin.rules.book import Book
from huiyin.rules.models import PromisePolicy

OWED = Q(state__in=(Promise.RUNNING, Promise.PAUSED)) | Q(state=Promise.BROKEN, fulfilled_at=None)
CLOCK_BATCH = 100


def draft(case: Case, policy: PromisePolicy, book: Book, *, site_calendar: str, at: datetime) -> Promise:
    """Return the promise that this policy opens on the case at `at`, not yet stored."""
    term = terms.term(policy, book, site_calendar=site_calendar, start=at, used=timedelta())
    warnings = [moment.isoformat() for moment in term.warnings]
    return Promise(
        case=case,
        kind=policy.kind,
        policy=policy.code,
        debtor=case.handler,
        calendar=terms.calendar_code(policy, site_calendar),
        target_s=policy.seconds,
        started_at=at,
        due_at=term.due,
        first_due=term.due,
        warnings=warnings,
        next_at=term.warnings[0] if term.warnings else term.due,
        provisional=term.provisional,
    )


def keep(case: Case, kinds: Iterable[str], *, by: Actor, at: datetime) -> None:
    """Keep what is owed of these kinds; what was broken is thereby done late. A second call finds nothing to keep."""
    owed = list(Promise.objects.filter(OWED, case=case, kind__in=list(kinds)))
    drafts = []
    for promise in owed:
        late = promise.state == Promise.BROKEN or at > promise.due_at
        state = Promise.BROKEN if late else Promise.KEPT
        Promise.objects.filter(pk=promise.pk).update(
            state=state,
            fulfilled_at=at,
            next_at=None,
            broken_at=promise.broken_at or (promise.due_at if late else None),
        )
        payload = {"promise": promise.kind, "due": promise.due_at.isoformat(), "late": late}
        drafts.append(Draft("promise.kept", payload))
    _tell(case, drafts, by=by, at=at)


def cancel(case: Case, *, cause: str, by: Actor, at: datetime) -> None:
    """Cancel everything still running or paused on the case."""
    owed = list(Promise.objects.filter(case=case, state__in=(Promise.RUNNING, Promise.PAUSED)))
    Promise.objects.filter(pk__in=[p.pk for p in owed]).update(
        state=Promise.CANCELLED, next_at=None, ended_cause=cause
    )
    _tell(case, [Draft("promise.cancelled", {"promise": p.kind, "cause": cause}) for p in owed], by=by, at=at)


def pause(case: Case, *, cause: str, by: Actor, at: datetime) -> None:
    """Pause the running promises whose policy names this cause; the time used so far is kept."""
    book = rulebook.current()
    policies = {policy.code: policy for policy in book.policies}
    drafts = []
    for promise in Promise.objects.filter(case=case, state=Promise.RUNNING, due_at__gt=at):
        policy = policies.get(promise.policy)
        if policy is None or cause not in policy.pauses_for or promise.target_s is None:
            continue
        hours = book.calendars[promise.calendar]
        try:
            used = businesstime.elapsed(promise.started_at, at, hours.announced)
        except businesstime.UnknownYear:
            used = businesstime.elapsed(promise.started_at, at, hours.plain)
        Promise.objects.filter(pk=promise.pk).update(
            state=Promise.PAUSED,
            paused_at=at,
            next_at=None,
            used_s=promise.used_s + int(used.total_seconds()),
        )
        drafts.append(Draft("promise.paused", {"promise": promise.kind, "cause": cause}))
    _tell(case, drafts, by=by, at=at)


def resume(case: Case, *, by: Actor, at: datetime) -> None:
    """Let paused promises run on from now with the time they have left."""
    book = rulebook.current()
    policies = {policy.code: policy for policy in book.policies}
    drafts = []
    for promise in Promise.objects.filter(case=case, state=Promise.PAUSED).select_related("case__site"):
        policy = policies.get(promise.policy)
        if policy is None:
            continue
        used = timedelta(seconds=promise.used_s)
        term = terms.term(policy, book, site_calendar=case.site.calendar, start=at, used=used)
        Promise.objects.filter(pk=promise.pk).update(
            state=Promise.RUNNING,
            paused_at=None,
            started_at=at,
            due_at=term.due,
            warnings=[moment.isoformat() for moment in term.warnings],
            next_at=term.warnings[0] if term.warnings else term.due,
        )
        drafts.append(Draft("promise.resumed", {"promise": promise.kind, "due": term.due.isoformat()}))
    _tell(case, drafts, by=by, at=at)


def open_again(case: Case, kinds: Iterable[str], *, at: datetime) -> None:
    """Open a fresh promise of each kind under the policy it last had: after a dispute, or when a case is reopened."""
    book = rulebook.current()
    policies = {policy.code: policy for policy in book.policies}
    for kind in kinds:
        last = Promise.objects.filter(case=case, kind=kind).order_by("-id").first()
        if last is not None and not last.is_owed and last.policy in policies:
            draft(case, policies[last.policy], book, site_calendar=case.site.calendar, at=at).save()
    refresh(case)


def hand_over(case: Case) -> None:
    """Let what is owed on the case be owed by its present handler."""
    Promise.objects.filter(OWED, case=case).update(debtor=case.handler)


def act_on_due(*, at: datetime, limit: int = CLOCK_BATCH) -> int:
    """Warn of and break what has come due, in one transaction; return how many promises were acted on.

    Any number of workers may call it at once: each promise moves by a compare-and-set on `next_at`.
    """
    if not Promise.objects.filter(next_at__lte=at).exists():
        return 0
    with tx.write():
        due = Promise.objects.filter(next_at__lte=at).order_by("next_at", "id").select_related("case")
        if connection.features.has_select_for_update_skip_locked:
            # The case too: the clock never waits behind somebody who works on it, so the two cannot block each other.
            due = due.select_for_update(skip_locked=True, of=("self", "case"))
        acted = [promise for promise in due[:limit] if _act(promise, at)]
    return len(acted)


def _act(promise: Promise, at: datetime) -> bool:
    mine = Promise.objects.filter(pk=promise.pk, next_at=promise.next_at)
    told = {"promise": promise.kind, "due": promise.due_at.isoformat(), "id": str(promise.uuid)}
    if promise.due_at <= at:
        if not mine.update(state=Promise.BROKEN, broken_at=promise.due_at, next_at=None, warnings=[]):
            return False
        _tell(promise.case, [Draft("promise.broken", told)], by=CLOCK, at=at)
        return True
    # Of several warnings missed during a stop only the last is given.
    left = [moment for moment in promise.warnings if datetime.fromisoformat(moment) > at]
    next_at = datetime.fromisoformat(left[0]) if left else promise.due_at
    if not mine.update(next_at=next_at, warnings=left):
        return False
    _tell(promise.case, [Draft("promise.warned", told)], by=CLOCK, at=at)
    return True


def _tell(case: Case, drafts: Sequence[Draft], *, by: Actor, at: datetime) -> None:
    if not drafts:
        return
    refresh(case)
    entries.append(case, drafts, by=by, at=at)


def refresh(case: Case) -> None:
    """Store what breaks next on the case, by which lists are sorted."""
    case.next_due = _owed_of(case).aggregate(next=Min("due_at"))["next"] or NEVER
    Case.objects.filter(pk=case.pk).update(next_due=case.next_due)


def _owed_of(case: Case) -> Any:
    return Promise.objects.filter(OWED, case=case)
