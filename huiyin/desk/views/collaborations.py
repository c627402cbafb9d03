"""/desk/requests: what my department is asked for, what waits for my approval, and what was raised to me."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.base.texts import in_words
from huiyin.cases import collaboration, compensation, escalation, shared, told
from huiyin.cases.kinds import REQUEST_STATES, STATUSES
from huiyin.cases.models import Collaboration, Promise
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.desk import figures
from huiyin.desk.access import signed_in, viewer_of
from huiyin.rules import book as rulebook
from huiyin.staff.viewer import Viewer

SHOWN = 50
WRONG = {
    "missing": noop("Write a few words first."),
    "stale": noop("Somebody changed this meanwhile. Look at it again, then decide."),
    "moved_on": noop("This is not possible any more: the request has moved on."),
    "own": noop("Somebody else decides on what you proposed."),
}
# In the order of the buttons; what goes on comes first, what ends it unanswered last and never stands out.
VERBS = {
    "approve": noop("Approve"),
    "accept": noop("Take it on"),
    "answer": noop("Answer"),
    "finish": noop("Finish"),
    "refuse": noop("Do not approve"),
    "return": noop("Return it"),
    "withdraw": noop("Withdraw"),
}
GOES_ON = ("approve", "accept", "answer", "finish")


@require_http_methods(["GET", "POST"])
@signed_in()
def page(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if request.method == "GET":
        return _page(request, viewer)
    wrong, status = step(request, viewer)
    if not wrong:
        return redirect("requests")
    return _page(request, viewer, wrong, status)


def step(request: HttpRequest, viewer: Viewer) -> tuple[str, int]:
    """Take the step of the form; return what was wrong with it in words, and the status to answer with."""
    found, verb = _asked(request, viewer), request.POST.get("verb", "")
    if verb not in collaboration.STEPS:
        raise Http404
    if not collaboration.may(viewer, found, verb):
        raise PermissionDenied
    act = compensation.decide if found.kind == Collaboration.APPROVAL else collaboration.act
    try:
        act(
            found,
            verb,
            by=viewer.actor,
            at=clock.now(),
            version=figures.whole(request.POST.get("version")) or 0,
            text=request.POST.get("text", ""),
        )
    except Invalid:
        return _(WRONG["missing"]), 422
    except Stale:
        return _(WRONG["stale"]), 409
    except MoveNotAllowed:
        return _(WRONG["moved_on"]), 409
    except compensation.OwnProposal:
        return _(WRONG["own"]), 409
    return "", 200


def request_rows(requests: list[Collaboration], viewer: Viewer) -> list[dict[str, Any]]:
    """Return requests as both pages show them, each with what this person may do with it: six queries at most."""
    seen = shared.summaries(requests)
    names = told.names_of([entry for one in seen.values() for entry, _words in one.entries])
    steps = collaboration.open_steps(requests, viewer)
    return [{**_row(one, seen[one.pk], names), "verbs": _verbs(steps[one.pk])} for one in requests]


def _verbs(steps: list[str]) -> list[tuple[str, str, bool]]:
    ordered = [verb for verb in VERBS if verb in steps]
    return [(verb, _(VERBS[verb]), verb == ordered[0] and verb in GOES_ON) for verb in ordered]


def _row(one: Collaboration, seen: shared.Summary, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": str(one.uuid),
        "version": one.version,
        "number": seen.number,
        "title": seen.title,
        "category": in_words(rulebook.current().name_of(seen.category)),
        "case_status": STATUSES[seen.status],
        "subject": told.subject(one.subject),
        "department": str(one.department),
        "state": one.state,
        "state_words": REQUEST_STATES[one.state],
        "is_pending": one.is_pending,
        "due": one.promise.due_at if one.promise else None,
        "is_late": one.promise is not None and one.promise.state == Promise.BROKEN,
        "assignee": one.assignee.name if one.assignee else "",
        "asked_by": one.asked_by.name,
        "entries": [
            {"sentence": told.sentence(entry, names), "text": words.text, "at": entry.at}
            for entry, words in seen.entries
        ],
    }


def _page(request: HttpRequest, viewer: Viewer, wrong: str = "", status: int = 200) -> HttpResponse:
    waiting = Collaboration.objects.visible_to(viewer).with_people().pending().by_due()
    context = {
        "wrong": wrong,
        "rows": request_rows(list(waiting[:SHOWN]), viewer),
        "raised": [
            {
                "number": case.number,
                "title": case.title,
                "status_words": STATUSES[case.status],
                "next_due": case.next_due,
            }
            for case in escalation.raised_to(viewer)[:SHOWN]
        ],
        "reads_cases": bool(viewer.scopes),
    }
    return render(request, "desk/requests.html", context, status=status)


def _asked(request: HttpRequest, viewer: Viewer) -> Collaboration:
    try:
        uuid = UUID(request.POST.get("asked", ""))
    except ValueError:
        raise Http404 from None
    found = Collaboration.objects.visible_to(viewer).with_people().filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found
