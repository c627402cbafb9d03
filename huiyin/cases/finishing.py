"""The rules of finishing a case: what solving it needs, what closing it leaves, and when silence may close it.

`lifecycle` asks these inside its moves; nothing here changes a case.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.base.actor import Actor
from huiyin.base.models import Blob
from huiyin.cases import pending, waiting
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry, Promise
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.promises import OWED, calendar_of
from huiyin.cases.typed import Invalid, checked
from huiyin.rules import book as rulebook
from huiyin.rules import finishing as rules

SATISFIED, PENDING, DISSATISFIED = OUTCOMES = ("satisfied", "pending", "dissatisfied")
SILENCE, NO_ANSWER, MESSAGE = "silence", "no_answer", "message"
# How a result was confirmed, counted apart; a message is how a customer opens a solved case again.
CONFIRMED_BY = ("customer", "channel", "call", "lead", SILENCE, NO_ANSWER)
DISPUTED_BY = ("customer", "channel", "call", "lead", MESSAGE)
ATTEMPTS = 3
# A case that people or a rule of complaints raised is treated as one, whatever it is filed under.
AS_COMPLAINT = ("by_hand", "crosses_departments", "dissatisfied", "threatening", "needs_management")


@dataclass(frozen=True, slots=True)
class Step:
    """What a move writes besides its status: columns, its payload, and entries that go before its own."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Draft, ...] = ()


def resolving(case: Case, told: Mapping[str, Any], *, at: datetime) -> Step:
    """Check that the case may be reported as solved. `told`: despite, goal_met (None: not said), goal_reason.

    Raises Invalid (`evidence`, `goal_reason`: missing) and OpenRequest.
    """
    if lacks_evidence(case):
        raise Invalid(evidence="missing")
    met, drafts = told.get("goal_met") if case.goal else None, []
    if met is not None:
        reason = str(told.get("goal_reason", ""))
        if not met or reason.strip():
            reason = checked(reason, field="goal_reason", limit=500)
        drafts.append(Draft("goal.checked", {"goal": case.goal, "met": met}, reason))
    passed_over = pending.passing_over(case, str(told.get("despite", "")))
    changes = {
        **waiting.NOTHING,
        "resolved_at": at,
        "goal_met": met,
        "outcome": "",
        "silence_at": silence_at(case, since=at),
    }
    return Step(changes, {"version": case.version + 1}, (*passed_over, *drafts))


def confirming(case: Case, told: Mapping[str, Any], *, by: Actor, at: datetime) -> Step:
    """Return what closing writes. `told`: how (CONFIRMED_BY). Nothing but the customer's word is an outcome.

    Raises Invalid (`how`: unknown, no_customer), and MoveNotAllowed for silence before its time or in a complaint, and
    for `no_answer` before the third attempt.
    """
    how = told.get("how") or _usual(case, by)
    if how not in CONFIRMED_BY:
        raise Invalid(how="unknown")
    refuse_word_of_nobody(case, how)
    in_time = case.silence_at is not None and at >= case.silence_at
    if how == SILENCE and not (by.kind == "system" and in_time and may_lapse(case)):
        raise MoveNotAllowed("confirm", case.status)
    if how == NO_ANSWER and unanswered(case) < ATTEMPTS:
        raise MoveNotAllowed("confirm", case.status)
    outcome = case.outcome if how in (SILENCE, NO_ANSWER) else SATISFIED
    changes = {"closed_at": at, "closed_loop": how, "outcome": outcome, "silence_at": None}
    return Step(changes, {"how": how, "outcome": outcome})


def disputing(case: Case, told: Mapping[str, Any], *, by: Actor) -> Step:
    """Return what a dispute writes. `told`: how (DISPUTED_BY). Raises Invalid (`how`: unknown, no_customer)."""
    how = told.get("how") or _usual(case, by)
    if how not in DISPUTED_BY:
        raise Invalid(how="unknown")
    refuse_word_of_nobody(case, how)
    outcome = "" if how == MESSAGE else DISSATISFIED
    changes = {"resolved_at": None, "goal_met": None, "outcome": outcome, "silence_at": None}
    return Step(changes, {"how": how})


def refuse_word_of_nobody(case: Case, how: str) -> None:
    """Raise Invalid (`how`: no_customer) where a customer is said to have spoken and the case has none."""
    if case.customer_id is None and how != "lead":
        raise Invalid(how="no_customer")


def lacks_evidence(case: Case) -> bool:
    """Say whether the category asks for evidence and there is none: no file of the case, no reference to a record."""
    if not rules.wants_evidence(rulebook.current(), case.category):
        return False
    has_file = Blob.objects.filter(subject=f"case:{case.number}").exists()
    return not has_file and not Entry.objects.filter(case=case, kind="evidence.added").exists()


def silence_at(case: Case, *, since: datetime) -> datetime | None:
    """Return when silence confirms a result told at `since`, by category and calendar; None when it never does."""
    if not may_lapse(case):
        return None
    book = rulebook.current()
    return rules.silence_ends(book, calendar_of(case, book), case.category, since=since)


def silence_under(case: Case, category: str, *, at: datetime) -> datetime | None:
    """Return when silence confirms this solved case once it has another category: counted from when it was solved.

    None for what was a complaint until now: it is confirmed by somebody, or solved anew.
    """
    moved = copy(case)
    moved.category = category
    if not may_lapse(moved):
        return None
    if case.silence_at is None or case.resolved_at is None:
        return silence_at(moved, since=at)
    ends = silence_at(moved, since=case.resolved_at)
    return ends and max(ends, at)


def may_lapse(case: Case) -> bool:
    """Say whether silence may confirm: a service, and no complaint by category, debts or why it was raised."""
    if case.family != "service" or not rules.silence_confirms(rulebook.current(), case.category):
        return False
    if Promise.objects.filter(OWED, case=case, kind="complaint_closed_loop").exists():
        return False
    raised = Entry.objects.filter(case=case, kind="case.escalated", payload__cause__in=AS_COMPLAINT)
    return case.escalation_level == 0 or not raised.exists()


def unanswered(case: Case) -> int:
    """Return how many call-backs went unanswered since the result was last told."""
    solved = Entry.objects.filter(case=case, kind="case.resolved").order_by("-seq").first()
    tried = Entry.objects.filter(case=case, kind="callback.tried", payload__result=NO_ANSWER)
    return tried.filter(seq__gt=solved.seq if solved else 0).count()


def _usual(case: Case, by: Actor) -> str:
    # What a colleague says of a customer's matter they heard on the phone; a task has no customer to hear.
    told_by_staff = "call" if case.family == "service" else "lead"
    if case.customer_id is None:
        return told_by_staff
    return {"customer": "customer", "staff": told_by_staff, "system": "channel"}[by.kind]
