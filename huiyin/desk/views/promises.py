"""/desk/cases/{number}/promises: what is owed in a case, and recording, keeping, ending or putting off by hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock
from huiyin.cases import owing, told
from huiyin.cases.kinds import PROMISES
from huiyin.cases.lifecycle import Invalid, MoveNotAllowed
from huiyin.cases.models import OBSERVATION, Case, Promise
from huiyin.desk import figures
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.rows import promise_rows
from huiyin.staff.viewer import Viewer

WRONG = {
    "missing": noop("Write it down: a time, or words that name one, and for a change the reason."),
    "no_promise": noop("These words name no time that we promise. Choose a time."),
    "not_after_now": noop("The time has passed already."),
    "not_later": noop("Putting off means a later time than the one that is promised now."),
    "not_yet": noop("It may not be done before its window opens."),
    "too_long": noop("Use fewer words."),
    "unknown": noop("Nobody who works here has this employee number."),
    "cannot_see": noop("This person may not see the case, or works on none. Ask their department instead."),
    "about_them": noop("This person cannot keep it."),
    "moved_on": noop("This is not possible any more: the promise or its case has moved on."),
}


@require_GET
@signed_in("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, case_of(request, number))


@require_POST
@signed_in("case.work")
def make(request: HttpRequest, number: str) -> HttpResponse:
    """Record a promise; words without a time are read, and what they promise is shown to be confirmed."""
    case, at = case_of(request, number), clock.now()
    typed = {name: request.POST.get(name, "").strip() for name in ("kind", "due_at", "text", "debtor")}
    due = _moment(typed["due_at"])
    if due is None and typed["text"]:
        found = next(iter(owing.proposed(typed["text"], case, at=at)), None)
        if found is None or found.due is None:
            return _page(request, case, "no_promise", typed, 422)
        typed |= {"kind": found.kind, "due_at": localtime(found.due).strftime("%Y-%m-%dT%H:%M")}
        return _page(request, case, "", {**typed, "is_proposed": "yes"})
    kind = typed["kind"] if typed["kind"] in owing.kinds_by_hand() else "reply"
    debtor = owing.person(typed["debtor"]) if typed["debtor"] else None
    if typed["debtor"] and debtor is None:
        return _page(request, case, "unknown", typed, 422)
    try:
        owing.make(case, owing.Made(kind, due, typed["text"], debtor), by=viewer_of(request).actor, at=at)
    except Invalid as error:
        return _page(request, case, _code(error), typed, 422)
    except MoveNotAllowed:
        return _page(request, case, "moved_on", typed, 409)
    return redirect("case" if "seq" in request.POST else "case-promises", number=number)


@require_POST
@signed_in("case.work")
def set_aside(request: HttpRequest, number: str) -> HttpResponse:
    """Take a proposed promise away: what the answer names is not to be kept in view."""
    case, kind, seq = (
        case_of(request, number),
        request.POST.get("kind", ""),
        figures.whole(request.POST.get("seq")),
    )
    if kind not in PROMISES or seq is None:
        return HttpResponseBadRequest("seq")
    try:
        owing.set_aside(case, kind, seq, by=viewer_of(request).actor, at=clock.now())
    except Invalid:
        return HttpResponseBadRequest("seq")
    return redirect("case", number=number)


@require_POST
@signed_in("case.work")
def act(request: HttpRequest, promise: UUID) -> HttpResponse:
    """Keep, cancel or put off a promise."""
    viewer = viewer_of(request)
    found = Promise.objects.visible_to(viewer).select_related("case").filter(uuid=promise).first()
    if found is None:
        raise Http404
    if not owing.may_change(found, viewer):
        raise PermissionDenied
    verb = _ACTS.get(request.POST.get("act", ""))
    if verb is None:
        return HttpResponseBadRequest("act")
    case = case_of(request, found.case.number)
    try:
        verb(request, found)
    except Invalid as error:
        return _page(request, case, _code(error), None, 422)
    except MoveNotAllowed:
        return _page(request, case, "moved_on", None, 409)
    return redirect("case-promises", number=case.number)


def _keep(request: HttpRequest, promise: Promise) -> None:
    owing.keep(promise, request.POST.get("reason", ""), by=viewer_of(request).actor, at=clock.now())


def _cancel(request: HttpRequest, promise: Promise) -> None:
    owing.cancel(promise, request.POST.get("reason", ""), by=viewer_of(request).actor, at=clock.now())


def _extend(request: HttpRequest, promise: Promise) -> None:
    due = _moment(request.POST.get("due_at", ""))
    if due is None:
        raise Invalid(due_at="missing")
    reason = request.POST.get("reason", "")
    owing.extend(promise, due, reason, by=viewer_of(request).actor, at=clock.now())


_ACTS: dict[str, Callable[[HttpRequest, Promise], None]] = {
    "keep": _keep,
    "cancel": _cancel,
    "extend": _extend,
}


def _moment(typed: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=get_current_timezone())


def _code(error: Invalid) -> str:
    return next(iter(error.fields.values()))


def _page(
    request: HttpRequest,
    case: Case,
    wrong: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    context: dict[str, Any] = {
        "case": case,
        "rows": _rows(case, viewer),
        "kinds": [(code, told.promise_name(code)) for code in owing.kinds_by_hand()],
        "typed": typed or {},
        "wrong": _(WRONG.get(wrong, wrong)) if wrong else "",
        "may_make": viewer.may("case.work") and case.is_open and case.kind != OBSERVATION,
    }
    return render(request, "desk/promises.html", context, status=status)


def _rows(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    found = {str(one.uuid): one for one in case.promises.select_related("debtor")}
    return [
        {
            **row,
            "about": found[row["id"]].about,
            "not_before": found[row["id"]].not_before,
            "first_due": found[row["id"]].first_due,
            "may_change": row["is_owed"] and owing.may_change(found[row["id"]], viewer),
            "may_put_off": found[row["id"]].state == Promise.RUNNING,
        }
        for row in promise_rows(found.values(), at=clock.now())
    ]
