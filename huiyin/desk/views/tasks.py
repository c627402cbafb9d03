"""/desk/tasks: what was assigned to me, by me and in my teams. /desk/cases/{number}/task: one of them, to its end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.base import clock
from huiyin.cases import acceptance, assigning, bodies, plans
from huiyin.cases.assigning import Change, Given
from huiyin.cases.models import Assignment, Case
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.desk import figures
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.rows import rows
from huiyin.rules import book as rulebook
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer

SHOWN = 100
FIELDS = ("receiver", "title", "details", "due_at", "customer", "priority")
LISTS = {
    "mine": gettext_lazy("For me"),
    "assigned": gettext_lazy("Assigned by me"),
    "team": gettext_lazy("In my teams"),
}
STATES = {
    Case.NEW: gettext_lazy("assigned"),
    Case.OPEN: gettext_lazy("in progress"),
    Case.WAITING: gettext_lazy("waiting"),
    Case.RESOLVED: gettext_lazy("handed in"),
    Case.CLOSED: gettext_lazy("accepted"),
    Case.VOID: gettext_lazy("withdrawn"),
}
WRONG = {
    "missing": noop("Fill in what is still empty: who, what, how, by when, and for a decision the reason."),
    "too_long": noop("Use fewer words."),
    "unknown": noop("There is no such person or customer in your reach."),
    "yourself": noop("Choose somebody else: nobody accepts their own result."),
    "has_it_already": noop("They have the task already."),
    "not_after_now": noop("The time has passed already."),
    "too_far": noop("Choose a time within a year."),
    "not_a_share": noop("Completeness is a number from 0 to 100."),
    "stale": noop("Somebody changed this meanwhile. Look at it again, then decide."),
    "moved_on": noop("This is not possible any more: the task has moved on."),
}


@require_GET
@signed_in("case.read")
def page(request: HttpRequest) -> HttpResponse:
    return _list(request)


@require_POST
@signed_in("case.reassign")
def assign(request: HttpRequest) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        made = assigning.assign(_given(typed, viewer, at), by=viewer.actor, at=at)
    except Invalid as error:
        return _list(request, _words(error), typed, 422)
    return redirect("case-task", number=made.case.number)


@require_http_methods(["GET", "POST"])
@signed_in("case.read")
def task(request: HttpRequest, number: str) -> HttpResponse:
    case, viewer = case_of(request, number), viewer_of(request)
    found = Assignment.objects.visible_to(viewer).with_people().filter(case=case).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return _task(request, found)
    return _act(request, found, viewer)


def _act(request: HttpRequest, found: Assignment, viewer: Viewer) -> HttpResponse:
    act, version = request.POST.get("act", ""), figures.whole(request.POST.get("version"))
    if act not in _ACTS or version is None:
        return HttpResponseBadRequest("act")
    allowed = viewer.may("case.work") if act == "object" else acceptance.may_decide(found.case, viewer)
    if not allowed:
        raise PermissionDenied
    try:
        _ACTS[act](request, found, version)
    except Invalid as error:
        return _task(request, found, _words(error), 422)
    except Stale:
        return _task(request, _fresh(found, viewer), _(WRONG["stale"]), 409)
    except MoveNotAllowed:
        return _task(request, _fresh(found, viewer), _(WRONG["moved_on"]), 409)
    return redirect("case-task", number=found.case.number)


def _object(request: HttpRequest, found: Assignment, version: int) -> None:
    by, text = viewer_of(request).actor, request.POST.get("text", "")
    assigning.object_to(found, text, by=by, at=clock.now(), version=version)


def _decide(request: HttpRequest, found: Assignment, version: int) -> None:
    viewer, at, text = viewer_of(request), clock.now(), request.POST.get("text", "")
    number, due = request.POST.get("receiver", ""), request.POST.get("due_at", "")
    receiver, team = _receiver(number, viewer, at) if number else (None, None)
    wanted = Change(_moment(due) if due else None, receiver, team)
    assigning.decide(found, wanted, text, by=viewer.actor, at=at, version=version)


def _accept(request: HttpRequest, found: Assignment, version: int) -> None:
    typed = figures.whole(request.POST.get("completeness"), most_digits=3)
    completeness = -1 if typed is None else typed
    by = viewer_of(request).actor
    assigning.accept_result(found, completeness, by=by, at=clock.now(), version=version)


def _return(request: HttpRequest, found: Assignment, version: int) -> None:
    due, text = _moment(request.POST.get("due_at", "")), request.POST.get("text", "")
    by = viewer_of(request).actor
    assigning.give_back(found, due, text, by=by, at=clock.now(), version=version)


def _withdraw(request: HttpRequest, found: Assignment, version: int) -> None:
    by, text = viewer_of(request).actor, request.POST.get("text", "")
    assigning.withdraw(found, text, by=by, at=clock.now(), version=version)


_ACTS: dict[str, Callable[[HttpRequest, Assignment, int], None]] = {
    "object": _object,
    "decide": _decide,
    "accept": _accept,
    "return": _return,
    "withdraw": _withdraw,
}


def _given(typed: dict[str, str], viewer: Viewer, at: datetime) -> Given:
    receiver, team = _receiver(typed["receiver"], viewer, at)
    customer = plans.customer_of(typed["customer"], viewer) if typed["customer"] else None
    if typed["customer"] and customer is None:
        raise Invalid(customer="unknown")
    priority = "urgent" if typed["priority"] == "urgent" else "normal"
    due = _moment(typed["due_at"])
    return Given(receiver, team, typed["title"], typed["details"], due, customer, priority)


def _receiver(number: str, viewer: Viewer, at: datetime) -> tuple[Staff, Team]:
    if not number:
        raise Invalid(receiver="missing")
    found = next((one for one in assigning.receivers(viewer, at=at) if one[0].number == number), None)
    if found is None:
        raise Invalid(receiver="unknown")
    return found


def _moment(typed: str) -> datetime:
    try:
        found = datetime.fromisoformat(typed)
        return found if found.tzinfo else make_aware(found)
    except (ValueError, OverflowError):
        raise Invalid(due_at="missing") from None


def _words(error: Invalid) -> str:
    code = next(iter(error.fields.values()))
    return _(WRONG.get(code, code))


def _fresh(found: Assignment, viewer: Viewer) -> Assignment:
    return Assignment.objects.visible_to(viewer).with_people().get(pk=found.pk)


def _list(
    request: HttpRequest, wrong: str = "", typed: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    shown = request.GET.get("list", "mine") if request.method == "GET" else "assigned"
    shown = shown if shown in LISTS else "mine"
    found = Assignment.objects.visible_to(viewer).with_people().by_due()
    if shown == "mine":
        found = found.filter(case__handler_id=viewer.staff_id)
    elif shown == "assigned":
        found = found.filter(assigned_by_id=viewer.staff_id)
    may_assign = viewer.may("case.reassign")
    tomorrow = localtime(at + timedelta(days=1)).replace(hour=18, minute=0)
    context = {
        "lists": [{"code": code, "words": words, "is_here": code == shown} for code, words in LISTS.items()],
        "rows": _rows(list(found[:SHOWN]), at),
        "may_assign": may_assign,
        "receivers": assigning.receivers(viewer, at=at) if may_assign else [],
        "typed": {"due_at": tomorrow.strftime("%Y-%m-%dT%H:%M"), **(typed or {})},
        "wrong": wrong,
    }
    return render(request, "desk/tasks.html", context, status=status)


def _rows(found: list[Assignment], at: datetime) -> list[dict[str, Any]]:
    shown = rows([one.case for one in found], at=at, book=rulebook.current())
    return [
        {
            **row,
            "state_words": STATES[one.case.status],
            "handler": one.case.handler.name if one.case.handler else "",
            "team": str(one.case.team),
            "objected": one.objected_at is not None,
            "assigned_by": one.assigned_by.name,
        }
        for row, one in zip(shown, found, strict=True)
    ]


def _task(request: HttpRequest, found: Assignment, wrong: str = "", status: int = 200) -> HttpResponse:
    viewer, at, case = viewer_of(request), clock.now(), found.case
    said = _said(case)
    in_hand = case.status in assigning.IN_HAND
    decides = acceptance.may_decide(case, viewer)
    context = {
        "case": case,
        "task": found,
        "row": _rows([found], at)[0],
        **{name: said.get(kind, "") for name, kind in _TOLD.items()},
        "may_object": in_hand and found.objected_at is None and case.handler_id == viewer.staff_id,
        "may_change": in_hand and decides,
        "may_accept": case.status == Case.RESOLVED and decides,
        "receivers": assigning.receivers(viewer, at=at) if in_hand and decides else [],
        "wrong": wrong,
        "typed_text": request.POST.get("text", ""),
    }
    return render(request, "desk/task.html", context, status=status)


_TOLD = {"details": "task.opened", "result": "case.resolved", "objection": "task.objected"}


def _said(case: Case) -> dict[str, str]:
    """Return the last words of each kind that the page shows, masked: two queries."""
    words = bodies.of(case, plain=False)
    entries = case.entries.filter(kind__in=_TOLD.values()).order_by("seq")
    return {entry.kind: words[entry.seq].text for entry in entries if entry.seq in words}
