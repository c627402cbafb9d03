"""/desk/cases/{number}/unwanted: likely the same matter, spam, and taking either back."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.cases import merging, sameness, unwanted
from huiyin.cases.models import Case
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.customers.keeping import Ended
from huiyin.desk import figures
from huiyin.desk.access import case_of, signed_in, viewer_of

WRONG = {
    "stale": noop("Somebody changed this case meanwhile. Look at it again, then decide."),
    "moved_on": noop("This is not possible any more: the case has moved on."),
    "not_marked": noop("The case is not marked as likely the same as another any more."),
    "cannot_merge": noop("The two cases cannot be merged; see what ties them under related cases."),
    "ended": noop("This customer was merged or erased meanwhile."),
}
Act = Callable[[HttpRequest, Case, int], Case]


@require_http_methods(["GET", "POST"])
@signed_in("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    if request.method == "GET":
        return _page(request, case_of(request, number))
    return _acted(request, number)


@signed_in("case.work")
def _acted(request: HttpRequest, number: str) -> HttpResponse:
    case = case_of(request, number)
    verb, version = _ACTS.get(request.POST.get("act", "")), figures.whole(request.POST.get("version"))
    if verb is None or version is None:
        return HttpResponseBadRequest("act")
    try:
        shown = verb(request, case, version)
    except Stale:
        wrong = "stale"
    except MoveNotAllowed:
        wrong = "moved_on"
    except merging.CannotMerge:
        wrong = "cannot_merge"
    except sameness.NotMarked:
        wrong = "not_marked"
    except Ended:
        wrong = "ended"
    else:
        return redirect("case", number=shown.number)
    return _page(request, case_of(request, case.number), wrong, 409)


def _merge(request: HttpRequest, case: Case, version: int) -> Case:
    if not case.likely_number:
        raise sameness.NotMarked
    into = case_of(request, case.likely_number)
    merging.merge(case, into, by=viewer_of(request).actor, at=clock.now(), version=version)
    return into


def _apart(request: HttpRequest, case: Case, version: int) -> Case:
    if not case.likely_number:
        raise sameness.NotMarked
    return sameness.tell_apart(case, by=viewer_of(request).actor, at=clock.now(), version=version)


def _spam(request: HttpRequest, case: Case, version: int) -> Case:
    viewer = viewer_of(request)
    if not viewer.may("case.void") and case.handler_id != viewer.staff_id:
        raise PermissionDenied
    block = "block" in request.POST
    return unwanted.mark(case, block=block, by=viewer.actor, at=clock.now(), version=version)


def _not_spam(request: HttpRequest, case: Case, version: int) -> Case:
    viewer = viewer_of(request)
    if not viewer.may("case.void"):
        raise PermissionDenied
    unblock = "unblock" in request.POST
    return unwanted.take_back(case, unblock=unblock, by=viewer.actor, at=clock.now(), version=version)


_ACTS: dict[str, Act] = {"merge": _merge, "apart": _apart, "spam": _spam, "not-spam": _not_spam}


def _page(request: HttpRequest, case: Case, wrong: str = "", status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    is_spam = unwanted.is_spam(case)
    context: dict[str, Any] = {
        "case": case,
        "wrong": _(WRONG[wrong]) if wrong else "",
        "works": viewer.may("case.work"),
        "may_merge": merging.can_begin_at(case),
        "may_mark": unwanted.may_mark(case, viewer),
        "is_spam": is_spam,
        "may_take_back": is_spam and viewer.may("case.void"),
        "is_blocked": case.customer is not None and case.customer.blocked_at is not None,
    }
    return render(request, "desk/unwanted.html", context, status=status)
