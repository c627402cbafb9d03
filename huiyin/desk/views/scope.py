"""Going on duty: what one may do, in words, confirmed before work begins."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.base.actor import Actor
from huiyin.base.texts import in_words
from huiyin.desk.access import signed_in, viewer_of
from huiyin.dispatch import ready
from huiyin.rules import book as rulebook
from huiyin.staff import confidentiality, viewer
from huiyin.staff.models import Staff
from huiyin.staff.refusal import Refusal


@require_http_methods(["GET", "POST"])
@signed_in()
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm what one may do; whoever is to see customers accepts the confidentiality agreement with it, once."""
    staff, seen, at = request.user, viewer_of(request), clock.now()
    assert isinstance(staff, Staff)
    agreement = confidentiality.current() if seen.must_sign else None
    sentences = viewer.in_sentences(staff, named=_category, at=at)
    context: dict[str, Any] = {"sentences": sentences, "agreement": agreement}
    if request.method != "POST":
        return render(request, "desk/scope.html", context)
    if agreement is not None:
        try:
            _sign(request, staff, by=seen.actor, at=at)
        except Refusal as refusal:
            return render(request, "desk/scope.html", {**context, "error": refusal}, status=422)
    request.session["scope_confirmed"] = True
    if viewer.of(staff, at=at).may("case.work"):
        ready.go_on_duty(staff, by=seen.actor, at=at)
    return redirect("desk")


def _category(code: str) -> str:
    return in_words(rulebook.current().name_of(code))


def _sign(request: HttpRequest, staff: Staff, *, by: Actor, at: datetime) -> None:
    if "agreed" not in request.POST:
        raise Refusal("not_agreed")
    confidentiality.sign(staff, request.POST.get("version", ""), by=by, at=at)
