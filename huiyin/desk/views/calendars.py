"""/desk/calendars: opening hours, extra closures, and the public holidays of each year."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.desk import hours, office, typed
from huiyin.desk.access import signed_in, viewer_of
from huiyin.rules import calendars, holidays
from huiyin.rules.config import HolidayPart

# By the part of a definition that cannot be used.
WRONG = {
    "code": noop("A code is made of small letters, digits, - and _, and nobody else has it."),
    "time_zone": noop("There is no such time zone; write a name such as Asia/Shanghai."),
    "weekly": noop(
        "Write hours such as 09:00-12:00, 13:30-18:00. They do not overlap, and a calendar has some, "
        "unless it is open around the clock."
    ),
    "closed": noop("Write one date a line, such as 2026-10-10. A day is closed, or it has hours of its own."),
    "open": noop("Write one date a line with its hours, such as 2026-10-10 09:00-18:00."),
    "always": noop("What is open around the clock has no hours, closed days or holidays."),
}
WRONG_YEAR = {
    "year": noop("Write a year such as 2027."),
    "other_year": noop("%(what)s lies in another year."),
    "date": noop("%(what)s is not a date such as 2026-10-01."),
    "twice": noop("%(what)s is listed twice."),
    "empty": noop("An announced year has days; write them, or leave it provisional."),
    "taken": noop("%(what)s is in the list already; change it there."),
    "line": noop("Write “%(what)s” as a date, off or work, and the name in both languages."),
}


class _Wrong(Exception):
    """What was typed cannot be used; the text says why, in the reader's words."""


@require_http_methods(["GET", "POST"])
@signed_in("config.write")
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    act = {"calendar": _save_calendar, "holidays": _save_year}.get(office.word(request, "act"))
    if act is None:
        return HttpResponseBadRequest("act")
    try:
        act(request)
    except _Wrong as wrong:
        return _page(request, str(wrong), 422)
    return office.saved("calendars")


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    places = [typed.over(request, "calendar", hours.calendar(row)) for row in (*calendars.everything(), None)]
    context = {
        **office.frame(request, "calendars"),
        "calendars": [{**one, "weekdays": hours.weekdays(one)} for one in places],
        "years": [typed.over(request, "holidays", hours.year(row)) for row in (None, *holidays.years())],
        "error": error,
    }
    return render(request, "desk/office/calendars.html", context, status=status)


def _save_calendar(request: HttpRequest) -> None:
    code = office.word(request, "code")
    if "is_new" in request.POST and code in calendars.codes():
        raise _Wrong(_(WRONG["code"]))
    try:
        calendars.put(code, hours.definition(_form(request)), by=viewer_of(request).actor, at=clock.now())
    except calendars.Refused as error:
        part = error.field.partition(".")[0].partition("[")[0]
        around_the_clock = "always" in request.POST and part != "time_zone"
        raise _Wrong(_(WRONG["always"] if around_the_clock else WRONG.get(part, WRONG["weekly"]))) from None


def _save_year(request: HttpRequest) -> None:
    code, given = office.word(request, "code"), _form(request)
    if not (code.isascii() and code.isdigit() and len(code) == len("2027")):
        raise _Wrong(_(WRONG_YEAR["year"]))
    if "is_new" in request.POST and code in {row.code for row in holidays.years()}:
        raise _Wrong(_(WRONG_YEAR["taken"]) % {"what": code})
    status: Any = "official" if given.get("status") == "official" else "provisional"
    try:
        part = HolidayPart(status=status, days=tuple(hours.days(given.get("days", ""))))
        holidays.put(int(code), part, by=viewer_of(request).actor, at=clock.now())
    except hours.Unreadable as line:
        raise _Wrong(_(WRONG_YEAR["line"]) % {"what": str(line)[:60]}) from None
    except holidays.Refused as error:
        raise _Wrong(_(WRONG_YEAR[error.code]) % {"what": error.what}) from None


def _form(request: HttpRequest) -> dict[str, str]:
    # PostgreSQL keeps no NUL in JSON.
    return {name: str(value).replace("\x00", "") for name, value in request.POST.items()}
