"""/desk/cases/{number}/macros: what one click would do, and doing it. /desk/macros: the macros as they are set."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from huiyin.base import clock, ids
from huiyin.base.texts import in_words
from huiyin.cases import collaboration, macros, told
from huiyin.cases.kinds import BY_HAND, PROMISES
from huiyin.cases.kinds_changes import FIELDS
from huiyin.cases.lifecycle import Invalid, MoveNotAllowed, Stale
from huiyin.cases.macros import Preview
from huiyin.cases.models import Case
from huiyin.desk import figures, office
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.rules import book as rulebook
from huiyin.rules import macros as stored
from huiyin.rules.macro_parts import NAMES, MacroPart
from huiyin.rules.models import Macro
from huiyin.rules.words import PRIORITIES

WRONG = {
    "missing": noop("Write a few words first."),
    "too_long": noop("This is too long; please shorten it."),
    "missing_value": noop("The text still names something that has no value here. Complete it first."),
    "stale": noop("Somebody changed this case meanwhile. Look at it again, then decide."),
    "moved_on": noop("This is not possible any more: the case has moved on."),
}
REFUSED = {
    "code": noop("A code has 1 to 60 small letters, digits, hyphens or underscores."),
    "categories": noop("There is no such category."),
    "teams": noop("There is no such team."),
}


@require_GET
@signed_in("case.work")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, case_of(request, number))


@require_POST
@signed_in("case.work")
def run(request: HttpRequest, number: str, macro: str) -> HttpResponse:
    case, version = case_of(request, number), figures.whole(request.POST.get("version"))
    found = next((one for one in macros.offered(case) if one.code == macro), None)
    if found is None or version is None:
        raise Http404
    text, client_id = request.POST.get("text"), request.POST.get("client_id", "")[:60]
    by, at = viewer_of(request).actor, clock.now()
    try:
        macros.run(found, case, text, by=by, at=at, version=version, client_id=client_id)
    except Invalid as error:
        return _page(request, case, _wrong(next(iter(error.fields.values()))), macro, 422)
    except Stale:
        return _page(request, case_of(request, number), _wrong("stale"), macro, 409)
    except MoveNotAllowed:
        return _page(request, case_of(request, number), _wrong("moved_on"), macro, 409)
    return redirect("case", number=number)


@require_http_methods(["GET", "POST"])
@signed_in("config.write")
def settings(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _settings(request)
    code, by, at = office.word(request, "code"), viewer_of(request).actor, clock.now()
    if office.word(request, "act") == "retire":
        stored.retire(code, by=by, at=at)
        return office.saved("macros")
    try:
        stored.save(code, MacroPart.model_validate(_typed(request)), by=by, at=at)
    except ValidationError as error:
        return _settings(request, "; ".join(_fault(one) for one in error.errors()), 422)
    except stored.Refused as error:
        return _settings(request, _(REFUSED[error.field]), 422)
    return office.saved("macros")


def _page(
    request: HttpRequest, case: Case, wrong: str = "", opened: str = "", status: int = 200
) -> HttpResponse:
    found = macros.previews(case, by=viewer_of(request).actor, at=clock.now())
    context = {
        "case": case,
        "macros": [_row(one, request, opened) for one in found],
        "client_id": str(ids.uuid7()),
        "wrong": wrong,
    }
    return render(request, "desk/case_macros.html", context, status=status)


def _row(one: Preview, request: HttpRequest, opened: str) -> dict[str, Any]:
    is_open = one.code == opened
    return {
        "code": one.code,
        "name": one.name,
        "is_open": is_open,
        "reply": request.POST.get("text", "") if is_open else one.reply,
        "replies": bool(one.reply),
        "promise": told.promise_name(one.promise.kind) if one.promise else "",
        "due": one.due,
        "request": one.request,
        "tags": one.tags,
        "sets": [(FIELDS[name], _value(name, value)) for name, value in one.sets.items()],
    }


def _value(name: str, value: str) -> str:
    if name == "priority":
        return _(PRIORITIES[value])
    return in_words(rulebook.current().name_of(value))


def _settings(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    book = rulebook.current()
    context = {
        **office.frame(request, "macros"),
        "macros": [_setting(one) for one in stored.everything()],
        "kinds": [(code, PROMISES[code]) for code in BY_HAND],
        "departments": collaboration.departments(),
        "categories": [(code, in_words(row.name)) for code, row in sorted(book.categories.items())],
        "priorities": [(code, _(words)) for code, words in PRIORITIES.items()],
        "names": NAMES,
        "typed": _typed_again(request) if error else None,
        "error": error,
    }
    return render(request, "desk/office/macros.html", context, status=status)


def _setting(macro: Macro) -> dict[str, Any]:
    return {**stored.part_of(macro), "code": macro.code, "words": in_words(macro.name), **_units(macro)}


def _units(macro: Macro) -> dict[str, Any]:
    promise, asked = macro.promise or {}, macro.request or {}
    return {
        "minutes": (promise.get("seconds") or 0) // 60 or "",
        "hours": (asked.get("seconds") or 0) / 3600 if asked else "",
        "teams": ", ".join(macro.teams),
        "categories": ", ".join(macro.categories),
        "tags": ", ".join(macro.tags),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return the form as the macro is written; what is wrong with it, the parts say."""
    minutes, hours = office.word(request, "minutes"), office.word(request, "hours")
    kind, department = office.word(request, "promise_kind"), office.word(request, "department")
    return {
        "name": office.both_names(request),
        "teams": office.words(request, "teams"),
        "categories": office.words(request, "categories"),
        "reply": _text(request, "reply"),
        "promise": {"kind": kind, "seconds": int(minutes) * 60 if minutes.isdecimal() else None}
        if kind
        else None,
        "request": {
            "department": department,
            "subject": _text(request, "subject") or {},
            "details": _text(request, "details") or {},
            "seconds": int(hours) * 3600 if hours.isdecimal() and len(hours) < 6 else 0,
        }
        if department
        else None,
        "tags": office.words(request, "tags"),
        "sets": {name: office.word(request, f"set_{name}") for name in ("category", "priority")},
    }


def _typed_again(request: HttpRequest) -> dict[str, Any]:
    typed = _typed(request)
    more = {
        name: office.word(request, name)
        for name in ("code", "minutes", "hours", "teams", "categories", "tags")
    }
    return {**typed, **more}


def _text(request: HttpRequest, name: str) -> dict[str, str] | None:
    text = {"zh": office.word(request, f"{name}_zh"), "en": office.word(request, f"{name}_en")}
    return text if any(text.values()) else None


def _fault(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}" if place else str(error["msg"])


def _wrong(code: str) -> str:
    return _(WRONG.get(code, code))
