"""/desk/policies: what is promised, for whom and by when, in words; changed by a form and counted at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from huiyin.base import clock
from huiyin.cases.kinds import PROMISES
from huiyin.desk import office, promised, typed
from huiyin.desk.access import signed_in, viewer_of
from huiyin.rules import book as rulebook
from huiyin.rules import calendars, policies
from huiyin.rules.book import Book
from huiyin.rules.models import PromisePolicy
from huiyin.rules.policy_parts import PromisePart
from huiyin.rules.words import PRIORITIES

WORDS = ("kind", "opens", "length", "unit", "calendar")
LISTS = ("warn", "categories", "not_categories", "channels")
LENGTH = noop(
    "Write one length: a whole number and its unit, up to 366 days. With a cut-off only working days go."
)
WRONG = {
    "code": noop("A code is made of small letters, digits, - and _, and nobody else has it."),
    "kind": noop("Choose what is promised."),
    "opens": noop("Choose when it begins."),
    "seconds": LENGTH,
    "working_days": LENGTH,
    "not_before_days": noop("The window opens on a working day before the one on which it ends."),
    "calendar": noop("There is no such calendar."),
    "warn": noop("Write warnings such as 1h, 30m or 80%, ten at most."),
    "categories": noop("There is no such category."),
    "not_categories": noop("There is no such category."),
    "channels": noop("There is no such channel; write some of: %(channels)s."),
    "priorities": noop("There is no such priority."),
}


@require_http_methods(["GET", "POST"])
@signed_in("config.write")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    code = office.word(request, "code")
    row = policies.one(code)
    if (row is not None) == ("is_new" in request.POST):
        return _page(request, _(WRONG["code"]), 422)
    try:
        part = PromisePart.model_validate(promised.part(row, _typed(request)))
        in_use = "in_use" in request.POST
        policies.save(code, part, by=viewer_of(request).actor, at=clock.now(), in_use=in_use)
    except ValidationError as error:
        return _page(request, _fault(_field(error)), 422)
    except policies.Refused as error:
        return _page(request, _fault(next(iter(error.fields))), 422)
    except policies.InUse as error:
        wrong = _("The procedure %(procedure)s names it; it stays in use and begins at a stage.")
        return _page(request, wrong % {"procedure": error.procedure}, 409)
    return office.saved("policies")


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    book = rulebook.current()
    context = {
        **office.frame(request, "policies"),
        "policies": [_row(request, row, book) for row in (*policies.everything(), None)],
        "kinds": PROMISES.items(),
        "opens": promised.OPENS.items(),
        "units": promised.UNITS.items(),
        "calendars": [("", _("as usual")), ("site", promised.calendar("site", in_days=False))]
        + [(code, promised.calendar(code, in_days=False)) for code in calendars.codes()],
        "priorities": [(code, _(words)) for code, words in PRIORITIES.items()],
        "error": error,
    }
    return render(request, "desk/office/policies.html", context, status=status)


def _row(request: HttpRequest, row: PromisePolicy | None, book: Book) -> dict[str, Any]:
    fields = typed.over(request, "policy", promised.form(row))
    return {
        **fields,
        "is_on": bool(row and row.retired_at is None),
        **(promised.words(row, book) if row else {}),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {
        **{name: office.word(request, name) for name in WORDS},
        **{name: office.words(request, name) for name in LISTS},
        "priorities": request.POST.getlist("priorities"),
    }


def _field(error: ValidationError) -> str:
    first = error.errors()[0]
    return str(first.get("ctx", {}).get("field") or first["loc"][0])


def _fault(field: str) -> str:
    words = _(WRONG.get(field, LENGTH))
    return words % {"channels": ", ".join(promised.WIRES)} if field == "channels" else words
