"""What a case still needs, from its page: asked from the customer in one click, or struck off by who knows it."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from huiyin.base import clock
from huiyin.cases import completing
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.desk import figures
from huiyin.desk.access import case_of, signed_in, viewer_of


@require_POST
@signed_in("case.work")
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Ask, or with `known` strike that off; what changed meanwhile is on the page that is shown then."""
    case, by, known = case_of(request, number), viewer_of(request).actor, request.POST.get("known", "")
    version = figures.whole(request.POST.get("version"))
    if known and version is None:
        return HttpResponseBadRequest("version")
    with suppress(completing.NothingToAsk, MoveNotAllowed, Invalid, Stale):
        if known and version is not None:
            completing.note_known(case, [known], by=by, at=clock.now(), version=version)
        else:
            completing.ask(case, by=by, at=clock.now())
    return redirect("case", number=number)
