"""/desk/cases/{number}/together: asking others, raising the case, its procedure, and what the customer is given."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock
from huiyin.base.texts import in_words
from huiyin.cases import about, collaboration, compensation, escalation, procedure
from huiyin.cases.kinds import COMPENSATION_STATES, COMPENSATIONS
from huiyin.cases.models import Case, Collaboration, Compensation
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.desk import figures
from huiyin.desk.access import case_of, signed_in, viewer_of
from huiyin.desk.views.collaborations import request_rows, step

WRONG = {
    "missing": noop("Fill in what is marked as needed."),
    "due": noop("Choose a time that is still to come."),
    "too_far": noop("Choose a time within a year."),
    "people": noop("Write the employee numbers of people who exist."),
    "no_supervision_team": noop("No team is marked as supervision; ask an administrator to mark one."),
    "value": noop("Write a sum of money, such as 20 or 20.50."),
    "approver": noop("Nobody is there who could approve this sum."),
    "nobody_above": noop("Everybody above has been told already."),
    "step": noop("This step is not open to you from here."),
    "stale": noop("Somebody changed this case meanwhile. Look at it again, then decide."),
    "moved_on": noop("This is not possible any more: the case has moved on."),
}
Act = Callable[[HttpRequest, Case], object]


@require_GET
@signed_in("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, case_of(request, number))


@require_POST
@signed_in("case.work")
def act(request: HttpRequest, number: str) -> HttpResponse:
    case = case_of(request, number)
    name = request.POST.get("act", "")
    if name == "step":
        wrong, status = step(request, viewer_of(request))
        return _page(request, case, wrong, status) if wrong else redirect("case-together", number=number)
    verb = _ACTS.get(name)
    if verb is None:
        return HttpResponseBadRequest("act")
    try:
        verb(request, case)
    except Invalid as error:
        return _page(request, case_of(request, number), _invalid(error), 422)
    except escalation.NobodyAbove:
        return _page(request, case, _(WRONG["nobody_above"]), 409)
    except procedure.StepNotOpenError:
        return _page(request, case, _(WRONG["step"]), 409)
    except Stale:
        return _page(request, case_of(request, number), _(WRONG["stale"]), 409)
    except MoveNotAllowed:
        return _page(request, case_of(request, number), _(WRONG["moved_on"]), 409)
    if not Case.objects.visible_to(viewer_of(request)).filter(pk=case.pk).exists():
        return redirect("desk")  # it went to supervision
    return redirect("case-together", number=number)


def _ask(request: HttpRequest, case: Case) -> object:
    department = collaboration.department(request.POST.get("department", ""))
    given = request.POST
    asked = collaboration.Asked(
        department, given.get("subject", ""), given.get("details", ""), _moment(given.get("due", ""))
    )
    return collaboration.ask(case, asked, by=viewer_of(request).actor, at=clock.now())


def _escalate(request: HttpRequest, case: Case) -> object:
    reason, by = request.POST.get("reason", ""), viewer_of(request).actor
    return escalation.by_hand(case, reason, by=by, at=clock.now(), version=_version(request))


def _tell_about(request: HttpRequest, case: Case) -> object:
    viewer = viewer_of(request)
    if not about.may_tell(viewer):
        raise PermissionDenied
    numbers = set(request.POST.get("people", "").replace(",", " ").replace("，", " ").split())
    people = about.people_of(numbers)
    reason = request.POST.get("reason", "")
    return about.tell_about(case, people, reason, by=viewer.actor, at=clock.now(), version=_version(request))


def _advance(request: HttpRequest, case: Case) -> object:
    form = {
        key.removeprefix("form."): value
        for key, value in request.POST.items()
        if key.startswith("form.") and value
    }
    to, by = request.POST.get("to", ""), viewer_of(request).actor
    return procedure.advance(case, to, by=by, at=clock.now(), version=_version(request), form=form)


def _compensate(request: HttpRequest, case: Case) -> object:
    try:
        value = Decimal(request.POST.get("value", "").strip())
    except InvalidOperation:
        raise Invalid(value="not_a_sum") from None
    proposal = compensation.Proposal(request.POST.get("kind", ""), value, request.POST.get("basis", ""))
    return compensation.propose(case, proposal, by=viewer_of(request).actor, at=clock.now())


_ACTS: dict[str, Act] = {
    "ask": _ask,
    "escalate": _escalate,
    "about": _tell_about,
    "advance": _advance,
    "compensate": _compensate,
}


def _page(request: HttpRequest, case: Case, wrong: str = "", status: int = 200) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    rows = Collaboration.objects.visible_to(viewer).with_people().filter(case=case).order_by("-id")
    given = Compensation.objects.visible_to(viewer).filter(case=case).select_related("made_by")
    context = {
        "case": case,
        "wrong": wrong,
        "typed": request.POST,
        "works": viewer.may("case.work"),
        "may_ask": case.status in collaboration.ASKED_IN,
        "may_tell_about": about.may_tell(viewer),
        "about": [person.number for person in case.about.all()],
        "departments": [
            (team.code, str(team)) for team in collaboration.departments() if team.pk != case.team_id
        ],
        "rows": request_rows(list(rows[:50]), viewer),
        **_above(case, at),
        "stand": _stand(case, request),
        "missing_words": _("Fill this in."),
        "kinds": COMPENSATIONS.items(),
        "given": [
            {
                "kind": COMPENSATIONS.get(one.kind, one.kind),
                "value": one.value,
                "basis": one.basis,
                "by": one.made_by.name,
                "state": COMPENSATION_STATES[one.state],
            }
            for one in given.order_by("id")
        ],
    }
    return render(request, "desk/together.html", context, status=status)


def _above(case: Case, at: datetime) -> dict[str, list[str]]:
    """Return who knows already, and whom the next escalations would reach, nearest first."""
    chain, told = escalation.above(case, at=at), escalation.raised(case)
    return {
        "raised": [person.name for person in chain if person.number in told],
        "above": [person.name for person in chain if person.number not in told],
    }


def _stand(case: Case, request: HttpRequest) -> dict[str, Any] | None:
    stand = procedure.stand(case, by=viewer_of(request).actor, at=clock.now())
    if stand is None:
        return None
    fields = stand.form.fields if stand.form else ()
    tried = request.POST.get("act") == "advance"
    return {
        "name": in_words(stand.stage.label),
        "steps": [(one.step.to, in_words(one.step.label)) for one in stand.offers if one.is_open],
        "fields": [
            {
                "name": f"form.{one.key}",
                "type": str(one.type),
                "label": in_words(one.label),
                "required": one.required,
                "is_missing": tried and one.required and not request.POST.get(f"form.{one.key}"),
                "choices": [(choice.key, in_words(choice.label)) for choice in one.choices],
                "value": request.POST.get(f"form.{one.key}", ""),
            }
            for one in fields
        ],
    }


def _moment(given: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise Invalid(due="missing") from None
    return make_aware(moment) if is_naive(moment) else moment


def _version(request: HttpRequest) -> int:
    return figures.whole(request.POST.get("version")) or 0


def _invalid(error: Invalid) -> str:
    field, code = next(iter(error.fields.items()))
    return _(WRONG.get(code) or WRONG.get(field) or WRONG["missing"])
