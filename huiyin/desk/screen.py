"""One case as its screen shows it: prepared values, so that templates only ask."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.base import ids
from huiyin.base.question import Question
from huiyin.base.texts import in_words
from huiyin.cases import drafts, links, merging, told
from huiyin.cases.kinds import BY_HAND, PROMISES, STATUSES, WAITING_FOR
from huiyin.cases.kinds_progress import PROGRESS
from huiyin.cases.models import ASSIGNED, OBSERVATION, Case, DraftText
from huiyin.cases.moves import MOVES
from huiyin.customers import ways
from huiyin.desk import around, finish, offers, snooze, together
from huiyin.desk.rows import level_of, promise_rows, waiting_words
from huiyin.desk.timeline import blocks, timeline_rows
from huiyin.rules import book as rulebook
from huiyin.rules.words import PRIORITIES
from huiyin.staff.viewer import Viewer

OFFERED_MOVES = ("accept", "wait", "resume", "resolve", "confirm", "dispute")
WRITTEN_MOVES = ("wait", "resolve", "dispute")


def of(case: Case, viewer: Viewer, *, at: datetime, before: int | None = None) -> dict[str, Any]:
    """Return the values of the case's page for this viewer: the newest part of the talk, or that before an entry."""
    book = rulebook.current()
    stored = list(case.promises.select_related("debtor"))
    promises = promise_rows(stored, at=at)
    is_own = case.handler_id == viewer.staff_id and case.is_open
    may_reveal = viewer.may("customer.reveal") and (is_own or viewer.reaches_beyond_own)
    said = timeline_rows(case, viewer=viewer, plain=may_reveal and is_own, at=at, before=before)
    at_work = drafts.of(case, viewer.staff_id, at=at)
    return {
        "case": case,
        "here": reverse("case", args=[case.number]),
        "customer_name": str(case.customer.name) if case.customer else "",
        "level": level_of(case),
        "category": in_words(book.name_of(case.category)),
        "top_category": in_words(book.name_of(book.top_of(case.category))),
        "priority_words": _(PRIORITIES[case.priority]),
        "status_words": STATUSES[case.status],
        "waiting_words": waiting_words(case),
        "waiting_reasons": WAITING_FOR.items(),
        "missing": _missing(case, said),
        "next_promise": next((row for row in promises if row["is_owed"]), None),
        "promises": [row for row in promises if row["is_owed"] or row["is_late"]],
        "over": [row for row in promises if not (row["is_owed"] or row["is_late"])],
        "proposals": offers.proposals(case, said, stored, at=at) if viewer.may("case.work") else [],
        "promise_kinds": [(code, PROMISES[code]) for code in BY_HAND],
        # Reading what a customer wrote in one's own open case is the work itself; elsewhere contacts stay masked.
        "blocks": blocks(said),
        "before": before,
        "earlier_from": said[0]["seq"] if said and said[0]["seq"] > 1 else None,
        "contacts": ways.masked(case.customer),
        "earlier": _earlier(case, viewer),
        "may": {name: _may(case, viewer, name) for name in OFFERED_MOVES},
        "is_assigned": case.kind == ASSIGNED,
        "is_observation": case.kind == OBSERVATION,
        "owes_call": any(one.kind == "call_back" and one.is_owed for one in stored),
        "may_reply": case.customer_id is not None,
        "may_merge": merging.can_begin_at(case),
        # A note changes nothing: it may be added to what has ended, too.
        "may_note": viewer.may("case.work"),
        "may_write": viewer.may("case.work") and case.status not in (Case.CLOSED, Case.VOID),
        "may_reveal": may_reveal,
        "is_own": is_own,
        # The customer's page shows everything plain: only who may read it so gets the address.
        "follow_url": links.url(case) if is_own and may_reveal and case.customer_id else "",
        "works": viewer.may("case.work"),
        "may_redact": viewer.may("case.redact"),
        "together": together.of(case),
        "finish": finish.of(case, book),
        "progress": {"choices": PROGRESS.items(), "client_id": str(ids.uuid7())},
        "around": around.of(case, viewer),
        "snooze_choices": snooze.CHOICES.items(),
        "writing": [{"name": name, "at": since} for name, since in at_work.others],
        "composer": _begun(case, at_work.mine, said, viewer),
    }


def composer(text: str, client_id: str, error: str, mode: str = "reply") -> dict[str, Any]:
    """Return the composer as it is shown: the words, what is wrong with them, and what they are meant as."""
    return {"text": text, "client_id": client_id, "error": error, "mode": mode}


def _begun(case: Case, draft: DraftText | None, said: list[dict[str, Any]], viewer: Viewer) -> dict[str, Any]:
    """Return the composer with what the viewer had begun to write, and how many messages came since."""
    if draft is None:
        answers = case.customer_id is not None and case.status not in (Case.CLOSED, Case.VOID)
        return composer("", str(ids.uuid7()), "", "reply" if answers else "note")
    newer = [
        row
        for row in said
        if row["kind"] in drafts.SAID and row["seq"] > draft.seen_seq and row["ref"] != viewer.number
    ]
    begun = composer(draft.text, str(ids.uuid7()), "", draft.kind)
    return {**begun, "kept_at": draft.at, "newer": len(newer)}


def unmoved(text: str, name: str, error: str) -> dict[str, Any]:
    """Return the composer as it was left: the move that failed is still chosen, and its words are there."""
    return composer(text, str(ids.uuid7()), error, name if name in WRITTEN_MOVES else "reply")


def _missing(case: Case, said: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not case.missing:
        return None
    asked = {need for row in said for need in row["needs"]}
    needs = [(need, told.need_name(need)) for need in case.missing]
    return {
        "needs": needs,
        "words": [words for _need, words in needs],
        "was_asked": bool(asked & set(case.missing)),
        "may_ask": bool(set(case.missing) - asked) and case.status != Case.RESOLVED,
    }


def _may(case: Case, viewer: Viewer, name: str) -> bool:
    if case.kind == ASSIGNED and name in ("confirm", "dispute"):
        return False  # accepted or returned on the page of the task
    return viewer.may(MOVES[name].needs) and case.status in MOVES[name].leaves


def _earlier(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    if case.customer_id is None:
        return []
    rows = _EARLIER.ask(viewer, customer=case.customer_id, but=case.pk)
    return [
        {"number": number, "title": title, "status_words": STATUSES[status], "at": opened_at}
        for number, title, status, opened_at in rows
    ]


def _cases_of(viewer: Viewer, customer: Any, but: Any) -> QuerySet[Case, tuple[Any, ...]]:
    theirs = Case.objects.visible_to(viewer).filter(customer__id=customer).exclude(id=but)
    return theirs.order_by("-id").values_list("number", "title", "status", "opened_at")[:5]


_EARLIER = Question(_cases_of)
