"""/desk/views: filters of the list, kept under a name for oneself or shared with a team."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.base.texts import in_words
from huiyin.cases import listing, saved_views, tagging
from huiyin.cases.kinds import STATUSES, WAITING_FOR
from huiyin.cases.models import SavedView
from huiyin.cases.typed import Invalid
from huiyin.desk import listed
from huiyin.desk.access import signed_in, viewer_of
from huiyin.rules import book as rulebook
from huiyin.rules.words import PRIORITIES
from huiyin.staff import teams
from huiyin.staff.viewer import Viewer

WHO = {
    "mine": noop("I work on it"),
    "owned": noop("I answer for it"),
    "watched": noop("I follow it"),
    "queue": noop("in the queue"),
    "all": noop("everything I may see"),
}
DUE = {"late": noop("late already"), "today": noop("due today")}
WRONG = {
    "missing": noop("Give the view a name."),
    "too_long": noop("This is too long; please shorten it."),
    "taken": noop("You have a view of this name already."),
    "too_many": noop("You have as many views as there may be; take one away first."),
    "unknown": noop("This filter cannot be used."),
}


@require_http_methods(["GET", "POST"])
@signed_in("case.read")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    acts = {"show": _show, "save": _save, "remove": _remove}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        return HttpResponseBadRequest("act")
    try:
        return act(request)
    except Invalid as error:
        return _page(request, _(WRONG[next(iter(error.fields.values()))]), 422)


def _show(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('desk')}?{urlencode(listing.checked(_typed(request)))}")


def _save(request: HttpRequest) -> HttpResponse:
    viewer, given = viewer_of(request), request.POST
    team = next((one for one in saved_views.shareable(viewer) if one.code == given.get("share")), None)
    if given.get("share") and team is None:
        raise PermissionDenied
    view = _own(request, viewer) if given.get("view") else None
    saved = saved_views.save(
        view, given.get("name", ""), _typed(request), team=team, by=viewer.actor, at=clock.now()
    )
    return redirect(f"{reverse('desk')}?{urlencode({'view': str(saved.uuid)})}")


def _remove(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    saved_views.remove(_own(request, viewer), by=viewer.actor, at=clock.now())
    return redirect("views")


def _own(request: HttpRequest, viewer: Viewer) -> SavedView:
    try:
        wanted = UUID(request.POST.get("view", ""))
    except ValueError:
        raise Http404 from None
    found = SavedView.objects.visible_to(viewer).filter(owner=viewer.staff_id, uuid=wanted).first()
    if found is None:
        raise Http404
    return found


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in listing.ALLOWED}


def _page(request: HttpRequest, wrong: str = "", status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    shown = listed.of(request, viewer)
    filters = _typed(request) if wrong else shown.filters
    own = shown.view if shown.view is not None and shown.view.owner_id == viewer.staff_id else None
    context = {
        "wrong": wrong,
        "views": [{**link, "own": True} for link in shown.links],
        "own": own,
        "name": request.POST.get("name", own.name if own else ""),
        "filters": filters,
        "choices": _choices(filters),
        "suggested": tagging.suggested(viewer),
        "shareable": saved_views.shareable(viewer),
        "shared_with": own.team.code if own and own.team else "",
    }
    return render(request, "desk/views.html", context, status=status)


def _choices(filters: Any) -> list[dict[str, Any]]:
    """Return the fields with a closed list: name, label, and (code, words, chosen) each."""
    book = rulebook.current()
    lists = {
        "who": (_("Whose"), [(code, _(words)) for code, words in WHO.items()]),
        "status": (_("Status"), STATUSES.items()),
        "waiting_for": (_("What it waits for"), WAITING_FOR.items()),
        "category": (_("Category"), [(code, in_words(book.name_of(code))) for code in book.categories]),
        "priority": (_("Priority"), [(code, _(words)) for code, words in PRIORITIES.items()]),
        "team": (_("Team"), [(team.code, str(team)) for team in teams.everything() if not team.retired_at]),
        "due": (_("Due"), [(code, _(words)) for code, words in DUE.items()]),
    }
    return [
        {
            "name": name,
            "label": label,
            "options": [(code, words, filters.get(name) == code) for code, words in options],
        }
        for name, (label, options) in lists.items()
    ]
