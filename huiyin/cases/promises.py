"""Opening, pausing, keeping and cancelling what is owed. Breaking it is the clock's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q

from huiyin.base import rows
from huiyin.base.actor import Actor
from huiyin.cases import entries
from huiyin.cases.clock import act_on_due
from huiyin.cases.entries import Draft
from huiyin.cases.models import NEVER, Case, Collaboration, Contact, Entry, Promise
from huiyin.rules import book as rulebook
from huiyin.rules import decide, terms
from huiyin.rules.book import Book
from huiyin.rules.models import PromisePolicy
from huiyin.rules.terms import Term
from huiyin.staff import chain
from huiyin.staff.models import Staff

__all__ = ["OWED", "act_on_due"]

OWED = Q(state__in=(Promise.RUNNING, Promise.PAUSED)) | Q(
    state=Promise.BROKEN, fulfilled_at=None, ended_at=None
)


@dataclass(frozen=True, slots=True)
class Ticks:
    """What the clock needs of a term from now on: the warnings still to come, and the next moment to act."""

    due_at: datetime
    warnings: list[str]
    next_at: datetime
    not_before: datetime | None
    provisional: bool

    @classmethod
    def of(cls, term: Term, *, after: datetime) -> "Ticks":
        left = [moment for moment in term.warnings if moment > after]
        return cls(
            term.due,
            [moment.isoformat() for moment in left],
            left[0] if left else term.due,
            term.not_before,
            term.provisional,
        )

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def calendar_of(case: Case, book: Book) -> str:
    """Return the calendar that the case's working days and hours follow: its team's, else its site's.

    Teams are in the book: it costs no query beyond that of a site that was not read yet.
    """
    return book.calendar_of(case.team_id, case.site.calendar)


def draft(
    case: Case, policy: PromisePolicy, book: Book, *, at: datetime, contact: Contact | None = None
) -> Promise:
    """Return the promise that this policy opens on the case, or to this contact of it, at `at`; not yet stored."""
    calendar = calendar_of(case, book)
    term = terms.term(policy, book, calendar=calendar, start=at, used=timedelta())
    return rows.new(
        Promise,
        case=case,
        contact=contact,
        kind=policy.kind,
        policy=policy.code,
        debtor=debtor_of(case, policy),
        calendar=terms.calendar_code(policy, calendar),
        days=policy.working_days,
        cut_off=policy.cut_off,
        target_s=policy.seconds,
        started_at=at,
        first_due=term.due,
        **Ticks.of(term, after=at).columns(),
    )


def begin(case: Case, event: str, *, by: Actor, at: datetime) -> None:
    """Open what policies promise at this event (`resolved`, `service_end`); what is owed already is not doubled."""
    if case.customer_id is None:
        return  # nobody outside is called back or answered
    book = rulebook.current()
    wanted = decide.applicable(
        book, channel=case.channel_kind, category=case.category, priority=case.priority, opens=event
    )
    if not wanted:
        return
    owed = set(_owed_of(case).values_list("kind", flat=True))
    is_hard = is_complex(case)
    drafts = []
    for policy in wanted:
        if policy.kind in owed or (policy.only_complex and not is_hard):
            continue
        owed.add(policy.kind)
        promise = draft(case, policy, book, at=at)
        promise.save()
        drafts.append(opened(promise))
    _tell(case, drafts, by=by, at=at)


def await_reply(case: Case, *, by: Actor, at: datetime) -> None:
    """Open what policies promise for each later message (`next_reply`), counted from the oldest unanswered one.

    The first message of a case is what the first reply answers. Without such a policy it costs nothing.
    """
    if not any(policy.opens == "message" for policy in rulebook.at_hand().policies):
        return
    if Entry.objects.filter(case=case, kind="message.sent").exists():
        begin(case, "message", by=by, at=at)


def is_complex(case: Case) -> bool:
    """Say whether the case was marked complex, escalated, worked on by others, or waited for a third party."""
    return (
        case.is_complex
        or case.escalation_level > 0
        or Collaboration.objects.filter(case=case).exists()
        or Entry.objects.filter(case=case, kind="case.waited", payload__waiting_for="third_party").exists()
    )


def opened(promise: Promise) -> Draft:
    """Return the entry that tells of a promise made after its case was opened, and who keeps it."""
    told = {"promise": promise.kind, "due": promise.due_at.isoformat(), "id": str(promise.uuid)}
    return Draft("promise.made", {**told, "to": promise.debtor.number if promise.debtor else ""})


def keep(case: Case, kinds: Iterable[str], *, by: Actor, at: datetime) -> None:
    """Keep what is owed of these kinds; what was broken is thereby done late. A second call finds nothing to keep."""
    keep_these(case, list(_owed_of(case).filter(kind__in=list(kinds))), by=by, at=at)


def keep_these(case: Case, owed: Iterable[Promise], *, by: Actor, at: datetime, text: str = "") -> None:
    """Keep these promises of the case, read in this transaction; those that owe nothing any more stay as they are."""
    drafts = []
    for promise in filter(lambda one: one.is_owed, owed):
        late = promise.state == Promise.BROKEN or (promise.state == Promise.RUNNING and at > promise.due_at)
        Promise.objects.filter(pk=promise.pk).update(
            state=Promise.BROKEN if late else Promise.KEPT,
            fulfilled_at=at,
            next_at=None,
            broken_at=promise.broken_at or (promise.due_at if late else None),
        )
        payload = {"promise": promise.kind, "due": promise.due_at.isoformat(), "late": late}
        drafts.append(Draft("promise.kept", payload, text))
    _tell(case, drafts, by=by, at=at)


def cancel(case: Case, *, cause: str, by: Actor, at: datetime, kinds: Iterable[str] | None = None) -> None:
    """Cancel everything still owed on the case, or what is owed of these kinds."""
    owed = _owed_of(case) if kinds is None else _owed_of(case).filter(kind__in=list(kinds))
    cancel_these(case, list(owed), cause=cause, by=by, at=at)


def cancel_these(
    case: Case, given: Iterable[Promise], *, cause: str, by: Actor, at: datetime, text: str = ""
) -> None:
    """Cancel those of these promises of the case that are still owed; what was broken stays broken, and ends."""
    owed = [one for one in given if one.is_owed]
    rows = Promise.objects.filter(pk__in=[one.pk for one in owed])
    rows.update(next_at=None, ended_cause=cause, ended_at=at)
    rows.exclude(state=Promise.BROKEN).update(state=Promise.CANCELLED)
    told = [Draft("promise.cancelled", {"promise": one.kind, "cause": cause}, text) for one in owed]
    _tell(case, told, by=by, at=at)


def pause(case: Case, *, cause: str, by: Actor, at: datetime) -> None:
    """Pause the running promises whose policy names this cause; the time used so far is kept."""
    book = rulebook.current()
    policies = policies_of(book)
    drafts = []
    for promise in Promise.objects.filter(case=case, state=Promise.RUNNING, due_at__gt=at):
        policy = policies.get(promise.policy)
        if policy is None or cause not in policy.pauses_for or not _can_pause(policy):
            continue
        used = timedelta()
        if policy.seconds is not None:
            used = terms.used_between(terms.hours_of(book, promise.calendar), promise.started_at, at)
        Promise.objects.filter(pk=promise.pk).update(
            state=Promise.PAUSED,
            paused_at=at,
            next_at=None,
            used_s=promise.used_s + int(used.total_seconds()),
        )
        drafts.append(Draft("promise.paused", {"promise": promise.kind, "cause": cause}))
    _tell(case, drafts, by=by, at=at)


def resume(case: Case, *, by: Actor, at: datetime) -> None:
    """Let paused promises run on from now with the time they have left; days wholly paused do not count."""
    book = rulebook.current()
    policies = policies_of(book)
    drafts = []
    for promise in Promise.objects.filter(case=case, state=Promise.PAUSED).select_related("case__site"):
        policy = policies.get(promise.policy)
        since = promise.paused_at or at
        pauses = [*promise.pauses, [since.isoformat(), at.isoformat()]]
        if policy is None:
            calendar = promise.calendar
            ticks = Ticks.of(terms.until(promise.due_at + (at - since), start=at), after=at)
        else:
            calendar = terms.calendar_code(policy, calendar_of(promise.case, book))
            ticks = Ticks.of(_term_now(promise, policy, book, pauses=pauses, at=at), after=at)
        in_days = policy is not None and policy.seconds is None
        Promise.objects.filter(pk=promise.pk).update(
            state=Promise.RUNNING,
            paused_at=None,
            calendar=calendar,
            pauses=pauses if in_days else promise.pauses,
            started_at=promise.started_at if in_days else at,
            waited=promise.waited + (ticks.due_at - promise.due_at),
            **ticks.columns(),
        )
        drafts.append(Draft("promise.resumed", {"promise": promise.kind, "due": ticks.due_at.isoformat()}))
    _tell(case, drafts, by=by, at=at)


def open_again(case: Case, kinds: Iterable[str], *, at: datetime) -> None:
    """Open a fresh promise of each kind under the policy it last had: after a dispute, or when a case is reopened.

    What applied no longer, because the case turned out to be another matter, stays as it is.
    """
    book = rulebook.current()
    policies = policies_of(book)
    for kind in kinds:
        last = Promise.objects.filter(case=case, kind=kind).order_by("-id").first()
        if last is None or last.is_owed or last.ended_cause == "replaced":
            continue
        if last.policy in policies:
            draft(case, policies[last.policy], book, at=at).save()
    refresh(case)


def hand_over(case: Case) -> None:
    """Let what its handler owes on the case be owed by the present one; what others owe stays theirs."""
    others = {policy.code: policy for policy in rulebook.current().policies if policy.debtor != "handler"}
    owed = _owed_of(case).exclude(kind="collaboration")
    owed.exclude(policy__in=others).update(debtor=case.handler)
    owers = [code for code, policy in others.items() if policy.debtor == "owner"]
    owed.filter(policy__in=owers).update(debtor_id=case.owner_id or case.handler_id)


def debtor_of(case: Case, policy: PromisePolicy) -> Staff | None:
    """Return who owes what this policy promises: the handler, the owner or the lead, never one it is about."""
    if policy.debtor == "owner":
        return case.owner or case.handler
    if policy.debtor == "handler":
        return case.handler
    about = set(case.about.values_list("pk", flat=True)) if case.pk else set()
    return next((lead for lead in chain.leads_above(case.team) if lead.pk not in about), None)


def policies_of(book: Book) -> Mapping[str, PromisePolicy]:
    """Return the policies in force by their codes."""
    return {policy.code: policy for policy in book.policies}


def refresh(case: Case) -> None:
    """Store what breaks next on the case, by which lists are sorted."""
    case.next_due = _owed_of(case).aggregate(next=Min("due_at"))["next"] or NEVER
    Case.objects.filter(pk=case.pk).update(next_due=case.next_due)


def _term_now(
    promise: Promise, policy: PromisePolicy, book: Book, *, pauses: Sequence[Sequence[str]], at: datetime
) -> Term:
    spans = [(datetime.fromisoformat(begin_), datetime.fromisoformat(end)) for begin_, end in pauses]
    return terms.term(
        policy,
        book,
        calendar=calendar_of(promise.case, book),
        start=promise.started_at if policy.seconds is None else at,
        used=timedelta(seconds=promise.used_s),
        pauses=spans,
    )


def _can_pause(policy: PromisePolicy) -> bool:
    # A cut-off and days of a month stand on the wall, whatever anybody waits for.
    return policy.seconds is not None or policy.working_days is not None


def _tell(case: Case, drafts: Sequence[Draft], *, by: Actor, at: datetime) -> None:
    if not drafts:
        return
    refresh(case)
    entries.append(case, drafts, by=by, at=at)


def _owed_of(case: Case) -> Any:
    return Promise.objects.filter(OWED, case=case)
