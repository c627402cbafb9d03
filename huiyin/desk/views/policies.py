"""/desk/policies: what is promised, for whom and by when, in words; changed by a form and counted at once."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from huiyin.base import clock
from huiyin.cases.kinds import PROMISES, WAITING_FOR
from huiyin.desk import office, promised, typed
from huiyin.desk.access import signed_in, viewer_of
from huiyin.rules import book as rulebook
from huiyin.rules import calendars, policies
from huiyin.rules.book import Book
from huiyin.rules.models import PromisePolicy
from huiyin.rules.policy_parts import PromisePart
from huiyin.rules.words import PRIORITIES

WORDS = ("kind", "opens", "length", "unit", "calendar")
TERMS = (
    "not_before_days",
    "cut_off",
    "month_first",
    "month_last",
)  # set by a form that has them, else as they were
LISTS = ("warn", "categories", "not_categories", "channels")
LENGTH = noop(
    "Write one length: a whole number and its unit, up to 366 days, or days of the month. With a cut-off only working "
    "days go."
)
WRONG = {
    "code": noop("A code is made of small letters, digits, - and _, and nobody else has it."),
    "kind": noop("Choose what is promised."),
    "opens": noop("Choose when it begins."),
    "seconds": LENGTH,
    "working_days": LENGTH,
    "not_before_days": noop("The window opens on a working day before the one on which it ends."),
    "month_days": noop("Write the first and the last day, from 1 to 31, in order, and no length."),
    "cut_off": noop("Write a time of the day such as 16:30."),
    "pauses_for": noop("There is no such reason to wait."),
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
        return _page(request, {"code": _(WRONG["code"])}, 422)
    try:
        part = PromisePart.model_validate(promised.part(row, _typed(request)))
        in_use = "in_use" in request.POST
        policies.save(code, part, by=viewer_of(request).actor, at=clock.now(), in_use=in_use)
    except ValidationError as error:
        return _page(request, {field: _fault(field) for field in map(_field, error.errors())}, 422)
    except policies.Refused as error:
        return _page(request, {field: _fault(field) for field in error.fields}, 422)
    except policies.InUse as error:
        wrong = _("The procedure %(procedure)s names it; it stays in use and begins at a stage.")
        return _page(request, {"": wrong % {"procedure": error.procedure}}, 409)
    return office.saved("policies")


def _page(request: HttpRequest, wrong: Mapping[str, str] | None = None, status: int = 200) -> HttpResponse:
    """Return the page; `wrong` says by field what was refused: above the page, and at the field."""
    book, wrong = rulebook.current(), wrong or {}
    context = {
        **office.frame(request, "policies"),
        "policies": [_row(request, row, book, wrong) for row in (*policies.everything(), None)],
        "pauses": WAITING_FOR.items(),
        "kinds": PROMISES.items(),
        "opens": promised.OPENS.items(),
        "units": promised.UNITS.items(),
        "calendars": [("", _("as usual")), ("site", promised.calendar("site", in_days=False))]
        + [(code, promised.calendar(code, in_days=False)) for code in calendars.codes()],
        "priorities": [(code, _(words)) for code, words in PRIORITIES.items()],
        "error": " ".join(dict.fromkeys(wrong.values())),
    }
    return render(request, "desk/office/policies.html", context, status=status)


def _row(
    request: HttpRequest, row: PromisePolicy | None, book: Book, wrong: Mapping[str, str]
) -> dict[str, Any]:
    fields = typed.over(request, "policy", promised.form(row))
    at = {"length": wrong.get("seconds") or wrong.get("working_days"), **wrong}
    return {
        **fields,
        "wrong": at if fields.get("is_open") else {},
        "is_on": bool(row and row.retired_at is None),
        **(promised.words(row, book) if row else {}),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {
        **{name: office.word(request, name) for name in WORDS},
        **{name: office.words(request, name) for name in LISTS},
        "priorities": request.POST.getlist("priorities"),
        **{name: office.word(request, name) for name in TERMS if name in request.POST},
        **(
            {"pauses_for": list(filter(None, waits))} if (waits := request.POST.getlist("pauses_for")) else {}
        ),
    }


def _field(error: ErrorDetails) -> str:
    return str(error.get("ctx", {}).get("field") or error["loc"][0])


def _fault(field: str) -> str:
    words = _(WRONG.get(field, LENGTH))
    return words % {"channels": ", ".join(promised.WIRES)} if field == "channels" else words
