"""/desk/people: everybody inside, joining one by one or by a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from huiyin.base import clock
from huiyin.base.templatetags.drawn import stamp
from huiyin.desk import office
from huiyin.desk.access import signed_in, viewer_of
from huiyin.desk.proving import acts, proved
from huiyin.staff import importing, people, roles, teams
from huiyin.staff.refusal import Refusal

FILE_BYTES = 1_000_000


@require_http_methods(["GET", "POST"])
@signed_in("people.write")
@proved()
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    try:
        staff, password = people.join(
            office.word(request, "number"),
            office.word(request, "name"),
            role=office.word(request, "role"),
            team=office.word(request, "team") or None,
            language="en" if office.word(request, "language") == "en" else "zh-hans",
            by=viewer_of(request).actor,
            at=clock.now(),
        )
    except Refusal as refusal:
        return _page(request, {"error": refusal, "typed": request.POST}, 422)
    return _page(request, {"joined": staff, "password": password})


@require_http_methods(["GET", "POST"])
@signed_in("people.write")
@proved(when=acts("import"))
def import_file(request: HttpRequest) -> HttpResponse:
    """Show what every line of a file would do; the same file sent as “import” joins everybody, or nobody."""
    if request.method == "GET":
        return _import_page(request)
    try:
        raw = _file(request)
        if office.word(request, "act") == "import":
            return _joined(request, raw)
        lines = importing.preview(raw)
    except Refusal as refusal:
        return _import_page(request, {"error": refusal}, 422)
    faulty = sum(bool(line.faults) for line in lines)
    return _import_page(request, {"lines": lines, "faulty": faulty, "text": importing.text_of(raw)})


def _joined(request: HttpRequest, raw: bytes) -> HttpResponse:
    joined = importing.join_all(raw, by=viewer_of(request).actor, at=clock.now())
    rows = [(one.number, one.name, one.password, stamp(one.until)) for one in joined]
    head = ("number", "name", "one_time_password", "good_until")
    response = HttpResponse(importing.as_csv(rows, head), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="one-time-passwords.csv"'
    return response


def _file(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is not None and (file.size or 0) > FILE_BYTES:
        raise Refusal("file_too_long", limit=importing.LIMIT)
    return file.read() if file is not None else request.POST.get("text", "").encode()


def _page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    text = request.GET.get("text", "")[:60]
    context = {
        **office.frame(request, "people"),
        "text": text,
        "everybody": people.found(text),
        "roles": roles.everything(),
        "teams": [team for team in teams.everything() if team.retired_at is None],
        **(more or {}),
    }
    return render(request, "desk/office/people.html", context, status=status)


def _import_page(request: HttpRequest, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    context = {**office.frame(request, "people"), "columns": ",".join(importing.COLUMNS), **(more or {})}
    return render(request, "desk/office/import.html", context, status=status)
