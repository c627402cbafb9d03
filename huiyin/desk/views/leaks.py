"""/desk/leaks: the register of leaks of personal data."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.customers import find
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.staff import leaks
from huiyin.staff.refusal import Refusal

FIELDS = {
    "name": _("names"),
    "phone": _("phone numbers"),
    "email": _("e-mail addresses"),
    "address": _("addresses"),
    "id_number": _("identity numbers"),
    "identity": _("account names"),
}


@require_http_methods(["GET", "POST"])
@signed_in("leak.write")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    try:
        if office.word(request, "act") == "measures":
            _note_measures(request)
        else:
            _register(request)
    except Refusal as refusal:
        chosen = request.POST.getlist("fields")
        return _page(request, {"error": refusal, "typed": request.POST, "chosen": chosen}, 422)
    return office.saved("leaks")


def _register(request: HttpRequest) -> None:
    at = clock.now()
    leaks.register(
        office.me(request),
        persons=office.words(request, "persons"),
        fields=request.POST.getlist("fields"),
        what_happened=office.word(request, "what_happened"),
        noticed_at=office.moment(request, "noticed_at") or at,
        unknown_of=find.unknown_of,
        by=viewer_of(request).actor,
        at=at,
    )


def _note_measures(request: HttpRequest) -> None:
    try:
        uuid = UUID(office.word(request, "leak"))
    except ValueError:
        raise Refusal("unknown", kind="leak", what=office.word(request, "leak")) from None
    words, done = office.word(request, "measures"), "done" in request.POST
    leaks.note_measures(uuid, words, done=done, by=viewer_of(request).actor, at=clock.now())


def _page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    context = {
        **office.frame(request, "leaks"),
        "leaks": [
            {
                "it": leak,
                "persons": ", ".join(leak.persons),
                "fields": [FIELDS[field] for field in leak.fields if field in FIELDS],
            }
            for leak in leaks.everything()
        ],
        "fields": FIELDS.items(),
        **(more or {}),
    }
    return render(request, "desk/office/leaks.html", context, status=status)
