"""Reckoning due times anew: the priority, category, team, a policy or a calendar changed while promises run."""

from datetime import datetime, timedelta

from huiyin.base import configured, tx
from huiyin.base.actor import Actor
from huiyin.base.models import Counter
from huiyin.cases import entries, promises, silence
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Contact, Entry, Promise
from huiyin.cases.owing import moved
from huiyin.cases.promises import OWED, Ticks
from huiyin.rules import book as rulebook
from huiyin.rules import decide, terms
from huiyin.rules.book import Book
from huiyin.rules.models import PromisePolicy
from huiyin.rules.terms import Term

MARK = "promises-reckoned"
AT_ONCE = 500
ANSWERED = frozenset({"greeting", "first_reply", "complaint_response"})


def apply_again(case: Case, why: str, *, by: Actor, at: datetime) -> None:
    """Let the promises of a case follow its present priority and category; call it after they changed.

    What applies no longer is cancelled, what applies under another policy is due by the new target less the time
    used, what applies newly counts from the case's opening. `why` is priority or category. A second call changes
    nothing.
    """
    book = rulebook.current()
    with tx.write():
        lock(case, None)
        by_case = {policy.code for policy in book.policies if policy.opens == "case"}
        owed = Promise.objects.filter(OWED, case=case, policy__in=by_case).exclude(state="broken")
        running = [(one, _wanted_of(case, one.contact, book)) for one in owed.select_related("contact")]
        gone = [promise for promise, wanted in running if promise.kind not in wanted]
        promises.cancel_these(case, gone, cause="replaced", by=by, at=at)
        calendar = promises.calendar_of(case, book)
        drafts = [
            draft
            for promise, wanted in running
            if promise.kind in wanted
            for draft in _reckoned(promise, wanted[promise.kind], book, calendar, why, at)
        ]
        drafts += _newly(case, book, at)
        promises.refresh(case)
        if drafts:
            entries.append(case, drafts, by=by, at=at)


def follow_team(case: Case, *, by: Actor, at: datetime) -> None:
    """Let what runs, and when silence confirms, follow the calendar of the team that has the case now.

    Call it after the team changed. Hours used so far stay used, days are counted from the start again. A second call
    changes nothing.
    """
    book = rulebook.current()
    policies = promises.policies_of(book)
    with tx.write():
        calendar = promises.calendar_of(lock(case, None), book)
        owed = Promise.objects.filter(case=case, state__in=(Promise.RUNNING, Promise.PAUSED))
        drafts = [
            draft
            for promise in owed.filter(policy__in=policies).order_by("pk")
            for draft in _reckoned(promise, policies[promise.policy], book, calendar, "team", at)
        ]
        if drafts:
            promises.refresh(case)
            entries.append(case, drafts, by=by, at=at)
        silence.follow_team(case, by=by, at=at)


def follow_result(case: Case, *, by: Actor, at: datetime) -> None:
    """Let what resolving a case promised follow its present category, priority and difficulty.

    Call it for a resolved case. What was done since it was resolved is not owed again; a second call changes nothing.
    """
    book = rulebook.current()
    applying = decide.applicable(
        book, channel=case.channel_kind, category=case.category, priority=case.priority, opens="resolved"
    )
    is_hard = promises.is_complex(case)
    wanted = {policy.kind for policy in applying if is_hard or not policy.only_complex}
    opened = [policy.code for policy in book.policies if policy.opens == "resolved"]
    mine = Promise.objects.filter(case=case, policy__in=opened, started_at__gte=case.resolved_at or at)
    gone = list(mine.filter(OWED).exclude(kind__in=wanted))
    promises.cancel_these(case, gone, cause="replaced", by=by, at=at)
    standing = mine.exclude(state=Promise.CANCELLED).values_list("kind", flat=True)
    if wanted - set(standing):
        promises.begin(case, "resolved", by=by, at=at)


def follow_configuration(*, by: Actor, at: datetime) -> int:
    """Reckon all running promises and silences by what is configured now, once a version; return how many moved.

    Begun again after a stop it looks at all of them again, which changes nothing twice.
    """
    version = configured.version()
    mark = Counter.objects.filter(name=MARK).values_list("last", flat=True).first()
    if mark == version:
        return 0
    book = rulebook.current()
    policies = promises.policies_of(book)
    rows = Promise.objects.filter(state=Promise.RUNNING, policy__in=policies).select_related("case__site")
    changed, after = 0, 0
    while found := list(rows.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        changed += sum(_follow(promise, policies[promise.policy], book, by, at) for promise in found)
        after = found[-1].pk
    changed += silence.follow_configuration(by=by, at=at)
    with tx.write():
        Counter.objects.update_or_create(name=MARK, defaults={"last": version})
    return changed


def _follow(promise: Promise, policy: PromisePolicy, book: Book, by: Actor, at: datetime) -> bool:
    calendar = promises.calendar_of(promise.case, book)
    if _stays(promise, policy, book, calendar, at):
        return False
    with tx.write():
        case = lock(promise.case, None)
        now = Promise.objects.select_for_update().get(pk=promise.pk)
        drafts = _reckoned(now, policy, book, calendar, "policy", at) if now.state == Promise.RUNNING else []
        if drafts:
            promises.refresh(case)
            entries.append(case, drafts, by=by, at=at)
    return bool(drafts)


def _reckoned(
    promise: Promise, policy: PromisePolicy, book: Book, calendar: str, why: str, at: datetime
) -> list[Draft]:
    if _stays(promise, policy, book, calendar, at):
        return []
    term = _term(promise, policy, book, calendar, at)
    start, used = _used(promise, policy, book, calendar, at)
    ticks = Ticks.of(term, after=at).columns()
    if term.due <= at:  # the new target is used up already: it is due now, not in the past
        ticks |= {"due_at": at, "next_at": at, "warnings": []}
    if promise.state == Promise.PAUSED:
        ticks |= {"next_at": None}
    Promise.objects.filter(pk=promise.pk).update(
        policy=policy.code,
        calendar=terms.calendar_code(policy, calendar),
        target_s=policy.seconds,
        days=policy.working_days,
        cut_off=policy.cut_off,
        started_at=start,
        used_s=int(used.total_seconds()),
        **ticks,
    )
    return [moved(promise, ticks["due_at"], why)] if ticks["due_at"] != promise.due_at else []


def _stays(promise: Promise, policy: PromisePolicy, book: Book, calendar: str, at: datetime) -> bool:
    """Say whether a promise stands as it is: it is past, all comes out the same, or somebody put it off by hand."""
    if promise.due_at <= at:
        return True
    if promise.policy != policy.code or promise.target_s != policy.seconds:
        return False
    same_hours = promise.calendar == terms.calendar_code(policy, calendar)
    if same_hours and promise.state == Promise.PAUSED:
        return True  # what is left of it is counted when it runs again
    same_time = _term(promise, policy, book, calendar, at).due == promise.due_at
    return (same_hours and same_time) or _was_put_off(promise)


def _was_put_off(promise: Promise) -> bool:
    return Entry.objects.filter(
        case=promise.case_id, kind="promise.changed", payload__id=str(promise.uuid), payload__why="extended"
    ).exists()


def _term(promise: Promise, policy: PromisePolicy, book: Book, calendar: str, at: datetime) -> Term:
    start, used = _used(promise, policy, book, calendar, at)
    pauses = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in promise.pauses]
    return terms.term(policy, book, calendar=calendar, start=start, used=used, pauses=pauses)


def _used(
    promise: Promise, policy: PromisePolicy, book: Book, calendar: str, at: datetime
) -> tuple[datetime, timedelta]:
    """Return the start and the time used by then: up to now when the calendar is another one from here on."""
    used = timedelta(seconds=promise.used_s)
    is_same = promise.calendar == terms.calendar_code(policy, calendar)
    if promise.state == Promise.PAUSED or is_same or policy.seconds is None:
        return promise.started_at, used
    return at, used + terms.used_between(terms.hours_of(book, promise.calendar), promise.started_at, at)


def _wanted_of(case: Case, contact: Contact | None, book: Book) -> dict[str, PromisePolicy]:
    """Return what opens with a case as it is now, by kind: for a contact by the wire on which it came."""
    channel = contact.channel_kind if contact else case.channel_kind
    found = decide.applicable(book, channel=channel, category=case.category, priority=case.priority)
    return {policy.kind: policy for policy in found}


def _newly(case: Case, book: Book, at: datetime) -> list[Draft]:
    promised = Promise.objects.filter(case=case).exclude(ended_cause="replaced")
    known = set(promised.values_list("kind", "contact"))
    # Nobody asked anything yet in a case that we began; and a greeting is for the opening only.
    is_answered = case.is_outbound or Entry.objects.filter(case=case, kind="message.sent").exists()
    answered = ANSWERED if is_answered else frozenset({"greeting"})
    contacts = list(Contact.objects.filter(case=case).order_by("pk"))
    drafts = []
    for policy in _wanted_of(case, None, book).values():
        to_each = contacts and policy.kind in Contact.OWES
        if to_each or policy.kind in {kind for kind, _ in known} | answered:
            continue
        drafts.append(_opened(promises.draft(case, policy, book, at=case.opened_at), at))
    for contact in contacts:
        first_reply = _wanted_of(case, contact, book).get("first_reply")
        is_over = contact.answered_at is not None or contact.ended_at is not None
        if first_reply is None or is_over or ("first_reply", contact.pk) in known:
            continue
        promise = promises.draft(case, first_reply, book, at=contact.offered_at, contact=contact)
        drafts.append(_opened(promise, at))
    return drafts


def _opened(promise: Promise, at: datetime) -> Draft:
    """Store a promise that counts from an earlier moment: what it would have warned of by now, it does not."""
    if promise.due_at <= at:
        promise.due_at = promise.first_due = at
    promise.warnings = [moment for moment in promise.warnings if datetime.fromisoformat(moment) > at]
    promise.next_at = next(map(datetime.fromisoformat, promise.warnings), promise.due_at)
    promise.save()
    return promises.opened(promise)
