"""/desk/cases/{number}/around: who follows the case, who waits to be let in, and its tags."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock
from huiyin.cases import mentions, tagging, watching
from huiyin.cases.mentions import Decision
from huiyin.cases.models import Case, Mention
from huiyin.cases.typed import Invalid
from huiyin.desk import acting, around, office
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.acting import Act, Form
from huiyin.staff.models import Staff

WRONG = {
    "cannot_watch": noop(
        "This person cannot follow the case: nobody has this number, or their role sees no cases."
    ),
    "too_many": noop("There are as many as there may be."),
    "missing": noop("Write a word first."),
    "too_long": noop("A tag has at most 40 characters."),
    "settled": noop("Somebody has decided this already."),
}
STATES = {
    Mention.SEES: noop("sees the case"),
    Mention.ASKED: noop("waits to be let in"),
    Mention.LET_IN: noop("was let in"),
    Mention.REFUSED: noop("was not let in"),
}


@require_GET
@signed_in("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, case_of(request, number))


@require_POST
@signed_in("case.read")
def act(request: HttpRequest, number: str) -> HttpResponse:
    return acting.act(request, number, _FORM)


def _follow(request: HttpRequest, case: Case) -> object:
    return watching.watch(case, office.me(request), by=viewer_of(request).actor, at=clock.now())


def _leave(request: HttpRequest, case: Case) -> object:
    return watching.unwatch(case, office.me(request), by=viewer_of(request).actor, at=clock.now())


def _add(request: HttpRequest, case: Case) -> object:
    _may_let_in(request, case)
    return watching.watch(case, _person(request), by=viewer_of(request).actor, at=clock.now())


def _remove(request: HttpRequest, case: Case) -> object:
    _may_let_in(request, case)
    return watching.unwatch(case, _person(request), by=viewer_of(request).actor, at=clock.now())


def _decide(decision: Decision) -> Act:
    def decided(request: HttpRequest, case: Case) -> object:
        _may_let_in(request, case)
        try:
            mention = UUID(request.POST.get("mention", ""))
            return mentions.decide(case, mention, decision, by=viewer_of(request).actor, at=clock.now())
        except (ValueError, Mention.DoesNotExist):
            raise Http404 from None

    return decided


def _tag(request: HttpRequest, case: Case) -> object:
    _may_work(request)
    return tagging.tag(case, request.POST.get("tag", ""), by=viewer_of(request).actor, at=clock.now())


def _untag(request: HttpRequest, case: Case) -> object:
    _may_work(request)
    return tagging.untag(case, request.POST.get("tag", ""), by=viewer_of(request).actor, at=clock.now())


_ACTS: dict[str, Act] = {
    "follow": _follow,
    "leave": _leave,
    "add": _add,
    "remove": _remove,
    "let-in": _decide("let-in"),
    "refuse": _decide("refuse"),
    "tag": _tag,
    "untag": _untag,
}


def _wrong(error: Invalid) -> str:
    return _(WRONG[next(iter(error.fields.values()))])


def _person(request: HttpRequest) -> Staff:
    return watching.person(request.POST.get("person", ""))


def _may_let_in(request: HttpRequest, case: Case) -> None:
    if not watching.may_let_in(case, viewer_of(request)):
        raise PermissionDenied


def _may_work(request: HttpRequest) -> None:
    if not viewer_of(request).may("case.work"):
        raise PermissionDenied


def _page(request: HttpRequest, case: Case, wrong: str = "", status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    named = mentions.of_case(case)
    context = {
        "case": case,
        "wrong": wrong,
        "around": around.of(case, viewer),
        "watchers": watching.of(case),
        "me": viewer.number,
        "asked": [one for one in named if one.state == Mention.ASKED],
        "named": [{"it": one, "state_words": _(STATES[one.state])} for one in named],
        "suggested": tagging.suggested(viewer),
        "works": viewer.may("case.work"),
        "may_let_in": watching.may_let_in(case, viewer),
        "typed": request.POST.get("tag", "") if wrong else "",
    }
    return render(request, "desk/around.html", context, status=status)


_FORM = Form(
    acts=_ACTS,
    page=_page,
    wrong=_wrong,
    then=lambda case, shown: redirect("case-around", number=case.number),
)
