"""/desk/exports: exports that need an approval, asked for by me or waiting for my decision."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.base.texts import in_words
from huiyin.cases import exporting, exports
from huiyin.cases.kinds import STATUSES
from huiyin.cases.models import Export
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.views.records import sent
from huiyin.rules import book as rulebook
from huiyin.staff import teams
from huiyin.staff.viewer import Viewer

SHOWN = 50
RIGHTS = {"approve": "approve", "refuse": "approve", "withdraw": "export", "take": "export"}


@require_http_methods(["GET", "POST"])
@signed_in()
def page(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if not (viewer.may("export") or viewer.may("approve")):
        raise PermissionDenied
    if request.method == "GET":
        return _page(request, viewer)
    act = request.POST.get("act", "")
    if act not in RIGHTS:
        return HttpResponseBadRequest("act")
    if not viewer.may(RIGHTS[act]):
        raise PermissionDenied
    found, at = _asked(request, viewer), clock.now()
    try:
        if act == "take":
            return sent(exports.take(found, viewer=viewer, at=at))
        verb: exports.Verb = "approve" if act == "approve" else "refuse" if act == "refuse" else "withdraw"
        exports.decide(found, verb, by=viewer.actor, at=at, words=request.POST.get("words", ""))
    except exporting.NotPlain:
        raise PermissionDenied from None
    except Invalid:
        return _page(request, viewer, _("Write a few words first."), 422)
    except exports.OwnRequest:
        return _page(request, viewer, _("Somebody else decides on what you asked for."), 409)
    except MoveNotAllowed:
        return _page(
            request, viewer, _("This is not possible any more: it was decided, or its day is over."), 409
        )
    return redirect("exports")


def _asked(request: HttpRequest, viewer: Viewer) -> Export:
    try:
        uuid = UUID(request.POST.get("export", ""))
    except ValueError:
        raise Http404 from None
    found = Export.objects.visible_to(viewer).with_people().filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, viewer: Viewer, wrong: str = "", status: int = 200) -> HttpResponse:
    seen = Export.objects.visible_to(viewer).with_people().order_by("-id")[:SHOWN]
    names = {team.code: str(team) for team in teams.everything()}
    context = {
        **office.frame(request, "records"),
        "wrong": wrong,
        "may_export": viewer.may("export"),
        "rows": [_row(one, viewer, names) for one in seen],
    }
    return render(request, "desk/exports.html", context, status=status)


def _row(one: Export, viewer: Viewer, names: dict[str, str]) -> dict[str, Any]:
    is_own, waits = one.asked_by_id == viewer.staff_id, one.state == Export.ASKED
    return {
        "it": one,
        "cases": len(one.numbers),
        "chosen": " · ".join(_chosen(one.chosen, names)),
        "state_words": exports.STATES[one.state],
        "may_decide": waits and not is_own and viewer.may("approve"),
        "may_withdraw": waits and is_own,
        "may_take": is_own and one.can_be_taken(at=clock.now()),
    }


def _chosen(chosen: dict[str, str], names: dict[str, str]) -> list[str]:
    words = []
    if chosen.get("from") or chosen.get("to"):
        words.append(f"{chosen.get('from', '…')} – {chosen.get('to', '…')}")
    if chosen.get("status") in STATUSES:
        words.append(str(STATUSES[chosen["status"]]))
    if chosen.get("team"):
        words.append(names.get(chosen["team"], chosen["team"]))
    if chosen.get("category"):
        words.append(in_words(rulebook.current().name_of(chosen["category"])))
    return words
