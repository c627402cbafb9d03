"""/desk/cases/{number}/colleagues: whom a note can name, as a fragment for who writes one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huiyin.base import clock
from huiyin.cases import colleagues
from huiyin.desk.access import case_of, signed_in, viewer_of


@require_GET
@signed_in("case.work")
def found(request: HttpRequest, number: str) -> HttpResponse:
    """The colleagues who may see the case and whose number or name `q` begins or is a part of; empty for none."""
    case, viewer = case_of(request, number), viewer_of(request)
    people = colleagues.seeing(case, request.GET.get("q", ""), viewer, at=clock.now())
    return render(request, "desk/case/_colleagues.html", {"people": people})
