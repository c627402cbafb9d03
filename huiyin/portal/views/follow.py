"""/c/{token}: one case for its customer: what was said, what is promised, add to it, say whether it is solved."""

import contextlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock, tx
from huiyin.base.actor import Actor
from huiyin.cases import finishing, lifecycle, links, outcome
from huiyin.cases.again import again
from huiyin.cases.kinds import STATUSES
from huiyin.cases.models import Case, Promise
from huiyin.portal import needed, story

TEXT_LIMIT = 5000
SHOWN_PROMISES = (("first_reply", "complaint_response"), ("resolution", "complaint_closed_loop"))


@never_cache
@require_GET
def page(request: HttpRequest, token: str) -> HttpResponse:
    return shown(request, token, case_of(token))


@require_POST
def add(request: HttpRequest, token: str) -> HttpResponse:
    case = case_of(token)
    text = request.POST.get("text", "").replace("\x00", "").strip()  # PostgreSQL keeps no NUL
    if not text:
        return shown(request, token, case, {"error": _("Write a few words first."), "text": ""}, 422)
    if len(text) > TEXT_LIMIT:
        error = _("This is longer than %(n)s characters; please shorten it.") % {"n": TEXT_LIMIT}
        return shown(request, token, case, {"error": error, "text": text}, 422)
    is_blocked = case.customer is not None and case.customer.blocked_at is not None
    if case.status == Case.VOID or (is_blocked and not case.is_open):
        return shown(request, token, case, {"error": _closed_words(case), "text": text}, 409)
    try:
        goes_on = again(case, text, by=customer_of(case), at=clock.now())
    except (tx.Busy, tx.Unavailable):
        error = _(
            "We cannot take messages at this moment. What you wrote is still here: please send it again."
        )
        return shown(request, token, case, {"error": error, "text": text}, 503)
    return redirect("follow", token=token if goes_on.pk == case.pk else links.token(goes_on))


@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Solved, or not sure yet (`outcome` pending), with a few words if the customer likes."""
    pending = request.POST.get("outcome") == finishing.PENDING
    return _tell(request, token, finishing.PENDING if pending else finishing.SATISFIED)


@require_POST
def dispute(request: HttpRequest, token: str) -> HttpResponse:
    return _tell(request, token, finishing.DISSATISFIED)


def _tell(request: HttpRequest, token: str, said: str) -> HttpResponse:
    case, text = case_of(token), request.POST.get("text", "").replace("\x00", "").strip()[:TEXT_LIMIT]
    # Somebody pressed twice, or the case went on meanwhile: the page shows how it stands.
    with contextlib.suppress(lifecycle.MoveNotAllowed):
        outcome.tell(case, said, how="customer", by=customer_of(case), at=clock.now(), text=text)
    return redirect("follow", token=token)


def case_of(token: str) -> Case:
    """Return the case that the address opens; Http404 for one that is not ours or has ended."""
    try:
        return links.case_of(token, at=clock.now())
    except links.LinkRefused:
        raise Http404 from None


def customer_of(case: Case) -> Actor:
    """Return who acts on this page."""
    customer = case.customer
    return Actor("customer", customer.number if customer else "-", customer.pk if customer else None)


def _closed_words(case: Case) -> str:
    return _("This matter is closed. Please write to us again through the message form.")


def shown(
    request: HttpRequest,
    token: str,
    case: Case,
    composer: dict[str, str] | None = None,
    status: int = 200,
    *,
    details: dict[str, Any] | None = None,
) -> HttpResponse:
    """Return the page of the case, with what was typed and could not be taken."""
    before = story.place(request.GET.get("before", ""))
    context = {
        "here": reverse("follow", args=[token]) + (f"?before={before}" if before is not None else ""),
        "token": token,
        "number": case.number,
        "title": case.title,
        "status": case.status,
        "status_words": STATUSES[case.status],
        "is_open": case.is_open,
        "is_resolved": case.status == Case.RESOLVED,
        "is_closed": case.status == Case.CLOSED,
        "is_pending": case.outcome == finishing.PENDING,
        "closed_how": case.closed_loop,
        "silence_at": case.silence_at,
        "goes_on": _goes_on(case),
        "promises": _promises(case),
        **story.of(case, before=before),
        "details": needed.fields(case, details) if case.is_open else [],
        "composer": composer or {"error": "", "text": ""},
    }
    return render(request, "portal/follow.html", context, status=status)


def _goes_on(case: Case) -> str:
    """Return the address of the case that follows a closed one, for who wrote again after a long time."""
    after = case.followed_by.order_by("-id").first() if case.status == Case.CLOSED else None
    return reverse("follow", args=[links.token(after)]) if after else ""


def _promises(case: Case) -> list[dict[str, Any]]:
    """Return what is promised, at most one line for the answer and one for the solution: what is owed first."""
    found = list(case.promises.exclude(state=Promise.CANCELLED).order_by("due_at"))
    shown = []
    for kinds in SHOWN_PROMISES:
        of_kind = [promise for promise in found if promise.kind in kinds]
        owed = [promise for promise in of_kind if promise.is_owed]
        shown += owed[:1] or of_kind[-1:]
    return [
        {
            "is_answer": promise.kind in SHOWN_PROMISES[0],
            "due": promise.due_at,
            "fulfilled": promise.fulfilled_at,
            "is_late": promise.state == Promise.BROKEN and promise.fulfilled_at is None,
            "is_running": promise.state == Promise.RUNNING,
        }
        for promise in shown
    ]
