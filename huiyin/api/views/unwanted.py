"""Spam and double cases by API: marked, taken back, told apart; blocked messages listed and released."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.shapes import case_shape, stamp
from huiyin.base import clock, secrets
from huiyin.base.problem import Problem
from huiyin.cases import sameness, unwanted
from huiyin.customers.keeping import Ended
from huiyin.intake import blocked
from huiyin.intake.models import InboxItem

of_cases = Router(auth=Bearer("cases:write"), tags=["cases"])
router = Router(auth=Bearer("cases:write"), tags=["blocked messages"])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpamIn(_Body):
    """`block` also keeps later messages of the customer aside."""

    version: int
    block: bool = False


class NotSpamIn(_Body):
    version: int
    unblock: bool = False


class VersionIn(_Body):
    version: int


class BlockedFilters(_Body):
    customer: str = Field("", max_length=20)
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


@of_cases.post(
    "/{number}/spam", response=dict, summary="Void the case as spam, and block its sender if asked"
)
def spam(request: HttpRequest, number: str, body: SpamIn) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    if not viewer.may("case.void") and case.handler_id != viewer.staff_id:
        raise Problem(403, "not_yours", "Only its handler, or who may void cases, marks a case as spam.")
    try:
        unwanted.mark(case, block=body.block, by=viewer.actor, at=clock.now(), version=body.version)
    except Ended:
        raise _ended() from None
    return _now(request, number)


@of_cases.post("/{number}/not-spam", response=dict, summary="Restore a case that was marked as spam")
def not_spam(request: HttpRequest, number: str, body: NotSpamIn) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    if not viewer.may("case.void"):
        raise Problem(403, "right_missing", "Restoring needs the right to void and restore cases.")
    try:
        unwanted.take_back(case, unblock=body.unblock, by=viewer.actor, at=clock.now(), version=body.version)
    except Ended:
        raise _ended() from None
    return _now(request, number)


@of_cases.post(
    "/{number}/not-same", response=dict, summary="Say that the case is another matter than `likely_same`"
)
def not_same(request: HttpRequest, number: str, body: VersionIn) -> dict[str, Any]:
    case = case_of(request, number)
    # A mark that names a case out of sight is no mark for this caller.
    if not case.likely_number:
        raise _not_marked()
    try:
        sameness.tell_apart(case, by=viewer_of(request).actor, at=clock.now(), version=body.version)
    except sameness.NotMarked:
        raise _not_marked() from None
    return _now(request, number)


@router.get("", response=dict, summary="What blocked customers wrote, newest first, with how much it is")
def list_blocked(request: HttpRequest, filters: Query[BlockedFilters]) -> dict[str, Any]:
    rows = blocked.seen_by(viewer_of(request), customer=filters.customer)
    counted = blocked.count(rows)
    page = rows.filter(pk__lt=_before(filters.cursor)) if filters.cursor else rows
    found = list(page[: filters.limit + 1])
    shown = found[: filters.limit]
    following = secrets.seal("cursor", str(shown[-1].pk)) if len(found) > filters.limit else None
    return {
        "items": [_shape(item) for item in shown],
        "messages": counted.messages,
        "complaints": counted.complaints,
        "next_cursor": following,
    }


@router.post("/{inbox_id}/release", response={201: dict}, summary="Open the case that the message deserves")
def release(request: HttpRequest, inbox_id: int) -> Status[dict[str, Any]]:
    viewer = viewer_of(request)
    item = blocked.seen_by(viewer).filter(pk=inbox_id).first()
    if item is None:
        raise Http404
    try:
        opened = blocked.release(item, by=viewer.actor, at=clock.now())
    except blocked.NotBlocked as error:
        detail = "Somebody released this message already."
        raise Problem(409, "released_already", detail, case=error.number) from None
    return Status(201, _now(request, opened.number))


def _shape(item: InboxItem) -> dict[str, Any]:
    customer = item.customer
    return {
        "inbox_id": item.pk,
        "channel": item.account.code,
        "customer": {"number": customer.number, "name": str(customer.name)} if customer else None,
        "team": item.team.code if item.team else None,
        "category": item.category,
        "text": blocked.words_of(item),
        "received_at": stamp(item.received_at),
    }


def _now(request: HttpRequest, number: str) -> dict[str, Any]:
    case = case_of(request, number)
    return case_shape(case, case.promises.all())


def _not_marked() -> Problem:
    return Problem(409, "not_marked", "The case is not marked as likely the same as another.")


def _ended() -> Problem:
    return Problem(409, "merged_or_erased", "This customer was merged or erased; nothing was changed.")


def _before(cursor: str) -> int:
    try:
        return int(secrets.unseal("cursor", cursor))
    except (secrets.NotOurs, ValueError):
        detail = "Use the next_cursor of the page before, unchanged."
        raise Problem(422, "invalid", detail, fields={"cursor": "unreadable"}) from None
