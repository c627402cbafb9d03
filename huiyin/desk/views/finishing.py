"""/desk/cases/{number}/finishing: goal, evidence, what the customer says, call-backs, and going on after the end."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock, ids
from huiyin.cases import bodies, callbacks, evidence, finishing, outcome, told
from huiyin.cases.again import again
from huiyin.cases.kinds_finishing import HOW, OUTCOMES
from huiyin.cases.models import Case
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid
from huiyin.desk import acting, attached
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.acting import Act, Form
from huiyin.rules import book as rulebook
from huiyin.rules.finishing import wants_evidence

WRONG = {
    "evidence": noop("Choose a file, or write the number of a record."),
    "files": noop("A file may be 20 MB, and ten files go at once."),
    "outcome": noop("Choose what the customer says."),
    "result": noop("Choose whether you reached the customer."),
    "text": noop("Write a few words first."),
    "too_long": noop("This is too long; please shorten it."),
}
SHOWN = ("evidence.added", "callback.tried", "goal.checked", "outcome.told")


@require_GET
@signed_in("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, case_of(request, number))


@require_POST
@signed_in("case.work")
def act(request: HttpRequest, number: str) -> HttpResponse:
    return acting.act(request, number, _FORM)


def _attach(request: HttpRequest, case: Case) -> Case:
    at = clock.now()
    given = evidence.Evidence(
        attached.sent_with(request, at=at),
        request.POST.get("reference", ""),
        request.POST.get("text", ""),
        _once(request),
    )
    evidence.attach(case, given, by=viewer_of(request).actor, at=at)
    return case


def _call_back(request: HttpRequest, case: Case) -> Case:
    given = request.POST
    said = given.get("outcome", "")
    result = callbacks.REACHED if said in finishing.OUTCOMES else said
    attempt = callbacks.Attempt(
        result, said if result == callbacks.REACHED else "", given.get("text", ""), _once(request)
    )
    by = viewer_of(request).actor
    return callbacks.record(case, attempt, by=by, at=clock.now(), version=acting.version(request))


def _tell(request: HttpRequest, case: Case) -> Case:
    said, text = request.POST.get("outcome", ""), request.POST.get("text", "")
    by, version = viewer_of(request).actor, acting.version(request)
    return outcome.tell(case, said, how="channel", by=by, at=clock.now(), version=version, text=text)


def _again(request: HttpRequest, case: Case) -> Case:
    if case.status != Case.CLOSED:
        raise MoveNotAllowed("reopen", case.status)
    text, by = request.POST.get("text", ""), viewer_of(request).actor
    return again(case, text, by=by, at=clock.now(), version=acting.version(request))


_ACTS: dict[str, Act] = {"evidence": _attach, "callback": _call_back, "outcome": _tell, "again": _again}


def _once(request: HttpRequest) -> str:
    return request.POST.get("client_id", "")[:60]


def _page(request: HttpRequest, case: Case, wrong: str = "", status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    works = viewer.may("case.work")
    solved, book = case.status == Case.RESOLVED, rulebook.current()
    context = {
        "case": case,
        "wrong": wrong,
        "typed": {name: request.POST.get(name, "") for name in ("text", "reference", "act", "outcome")},
        "client_id": str(ids.uuid7()),
        "goal": told.goal_name(case.goal, book),
        "outcome_words": OUTCOMES.get(case.outcome, ""),
        "closed_words": HOW.get(case.closed_loop, ""),
        "outcomes": OUTCOMES.items(),
        "needs_evidence": wants_evidence(book, case.category),
        "rows": _rows(case),
        "may_attach": works and case.status != Case.VOID,
        "may_call": works and solved and case.customer_id is not None,
        "may_go_on": works and case.status == Case.CLOSED and case.customer is not None,
        "attempt": finishing.unanswered(case) + 1 if solved else 0,
        "attempts": finishing.ATTEMPTS,
    }
    return render(request, "desk/finishing.html", context, status=status)


def _rows(case: Case) -> list[dict[str, Any]]:
    entries = list(case.entries.filter(kind__in=SHOWN).order_by("seq"))
    words, names = bodies.of(case, plain=False), told.names_of(entries)
    return [
        {
            "sentence": told.sentence(entry, names),
            "who": names.get(entry.by_ref, entry.by_ref) if entry.by_kind == "staff" else "",
            "at": entry.at,
            "text": words.get(entry.seq, bodies.Words()).text,
            "reference": entry.payload.get("reference", ""),
            "files": entry.payload.get("files", ()),
        }
        for entry in entries
    ]


def _wrong(error: Invalid) -> str:
    if isinstance(error, attached.NotTaken):
        return error.words
    field, code = next(iter(error.fields.items()))
    return _(WRONG.get(code) or WRONG.get(field) or WRONG["text"])


def _then(case: Case, shown: Case) -> HttpResponse:
    stays = shown.pk == case.pk and shown.is_open == case.is_open and shown.status == case.status
    return redirect("case-finishing" if stays else "case", number=shown.number)


_FORM = Form(acts=_ACTS, page=_page, wrong=_wrong, then=_then)
