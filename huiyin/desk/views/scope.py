"""Going on duty: what one may do, in words, confirmed before work begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.desk.access import signed_in, viewer_of
from huiyin.dispatch import ready
from huiyin.staff import viewer
from huiyin.staff.models import Staff


@require_http_methods(["GET", "POST"])
@signed_in()
def confirm(request: HttpRequest) -> HttpResponse:
    staff = request.user
    assert isinstance(staff, Staff)
    if request.method == "POST":
        request.session["scope_confirmed"] = True
        if viewer_of(request).may("case.work"):
            ready.go_on_duty(staff, by=viewer_of(request).actor, at=clock.now())
        return redirect("desk")
    return render(request, "desk/scope.html", {"sentences": viewer.in_sentences(staff, at=clock.now())})
