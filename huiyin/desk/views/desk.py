"""/desk: my work by next promise, the queue, and what I should know."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock
from huiyin.cases import listing, owing, told
from huiyin.cases.kinds import REQUEST_STATES
from huiyin.cases.models import NEVER, Case, CaseQuerySet, Collaboration
from huiyin.desk import listed, office, sections
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.rows import notice_rows
from huiyin.desk.views import bulk
from huiyin.duty import presence
from huiyin.intake import blocked
from huiyin.notices import tell
from huiyin.staff.viewer import Viewer

SHOWN, QUEUE_SHOWN = 50, 25
NOTICES_SHOWN = 8
FOLLOWED, EVERYTHING = {"who": "watched"}, {"who": "all"}


@require_GET
@signed_in()
def page(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    choosing = viewer.may("case.work") and request.GET.get("choose") == "1"
    context = {"choosing": choosing, "bulk": bulk.form(viewer) if choosing else None}
    return render(request, "desk/desk.html", {**frame(request), **context})


@require_GET
@signed_in()
def lists(request: HttpRequest) -> HttpResponse:
    """The left column alone, which the page fetches again when a hint comes."""
    return render(request, "desk/desk/_lists.html", frame(request))


@require_POST
@signed_in()
def read_notices(request: HttpRequest) -> HttpResponse:
    tell.read_all(viewer_of(request).staff_id, at=clock.now())
    if request.headers.get("HX-Request"):
        return lists_now(request)
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "desk")


def lists_now(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/desk/_lists.html", frame(request))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what every page of the desk shows around its middle; beside an open case only the top of each list."""
    viewer, at, current = viewer_of(request), clock.now(), _current(request)
    shown = listed.of(request, viewer)
    state, rests_until = presence.shown(office.me(request))
    lists = _filtered(shown, at) if shown.filters else _usual(viewer)
    asked = [] if viewer.scopes else _asked(viewer, at)
    return {
        "sections": sections.of(lists, viewer, is_beside=bool(current), at=at),
        "asked": asked,
        "views": shown.links,
        "view": shown.view,
        "follows_only": shown.filters == FOLLOWED,
        "sees_all": shown.filters == EVERYTHING,
        "is_filtered": bool(shown.filters),
        "listing": shown.query,
        "notices": notice_rows(tell.unread(viewer.staff_id, limit=NOTICES_SHOWN)),
        "presence": state,
        "rests_until": rests_until if rests_until and rests_until > at else None,
        "rests_on": rests_until == NEVER,
        "presences": presence.WORDS.items(),
        "works": viewer.may("case.work"),
        "gives_work": viewer.may("case.reassign"),
        "sees_cases": bool(viewer.scopes),
        "blocked": blocked.count(blocked.seen_by(viewer)) if viewer.may("case.void") else None,
        "current": current,
        "house": office.first_page(request),
    }


def _current(request: HttpRequest) -> str:
    """Return the number of the case that stands open beside the list, which marks its row."""
    match = request.resolver_match
    return str(match.kwargs["number"]) if match and match.kwargs else request.GET.get("case", "")


def _usual(viewer: Viewer) -> list[sections.Wanted]:
    if not viewer.scopes:
        return []
    empty = _("The queue is empty. New messages appear here by themselves.")
    nothing = _("Nothing waits for you. What you take or are given stands here.")
    return [
        sections.Wanted("mine", _("My work"), _mine, SHOWN, nothing),
        sections.Wanted("owed", _("Promised by me elsewhere"), owing.elsewhere, SHOWN),
        sections.Wanted("queue", _("Queue"), _queue, QUEUE_SHOWN, empty),
    ]


def _filtered(shown: listed.Listed, at: datetime) -> list[sections.Wanted]:
    def cases(viewer: Viewer) -> CaseQuerySet:
        visible = Case.objects.visible_to(viewer).near(viewer)
        return listing.narrowed(visible, shown.filters, viewer, at=at)

    title = shown.view.name if shown.view else _("Found")
    if shown.filters == FOLLOWED:
        title = _("Followed")
    if shown.filters == EVERYTHING:
        title = _("All open cases")
    return [sections.Wanted("found", title, cases, SHOWN, _("No case passes this filter."), stands=False)]


def _asked(viewer: Viewer, at: datetime) -> list[dict[str, Any]]:
    """Return what waits for the department of somebody who sees no cases, most urgent first."""
    waiting = Collaboration.objects.visible_to(viewer).pending().select_related("promise").by_due()[:SHOWN]
    return [
        {
            "subject": told.subject(one.subject),
            "state_words": REQUEST_STATES[one.state],
            "due": one.promise.due_at if one.promise else None,
            "is_late": one.promise is not None and one.promise.due_at <= at,
            "href": f"{reverse('requests')}#request-{one.uuid}",
        }
        for one in waiting
    ]


def _mine(viewer: Viewer) -> CaseQuerySet:
    return Case.objects.visible_to(viewer).working_on(viewer.staff_id).in_work()


def _queue(viewer: Viewer) -> CaseQuerySet:
    return Case.objects.visible_to(viewer).queued()
