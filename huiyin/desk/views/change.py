"""/desk/cases/{number}/change: what a case is, who works on it, and taking it out of the way or back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock
from huiyin.cases import editing, moving, passing
from huiyin.cases.kinds import NEEDS, STATUSES
from huiyin.cases.models import Case
from huiyin.cases.moves import MOVES
from huiyin.cases.typed import Invalid
from huiyin.desk import acting, changing
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.acting import Act, Form
from huiyin.staff.viewer import Viewer

TYPED = ("category", "goal", "priority", "title", "emotion", "language", "department", "team", "to", "reason")
CHOSEN = ("category", "priority", "emotion", "language")
MOVED = ("void", "restore")  # opening again belongs to the end of a case, in `finishing`


@require_GET
@signed_in("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, case_of(request, number))


@require_POST
@signed_in("case.work")
def act(request: HttpRequest, number: str) -> HttpResponse:
    return acting.act(request, number, _FORM)


def _edit(request: HttpRequest, case: Case) -> Case:
    given = request.POST
    changes: dict[str, Any] = {
        name: given[name] for name in CHOSEN if given.get(name) and given[name] != getattr(case, name)
    }
    changes |= {name: given[name] for name in ("title", "department") if name in given}
    if given.get("goal", case.goal) != case.goal:
        changes["goal"] = given["goal"]  # one that nobody touched follows the category
    if case.is_open:
        changes["is_complex"] = "is_complex" in given
        needs = given.getlist("missing")
        # A list that nobody touched follows the category.
        changes |= {"missing": needs} if set(needs) != set(case.missing) else {}
    return editing.edit(
        case, changes, by=viewer_of(request).actor, at=clock.now(), version=acting.version(request)
    )


def _transfer(request: HttpRequest, case: Case) -> Case:
    viewer, given = viewer_of(request), request.POST
    _allow(passing.may_pass_on(viewer, case))
    if not given.get("team"):
        raise Invalid(team="missing")
    team = passing.team_of(given["team"])
    to = passing.person_of(given["to"]) if given.get("to", "").strip() else None
    reason, at = given.get("reason", ""), clock.now()
    return passing.transfer(
        case, team, reason, to=to, by=viewer.actor, at=at, version=acting.version(request)
    )


def _reassign(request: HttpRequest, case: Case) -> Case:
    viewer = viewer_of(request)
    _allow(passing.gives_work(viewer, case))
    to, reason = passing.person_of(request.POST.get("to", "")), request.POST.get("reason", "")
    return passing.reassign(
        case, to, reason, by=viewer.actor, at=clock.now(), version=acting.version(request)
    )


def _give_back(request: HttpRequest, case: Case) -> Case:
    viewer = viewer_of(request)
    _allow(passing.may_give_back(viewer, case))
    reason = request.POST.get("reason", "")
    return passing.give_back(case, reason, by=viewer.actor, at=clock.now(), version=acting.version(request))


def _move(request: HttpRequest, case: Case) -> Case:
    viewer, name = viewer_of(request), request.POST["act"]
    _allow(viewer.may(MOVES[name].needs))
    reason = request.POST.get("reason", "")
    return moving.make(
        case, name, reason=reason, by=viewer.actor, at=clock.now(), version=acting.version(request)
    )


_ACTS: dict[str, Act] = {
    "edit": _edit,
    "transfer": _transfer,
    "reassign": _reassign,
    "give-back": _give_back,
    **dict.fromkeys(MOVED, _move),
}


def _allow(may: bool) -> None:
    if not may:
        raise PermissionDenied


def _page(request: HttpRequest, case: Case, wrong: str = "", status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    context = {
        "case": case,
        "status_words": STATUSES[case.status],
        "wrong": wrong,
        "may": _may(viewer, case),
        "form": _typed(request, case),
        "acted": request.POST.get("act", ""),
        "needs": [(need, words, need in _needs(request, case)) for need, words in NEEDS.items()],
        "categories": changing.categories(case.category),
        "no_category": "" if case.category else _("none"),
        "goals": changing.goals(),
        "none": _("none"),
        "priorities": changing.priorities(),
        "emotions": changing.emotions(),
        "languages": changing.languages(case.language),
        "departments": changing.places(),
        "teams": changing.places(but=case.team.code),
        "workers": [
            (one.number, one.name)
            for one in passing.workers_of(
                case.team, site=case.site_id, category=case.category, at=clock.now()
            )
            if one.pk != case.handler_id
        ],
    }
    return render(request, "desk/change.html", context, status=status)


def _may(viewer: Viewer, case: Case) -> dict[str, bool]:
    works, passable = viewer.may("case.work"), passing.can_be_passed_on(case)
    moves = {
        name: works and viewer.may(MOVES[name].needs) and case.status in MOVES[name].leaves for name in MOVED
    }
    moves["restore"] = moves["restore"] and case.merged_into_id is None  # undoing the merge brings it back
    return {
        "edit": works and case.status != Case.VOID,
        "edit_all": case.is_open,
        "transfer": passable and passing.may_pass_on(viewer, case),
        "reassign": passing.can_be_given(case) and works and passing.gives_work(viewer, case),
        "give_back": passable and case.handler_id is not None and passing.may_give_back(viewer, case),
        **moves,
    }


def _typed(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Return what the forms show: what was typed, else what stands."""
    stands: dict[str, Any] = {name: getattr(case, name, "") for name in TYPED}
    stands |= {
        "department": case.department.code if case.department else "",
        "team": "",
        "to": "",
        "reason": "",
    }
    stands["is_complex"] = case.is_complex
    if request.method != "POST":
        return stands
    typed: dict[str, Any] = {name: request.POST[name] for name in TYPED if name in request.POST}
    if request.POST.get("act") == "edit":
        typed["is_complex"] = "is_complex" in request.POST
    return stands | typed


def _needs(request: HttpRequest, case: Case) -> list[str]:
    return request.POST.getlist("missing") if request.POST.get("act") == "edit" else case.missing


_FORM = Form(
    acts=_ACTS,
    page=_page,
    wrong=lambda error: changing.wrong(error.fields),
    then=lambda case, shown: redirect("case", number=case.number),
)
