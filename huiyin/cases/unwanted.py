"""Spam: a case that should never have been one is voided, its sender blocked if asked, and both can be taken back."""

from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, lifecycle
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import MOVES, MoveNotAllowed
from huiyin.customers import blocking
from huiyin.staff.viewer import Viewer

SPAM = "spam"


def may_mark(case: Case, viewer: Viewer) -> bool:
    """Say whether this viewer may mark the case as spam: who voids cases, and its handler."""
    is_theirs = case.handler_id == viewer.staff_id and viewer.may("case.work")
    return (viewer.may("case.void") or is_theirs) and case.status in MOVES["void"].leaves


def mark(case: Case, *, block: bool, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Void the case as spam and, if asked, block its customer. Raises Stale, MoveNotAllowed or keeping.Ended."""
    with tx.write():
        lifecycle.move(case, "void", by=by, at=at, version=version, reason=SPAM)
        customer = case.customer if block else None
        if customer is not None and blocking.block(customer, reason=f"case {case.number}", by=by, at=at):
            told = Draft("customer.blocked", {"customer": customer.number})
            entries.append(case, [told], by=by, at=at)
    return case


def is_spam(case: Case) -> bool:
    """Say whether the case is void because somebody marked it as spam."""
    if case.status != Case.VOID or case.merged_into_id is not None:
        return False
    voided = Entry.objects.filter(case=case, kind="case.voided").order_by("-seq").first()
    return voided is not None and voided.payload["reason"] == SPAM


def take_back(case: Case, *, unblock: bool, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Restore a case that was marked as spam and, if asked, unblock its customer.

    Raises MoveNotAllowed for a case that is void for another reason, or after 7 days; Stale; Ended of the customer.
    """
    with tx.write():
        if not is_spam(case):
            raise MoveNotAllowed("restore", case.status)
        lifecycle.move(case, "restore", by=by, at=at, version=version, reason=SPAM)
        customer = case.customer if unblock else None
        if customer is not None and blocking.unblock(customer, reason=f"case {case.number}", by=by, at=at):
            told = Draft("customer.unblocked", {"customer": customer.number})
            entries.append(case, [told], by=by, at=at)
    return case
