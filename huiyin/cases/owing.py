"""Promises that people make, keep, cancel and put off by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import acceptance, bodies, entries, promises, watching
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.kinds import BY_HAND
from huiyin.cases.models import ASSIGNED, OBSERVATION, Case, CaseQuerySet, Promise
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.promises import Ticks
from huiyin.cases.typed import Invalid, checked
from huiyin.engines import extract
from huiyin.rules import book as rulebook
from huiyin.rules import terms
from huiyin.rules.book import Hours
from huiyin.staff import viewer as viewers
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer

ABOUT_CHARS = 200
REASON_CHARS = 500
OPENED_LATER = ("hand", "service_end")
PROPOSED_AT_ONCE = 3
_NAMED = {"resolve": "resolution"}  # what the words are called, and what the promise is


@dataclass(frozen=True, slots=True)
class Made:
    """What somebody promises: a kind, and by when. Without `due` a policy of that kind says it.

    `debtor` None: who works on the case. `about` says it in the promiser's own words.
    """

    kind: str
    due: datetime | None = None
    about: str = ""
    debtor: Staff | None = None


def proposed(text: str, case: Case, *, at: datetime) -> list[Made]:
    """Return what the words of an agent commit to, in order, to be proposed as promises; nothing is recorded.

    Hours are natural ones, working days those of the team, else of the site. Personal values in `about` are masked.
    """
    book = rulebook.current()
    hours = terms.hours_of(book, promises.calendar_of(case, book))
    zone = ZoneInfo(case.site.zone)
    found: list[Made] = []
    while len(found) < PROPOSED_AT_ONCE:
        one = _first_in(text, hours, at=at, zone=zone)
        if one is None:
            break
        about = one.raw[:ABOUT_CHARS]
        about = bodies.masked(about, bodies.personal_spans(about, at=at))
        found.append(Made(_NAMED.get(one.kind, one.kind), one.due, about))
        text = text[one.end :]
    return found


def set_aside(case: Case, kind: str, seq: int, *, by: Actor, at: datetime) -> None:
    """Record that what this answer names is no promise to be kept in view. Each call records it anew."""
    with tx.write():
        lock(case, None)
        if not case.entries.filter(seq=seq, kind="message.sent").exists():
            raise Invalid(seq="no_such_entry")
        entries.append(case, [Draft("promise.set_aside", {"promise": kind, "seq": seq})], by=by, at=at)


def elsewhere(viewer: Viewer) -> CaseQuerySet:
    """Return the cases that others work on and this person owes something in: a call-back by its lead, say."""
    owed = Promise.objects.owed_by(viewer.staff_id).values("case_id")
    return Case.objects.visible_to(viewer).filter(pk__in=owed).exclude(handler_id=viewer.staff_id)


def person(number: str) -> Staff | None:
    """Return who may owe a promise under this employee number: somebody who is still there."""
    return Staff.objects.filter(number=number, is_active=True, kind="person").first()


def after(seconds: int, *, at: datetime) -> datetime:
    """Return the moment so many seconds from now."""
    return at + timedelta(seconds=seconds)


def may_change(promise: Promise, viewer: Viewer) -> bool:
    """Say whether the viewer, who sees its case, may keep, cancel or put it off: theirs, or they manage promises.

    What an assigned task owes is counted: only who decides on the task changes it, never its receiver.
    """
    if promise.kind == ASSIGNED:
        return acceptance.may_decide(promise.case, viewer)
    mine = promise.debtor_id == viewer.staff_id and viewer.may("case.work")
    return mine or viewer.may("promise.manage")


def make(case: Case, made: Made, *, by: Actor, at: datetime) -> Promise:
    """Record a promise on an open case and return it; each call makes another.

    Personal values in `about` are masked for good. Raises Invalid (`kind`: not_by_hand, for what only a verb or a
    rule promises, no_customer, in what a colleague noticed; `due`: not_after_now, missing; `debtor`: about_them,
    cannot_see, for who may not see the case or not work on any) and MoveNotAllowed on a closed case.
    """
    if made.kind not in kinds_by_hand():
        raise Invalid(kind="not_by_hand")
    if case.kind == OBSERVATION:
        raise Invalid(kind="no_customer")
    return record(case, made, by=by, at=at)


def record(case: Case, made: Made, *, by: Actor, at: datetime) -> Promise:
    """Do the same for a verb, which may promise any kind."""
    if made.due is not None and made.due <= at:
        raise Invalid(due="not_after_now")
    about = made.about.strip()[:ABOUT_CHARS]
    about = bodies.masked(about, bodies.personal_spans(about, at=at))
    with tx.write():
        locked = lock(case, None)
        if not locked.is_open:
            raise MoveNotAllowed("promise", locked.status)
        if made.debtor is not None and case.about.filter(pk=made.debtor.pk).exists():
            raise Invalid(debtor="about_them")
        if made.debtor is not None and made.debtor.pk != by.id and not _may_owe(case, made.debtor, at):
            raise Invalid(debtor="cannot_see")
        promise = _promise(case, made, at=at)
        promise.about, promise.made_by_id = about, by.id
        promise.debtor = made.debtor or promise.debtor
        promise.save()
        promises.refresh(case)
        entries.append(case, [_told(promise, made.debtor, by)], by=by, at=at)
    return promise


def kinds_by_hand() -> tuple[str, ...]:
    """Return the kinds that people promise by hand: the usual ones, and what options promise under a policy."""
    optional = (policy.kind for policy in rulebook.current().policies if policy.opens in OPENED_LATER)
    return tuple(dict.fromkeys((*BY_HAND, *optional)))


def due_by_policy(case: Case, kind: str, *, at: datetime) -> datetime:
    """Return by when a policy lets a promise of this kind fall due that begins now. Raises Invalid (`due`: missing)."""
    return _promise(case, Made(kind), at=at).due_at


def keep(promise: Promise, reason: str, *, by: Actor, at: datetime) -> Promise:
    """Record that it is done, with a word on how. Done after its time it is kept late.

    Raises Invalid before a window opens, MoveNotAllowed when it is not owed any more.
    """
    reason = checked(reason, field="reason", limit=REASON_CHARS)
    with tx.write():
        case, now = _locked(promise, "keep")
        if now.not_before is not None and at < now.not_before:
            raise Invalid(promise="not_yet")
        promises.keep_these(case, [now], by=by, at=at, text=reason)
    return _fresh(promise)


def cancel(promise: Promise, reason: str, *, by: Actor, at: datetime) -> Promise:
    """End it without its being done, with the reason; what was broken stays broken. Raises MoveNotAllowed."""
    reason = checked(reason, field="reason", limit=REASON_CHARS)
    with tx.write():
        case, now = _locked(promise, "cancel")
        promises.cancel_these(case, [now], cause="by_hand", by=by, at=at, text=reason)
    return _fresh(promise)


def extend(promise: Promise, due: datetime, reason: str, *, by: Actor, at: datetime) -> Promise:
    """Put a running promise off to a later time, with the reason; the keep rate still counts the first due.

    Raises Invalid when the new time is not later, MoveNotAllowed when it does not run.
    """
    reason = checked(reason, field="reason", limit=REASON_CHARS)
    with tx.write():
        case, now = _locked(promise, "extend")
        if now.state != Promise.RUNNING or now.due_at <= at:
            raise MoveNotAllowed("extend", now.state)
        if due <= now.due_at:
            raise Invalid(due_at="not_later")
        ticks = Ticks.of(terms.until(due, start=at), after=at).columns() | {"not_before": now.not_before}
        Promise.objects.filter(pk=now.pk).update(**ticks)
        promises.refresh(case)
        entries.append(case, [moved(now, due, "extended", reason)], by=by, at=at)
    return _fresh(promise)


def moved(promise: Promise, due: datetime, why: str, text: str = "") -> Draft:
    """Return the entry that records both times of a promise whose due time moved."""
    told = {"promise": promise.kind, "was": promise.due_at.isoformat(), "due": due.isoformat()}
    return Draft("promise.changed", {**told, "id": str(promise.uuid), "why": why}, text)


def _may_owe(case: Case, person: Staff, at: datetime) -> bool:
    return watching.sees(case, person, at=at) and viewers.of(person, at=at).may("case.work")


def _told(promise: Promise, debtor: Staff | None, by: Actor) -> Draft:
    """Return the entry; what was given to somebody else to keep names them, so that they are told."""
    opened = promises.opened(promise)
    if debtor is None or debtor.pk == by.id:
        return opened
    return Draft("promise.given", {**opened.payload, "to": debtor.number})


def _first_in(text: str, hours: Hours, *, at: datetime, zone: ZoneInfo) -> extract.PromiseFound | None:
    return terms.announced_or_plain(
        hours, lambda calendar: extract.promise_in(text, at=at, zone=zone, calendar=calendar)
    )[0]


def _promise(case: Case, made: Made, *, at: datetime) -> Promise:
    if made.due is None:
        policy = next(
            (p for p in rulebook.current().policies if p.kind == made.kind and p.opens in OPENED_LATER), None
        )
        if policy is None:
            raise Invalid(due="missing")
        return promises.draft(case, policy, rulebook.current(), at=at)
    ticks = Ticks.of(terms.until(made.due, start=at), after=at)
    return Promise(
        case=case,
        kind=made.kind,
        policy="",
        debtor=case.handler,
        calendar="always",
        started_at=at,
        first_due=made.due,
        **ticks.columns(),
    )


def _locked(promise: Promise, verb: str) -> tuple[Case, Promise]:
    case = lock(promise.case, None)
    now: Any = Promise.objects.select_for_update().get(pk=promise.pk)
    if not now.is_owed:
        raise MoveNotAllowed(verb, now.state)
    return case, now


def _fresh(promise: Promise) -> Promise:
    return Promise.objects.select_related("case", "debtor").get(pk=promise.pk)
