"""POST /desk/cases/{number}/draft: what somebody is typing is kept, by script as they type or by a button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from huiyin.base import clock
from huiyin.cases import drafts
from huiyin.cases.typed import Invalid
from huiyin.desk import figures
from huiyin.desk.access import case_of, signed_in, viewer_of


@require_POST
@signed_in("case.work")
def save(request: HttpRequest, number: str) -> HttpResponse:
    case, given = case_of(request, number), request.POST
    by_script = request.headers.get("X-Draft") == "script"
    try:
        drafts.save(
            case,
            given.get("text", ""),
            kind=given.get("mode", "reply"),
            seen_seq=seen_seq(request) or 0,
            client_id=given.get("client_id", "")[:60],
            by=viewer_of(request).actor,
            at=clock.now(),
        )
    except Invalid:
        return HttpResponse(status=422)
    return HttpResponse(status=204) if by_script else redirect("case", number=number)


def seen_seq(request: HttpRequest) -> int | None:
    """Return the last entry that stood on the page from which the form came."""
    return figures.whole(request.POST.get("seen_seq"))
