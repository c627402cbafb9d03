"""/desk/cases/{number}/record: the service record on one sheet, to print. /desk/records: many of them as a file."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.base import clock, rates
from huiyin.base.texts import in_words
from huiyin.cases import exporting, exports, plans, records
from huiyin.cases.kinds import STATUSES
from huiyin.cases.models import Case, CaseQuerySet
from huiyin.cases.typed import Invalid
from huiyin.customers import ways
from huiyin.desk import office
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.proving import proved
from huiyin.rules import book as rulebook
from huiyin.rules.words import PRIORITIES
from huiyin.staff.viewer import PLAIN, Viewer

NEEDS = {"reveal": "customer.reveal", "csv": "export"}
FIELDS = ("from", "to", "status", "team", "category", "reason")


@require_http_methods(["GET", "POST"])
@signed_in("case.read")
def record(request: HttpRequest, number: str) -> HttpResponse:
    viewer = viewer_of(request)
    if request.method == "GET":
        return _record(request, case_of(request, number), viewer)
    act = request.POST.get("act", "")
    if act not in NEEDS:
        return HttpResponseBadRequest("act")
    if not viewer.may(NEEDS[act]):
        raise PermissionDenied
    case, at = case_of(request, number), clock.now()
    if act == "csv":
        rates.take(rates.EXPORTS, viewer.number, at=at)
        one = Case.objects.visible_to(viewer).filter(pk=case.pk)
        return sent(exporting.export(one, "csv", f"case {case.number}", by=viewer.actor, at=at))
    if not _is_own(case, viewer) or case.customer is None:
        raise PermissionDenied
    revealed = ways.reveal(case.customer, reason=f"record {case.number}", by=viewer.actor, at=at)
    return _record(request, case, viewer, revealed)


@require_http_methods(["GET", "POST"])
@signed_in("export")
@proved(lambda request: "plain" in request.POST)
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    form: exporting.Format = "json" if request.POST.get("format") == "json" else "csv"
    viewer, at, plain = viewer_of(request), clock.now(), "plain" in request.POST
    rates.take(rates.EXPORTS, viewer.number, at=at)
    try:
        cases = _chosen(typed, exporting.reachable(viewer, plain=plain))
        if request.POST.get("act") == "ask":
            chosen = {name: typed[name] for name in FIELDS[:-1]}
            exports.ask(cases, form, typed["reason"], chosen=chosen, by=viewer.actor, at=at, plain=plain)
            return redirect("exports")
        file = exporting.export(cases, form, typed["reason"], by=viewer.actor, at=at, plain=plain)
    except exporting.NotPlain:
        raise PermissionDenied from None
    except Invalid as error:
        return _page(request, _wrong(error), typed, 422)
    except exporting.NeedsApproval as error:
        wrong = _(
            "%(n)s customers would leave. More than %(most)s need the approval of a second person: "
            "ask for it, or choose less."
        )
        told = wrong % {"n": error.customers, "most": exporting.MOST_CUSTOMERS}
        return _page(request, told, {**typed, "asks": form}, 409)
    except exporting.TooMany as error:
        wrong = _("%(n)s cases; a file holds %(most)s: choose less.")
        return _page(request, wrong % {"n": error.cases, "most": exporting.MOST_CASES}, typed, 422)
    return sent(file)


def _wrong(error: Invalid) -> str:
    if "reason" in error.fields:
        return _("Say in a few words what it is for.")
    return (
        _("There is nobody who could approve it.")
        if "approver" in error.fields
        else _("Write dates as days.")
    )


def sent(file: exporting.File) -> HttpResponse:
    """Return the file as a download that nothing keeps."""
    response = HttpResponse(file.text, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _is_own(case: Case, viewer: Viewer) -> bool:
    return case.handler_id == viewer.staff_id and case.is_open


def _record(
    request: HttpRequest, case: Case, viewer: Viewer, revealed: ways.Revealed | None = None
) -> HttpResponse:
    own = _is_own(case, viewer) and case.customer is not None
    context = {
        "case": case,
        "record": records.of(case, plain=revealed is not None),
        "revealed": revealed,
        "priority_words": _(PRIORITIES[case.priority]),
        "status_words": STATUSES[case.status],
        "may_reveal": own and revealed is None and viewer.may("customer.reveal"),
        "may_export": viewer.may("export"),
        "printed_by": viewer.number,
        "printed_at": clock.now(),
    }
    return render(request, "desk/record.html", context)


def _chosen(typed: dict[str, str], rows: CaseQuerySet) -> CaseQuerySet:
    if typed["from"]:
        rows = rows.filter(opened_at__gte=_day(typed["from"]))
    if typed["to"]:
        rows = rows.filter(opened_at__lte=_day(typed["to"], time.max))
    if typed["status"] in STATUSES:
        rows = rows.filter(status=typed["status"])
    if typed["team"]:
        rows = rows.filter(team__code=typed["team"])
    if typed["category"]:
        rows = rows.filter(category=typed["category"])
    return rows


def _day(typed: str, at: time = time.min) -> datetime:
    try:
        return datetime.combine(datetime.fromisoformat(typed).date(), at, tzinfo=get_default_timezone())
    except ValueError:
        raise Invalid(date="unreadable") from None


def _page(
    request: HttpRequest, wrong: str = "", typed: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    book = rulebook.current()
    context: dict[str, Any] = {
        **office.frame(request, "records"),
        "wrong": wrong,
        "typed": typed or {"status": "closed"},
        "statuses": STATUSES.items(),
        "teams": [(team.code, str(team)) for team in plans.teams_of(viewer_of(request))],
        "categories": [(code, in_words(row.name)) for code, row in sorted(book.categories.items())],
        "most": exporting.MOST_CUSTOMERS,
        "may_plain": viewer_of(request).may(PLAIN),
        "plain": "plain" in request.POST,
    }
    return render(request, "desk/records.html", context, status=status)
