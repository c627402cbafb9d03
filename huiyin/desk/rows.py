"""Cases, promises and notices as the desk's fragments show them: prepared values, so that templates only ask."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.base.texts import in_words
from huiyin.cases import told
from huiyin.cases.kinds import STATUSES, WAITING_FOR
from huiyin.cases.models import NEVER, Case, Promise
from huiyin.notices import words
from huiyin.notices.models import Notice
from huiyin.rules.book import Book
from huiyin.rules.words import PRIORITIES

OF_OVERLOAD = ("overload.", "help.")
# Told to people who may not see the case: it must not lead there.
NOT_LET_IN = ("mention.waits", "mention.refused")
AROUND = ("case.followed", "cases.followed", "watcher.added", "person.mentioned", "mention.asks", *NOT_LET_IN)


def rows(cases: Iterable[Case], *, at: datetime, book: Book) -> list[dict[str, Any]]:
    """Return one row a case: what breaks next comes first, so its countdown is the first thing on it."""
    address = reverse("case", args=["0"]).removesuffix("0")
    return [
        {
            "number": case.number,
            "href": f"{address}{case.number}",
            "version": case.version,
            "title": case.title,
            "category": in_words(book.name_of(case.category)),
            "priority": case.priority,
            "priority_words": _(PRIORITIES[case.priority]),
            "status": case.status,
            "status_words": STATUSES[case.status],
            "customer": str(case.customer.name) if case.customer else "",
            "level": level_of(case),
            "likely": case.likely_number,
            "upset": case.emotion in ("angry", "disappointed", "threatening"),
            "due": None if case.next_due >= NEVER else case.next_due,
            "is_late": case.next_due <= at,
            "is_waiting": case.status == Case.WAITING,
            "waiting_words": waiting_words(case),
        }
        for case in cases
    ]


def level_of(case: Case) -> str:
    """Return the customer's level when it says something: nobody needs to read that a customer is a normal one."""
    level = case.customer.level if case.customer else ""
    return "" if level == "normal" else level.upper()


def promise_rows(promises: Iterable[Promise], *, at: datetime) -> list[dict[str, Any]]:
    """Return the promises of a case, what is owed first."""
    owed_first = sorted(promises, key=lambda p: (not p.is_owed, p.due_at))
    return [
        {
            "id": str(promise.uuid),
            "name": told.promise_name(promise.kind),
            "due": promise.due_at,
            "state": promise.state,
            "state_words": _STATES[promise.state](),
            "is_owed": promise.is_owed,
            "is_late": promise.state == Promise.BROKEN,
            "fulfilled": promise.fulfilled_at,
            "provisional": promise.provisional,
            "debtor": promise.debtor.name if promise.debtor else "",
        }
        for promise in owed_first
    ]


def notice_rows(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Return what a person should know, in their words."""
    return [
        {
            "text": words.sentence(notice),
            "case": notice.case_number,
            "kind": notice.kind,
            "href": _leads_to(notice),
            "is_of_overload": notice.kind.startswith(OF_OVERLOAD),
            "is_around": notice.kind in AROUND,
            "at": notice.at,
        }
        for notice in notices
    ]


def waiting_words(case: Case) -> str:
    if case.snoozed_until is not None:
        return _("until %(when)s") % {"when": told.moment(case.snoozed_until)}
    return str(WAITING_FOR.get(case.waiting_for, ""))


_TO_DEPARTMENTS = ("collaboration.asked", "collaboration.withdrawn", "collaboration.finished")


def _leads_to(notice: Notice) -> str:
    if notice.kind.startswith(OF_OVERLOAD):
        return reverse("overload")
    # Whoever owes it may see the request, not always the case.
    if notice.kind in _TO_DEPARTMENTS or notice.params.get("promise") == "collaboration":
        return reverse("requests")
    if notice.kind.startswith("export."):
        return reverse("exports")
    if notice.kind in NOT_LET_IN:
        return reverse("mentions")
    if notice.kind == "mention.asks":
        return reverse("case-around", args=[notice.case_number])
    return reverse("case", args=[notice.case_number]) if notice.case_number else reverse("desk")


_STATES = {
    Promise.RUNNING: lambda: _("running"),
    Promise.PAUSED: lambda: _("paused"),
    Promise.KEPT: lambda: _("kept"),
    Promise.BROKEN: lambda: _("not kept in time"),
    Promise.CANCELLED: lambda: _("cancelled"),
}
