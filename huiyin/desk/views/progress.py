"""POST /desk/cases/{number}/progress: how far the matter has come."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from huiyin.base import clock
from huiyin.cases import progress
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid
from huiyin.desk.access import case_of, signed_in, viewer_of


@require_POST
@signed_in("case.work")
def note(request: HttpRequest, number: str) -> HttpResponse:
    case, given = case_of(request, number), request.POST
    try:
        progress.note(
            case,
            given.get("progress", ""),
            given.get("text", "")[:2000],
            by=viewer_of(request).actor,
            at=clock.now(),
            client_id=given.get("client_id", "")[:60],
        )
    except (Invalid, MoveNotAllowed):
        # The list offers what there is, and only while the case is open: the page as it stands says the rest.
        return HttpResponseBadRequest("progress")
    return redirect("case", number=number)
