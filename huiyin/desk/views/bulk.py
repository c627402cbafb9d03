"""POST /desk/bulk: the same for many cases of the list, each with its own outcome."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_POST

from huiyin.base import clock
from huiyin.cases import bulk, passing
from huiyin.cases.typed import Invalid
from huiyin.desk import changing
from huiyin.desk.access import signed_in, viewer_of
from huiyin.staff.viewer import Viewer

TYPED = ("do", "category", "priority", "team", "to", "reason")
OUTCOMES = {
    "done": noop("it is done"),
    "stale": noop("not changed: somebody changed it meanwhile"),
    "not_allowed": noop("not changed: not possible here, or not yours to do"),
    "not_found": noop("not changed: there is no such case, or you may not see it"),
    "busy": noop("not changed: the store is busy; try again"),
}


@require_POST
@signed_in("case.work")
def act(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    chosen = [_chosen(one) for one in request.POST.getlist("case")]
    try:
        outcomes = bulk.each(_job(request), chosen, viewer=viewer, at=clock.now())
    except Invalid as error:
        return _page(request, chosen, wrong=changing.wrong(error.fields), status=422)
    return _page(request, [], outcomes=outcomes)


def form(viewer: Viewer, typed: dict[str, str] | None = None) -> dict[str, Any]:
    """Return what the bar shows: what may be done, and what was typed."""
    return {
        "typed": typed or {"do": "accept"},
        "gives_work": viewer.may("case.reassign"),
        "categories": changing.categories(),
        "priorities": changing.priorities(),
        "teams": changing.places(),
    }


def _job(request: HttpRequest) -> bulk.Job:
    given = request.POST
    verb, edits = given.get("do", ""), ("category", "priority")
    if verb in edits:
        return bulk.Job("edit", {verb: given.get(verb, "")})
    return bulk.Job(
        verb,
        team=passing.team_of(given.get("team", "")) if verb == "transfer" and given.get("team") else None,
        to=passing.person_of(given.get("to", "")) if verb == "reassign" else None,
        reason=given.get("reason", ""),
    )


def _chosen(given: str) -> tuple[str, int | None]:
    number, _dot, version = given.partition(".")
    return number[:20], changing.version(version)


def _page(
    request: HttpRequest,
    chosen: list[tuple[str, int | None]],
    *,
    outcomes: list[bulk.Outcome] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    done = sum(one.outcome == bulk.DONE for one in outcomes or ())
    context = {
        "wrong": wrong,
        "chosen": [f"{number}.{version}" for number, version in chosen],
        "outcomes": [
            {"number": one.number, "words": _(OUTCOMES[one.outcome]), "outcome": one.outcome}
            for one in outcomes or ()
        ],
        "done": done,
        "count": len(outcomes or ()),
        "bulk": form(viewer_of(request), {name: request.POST.get(name, "") for name in TYPED}),
    }
    return render(request, "desk/bulk.html", context, status=status)
