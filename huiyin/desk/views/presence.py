"""POST /desk/presence: online, busy, away or offline."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from huiyin.base import clock
from huiyin.desk.access import signed_in, viewer_of
from huiyin.duty import presence
from huiyin.staff.models import Staff


@require_POST
@signed_in("case.work")
def change(request: HttpRequest) -> HttpResponse:
    staff = request.user
    assert isinstance(staff, Staff)
    try:
        presence.change(staff, request.POST.get("state", ""), by=viewer_of(request).actor, at=clock.now())
    except ValueError:
        return HttpResponseBadRequest("state")
    return redirect("desk")
