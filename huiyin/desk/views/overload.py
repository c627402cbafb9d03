"""/desk/overload: saying that one is at the limit, and what a lead does for those who said so."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.cases import bulk, passing
from huiyin.cases.typed import Invalid
from huiyin.desk import changing, office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.rows import rows
from huiyin.desk.views.bulk import OUTCOMES
from huiyin.duty import helping, overload
from huiyin.duty.models import Overload
from huiyin.notices import words
from huiyin.rules import book as rulebook
from huiyin.staff.refusal import Refusal
from huiyin.staff.viewer import Viewer

SHOWN = 50
TYPED = ("report", "do", "to", "team", "reason", "word", "until")


@require_http_methods(["GET", "POST"])
@signed_in("case.work")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    act = _ACTS.get(office.word(request, "act"))
    if act is None:
        return HttpResponseBadRequest("act")
    try:
        return act(request)
    except Invalid as error:
        return _page(request, {"wrong": changing.wrong(error.fields)}, 422)
    except Refusal as refusal:
        return _page(request, {"wrong": str(refusal)}, 422)
    except helping.Ended:
        return _page(request, {"wrong": _("The report has ended meanwhile; nothing was changed.")}, 409)


def _say(request: HttpRequest) -> HttpResponse:
    until, by = office.moment(request, "until"), viewer_of(request).actor
    overload.report(office.me(request), office.word(request, "word"), until, by=by, at=clock.now())
    return redirect("overload")


def _end(request: HttpRequest) -> HttpResponse:
    """End one's own report, or that of somebody whom one helps."""
    by, named = viewer_of(request).actor, office.word(request, "report")
    report = _helped(request) if named else overload.standing(office.me(request))
    if report is not None:
        overload.end(report, office.word(request, "word"), by=by, at=clock.now())
    return redirect("overload" if named else "desk")


def _relieve(request: HttpRequest) -> HttpResponse:
    team, to = office.word(request, "team"), office.word(request, "to")
    verb = office.word(request, "do")
    job = bulk.Job(
        verb,
        team=passing.team_of(team) if verb == "transfer" and team else None,
        to=passing.person_of(to) if verb == "reassign" else None,
        reason=office.word(request, "reason"),
    )
    chosen = [_chosen(one) for one in request.POST.getlist("case")]
    done = helping.relieve(_helped(request), job, chosen, viewer=viewer_of(request), at=clock.now())
    outcomes = [
        {"number": one.number, "outcome": one.outcome, "words": _(OUTCOMES[one.outcome])} for one in done
    ]
    return _page(request, {"outcomes": outcomes, "typed": {}})


_ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"say": _say, "end": _end, "relieve": _relieve}


def _chosen(given: str) -> tuple[str, int | None]:
    number, _dot, version = given.partition(".")
    return number[:20], changing.version(version)


def _helped(request: HttpRequest) -> Overload:
    """Return the report that the form names, if the visitor may help there."""
    viewer = viewer_of(request)
    try:
        uuid = UUID(office.word(request, "report"))
    except ValueError:
        raise Http404 from None
    seen = Overload.objects.visible_to(viewer, at=clock.now()).select_related("staff")
    report = seen.filter(uuid=uuid).first()
    if report is None:
        raise Http404
    if not helping.helps(viewer, report):
        raise PermissionDenied
    return report


def _page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    viewer, at, me = viewer_of(request), clock.now(), office.me(request)
    own = overload.latest(me)
    stands = own is not None and own.is_in_force(at=at)
    gives_work = viewer.may("case.reassign")
    context = {
        **office.frame(request, "overload"),
        "own": own,
        "stands": stands,
        "told": overload.told(me, at=at),
        "by_lead": own is not None and own.ended_how == Overload.BY_LEAD,
        "gives_work": gives_work,
        "others": _others(viewer, at) if gives_work else [],
        "teams": changing.places() if gives_work else [],
        "lends": viewer.may("role.lend"),
        "number": viewer.number,
        "typed": {name: request.POST.get(name, "") for name in TYPED},
        **(more or {}),
    }
    return render(request, "desk/overload.html", context, status=status)


def _others(viewer: Viewer, at: datetime) -> list[dict[str, Any]]:
    """Return each colleague at the limit with what they carry: four queries, however many they are."""
    seen = Overload.objects.visible_to(viewer, at=at).in_force(at=at).exclude(staff_id=viewer.staff_id)
    reports = list(seen.select_related("staff").order_by("since", "id"))
    carried = helping.carried([one.staff_id for one in reports], viewer, at=at)
    book = rulebook.current()
    return [
        {
            "it": report,
            "carried": (found := carried.get(report.staff_id, helping.Carried())),
            "count": len(found.cases),
            "rows": rows(found.cases[:SHOWN], at=at, book=book),
            "next": words.next_words(found.next_kind, found.next_due),
        }
        for report in reports
    ]
