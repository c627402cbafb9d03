"""/desk/plans: what comes again, made, paused and ended by who gives work to others."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from huiyin.base import clock
from huiyin.cases import owing, plans
from huiyin.cases.kinds import PROMISES
from huiyin.cases.lifecycle import Invalid, MoveNotAllowed
from huiyin.cases.models import Plan
from huiyin.cases.plans import Planned
from huiyin.desk import figures
from huiyin.desk.access import signed_in, viewer_of

SHOWN = 200
FIELDS = ("kind", "title", "team", "starts", "until", "debtor", "rule", "days", "rule_after", "working_days")
KINDS = ("visit", "task", "call_back", "send")
RULES = {
    "FREQ=DAILY": gettext_lazy("every day"),
    "FREQ=DAILY;BYHOUR=9,17": gettext_lazy("twice a day, at 9:00 and 17:00"),
    "FREQ=WEEKLY": gettext_lazy("every week"),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": gettext_lazy("Monday to Friday"),
    "FREQ=WEEKLY;INTERVAL=2": gettext_lazy("every second week"),
    "FREQ=MONTHLY;BYMONTHDAY=1,15": gettext_lazy("on the 1st and the 15th"),
    "FREQ=MONTHLY;BYMONTHDAY=1": gettext_lazy("on the 1st of each month"),
    "FREQ=MONTHLY;BYMONTHDAY=-1": gettext_lazy("on the last day of each month"),
}
STATES = {
    "running": gettext_lazy("running"),
    "paused": gettext_lazy("paused"),
    "ended": gettext_lazy("ended"),
}
WRONG = {
    "missing": gettext_noop("Give a title, a team and the first time."),
    "unknown": gettext_noop("There is no such team or person in your reach."),
    "not_after_start": gettext_noop("The end must lie after the first time."),
    "days": gettext_noop("Say for how many days the first rhythm holds, or leave the second one out."),
    "working_days": gettext_noop("Give the working days as a number from 1 to 60, or leave them empty."),
    "moved_on": gettext_noop("This is not possible any more: the plan has been changed."),
}


@require_GET
@signed_in("case.reassign")
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@signed_in("case.reassign")
def make(request: HttpRequest) -> HttpResponse:
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        plans.make(_planned(request, typed), by=viewer_of(request).actor, at=clock.now())
    except Invalid as error:
        return _page(request, next(iter(error.fields.values())), typed, 422)
    return redirect("plans")


@require_POST
@signed_in("case.reassign")
def act(request: HttpRequest, plan: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    found = Plan.objects.visible_to(viewer).select_related("team").filter(uuid=plan).first()
    if found is None:
        raise Http404
    if not plans.may_plan(viewer, found.team):
        raise PermissionDenied
    verb = request.POST.get("act", "")
    if verb not in ("pause", "resume", "end"):
        return HttpResponseBadRequest("act")
    try:
        plans.change(found, verb, at=clock.now())
    except MoveNotAllowed:
        return _page(request, "moved_on", None, 409)
    return redirect("plans")


def _planned(request: HttpRequest, typed: dict[str, str]) -> Planned:
    team = next((one for one in plans.teams_of(viewer_of(request)) if one.code == typed["team"]), None)
    if team is None:
        raise Invalid(team="unknown")
    debtor = owing.person(typed["debtor"])
    if typed["debtor"] and debtor is None:
        raise Invalid(debtor="unknown")
    starts = _moment(typed["starts"])
    if starts is None:
        raise Invalid(starts="missing")
    phases: list[dict[str, Any]] = [{"rule": typed["rule"], "days": None}]
    if typed["rule_after"]:
        days = figures.whole(typed["days"], most_digits=4)
        phases = [{"rule": typed["rule"], "days": days}, {"rule": typed["rule_after"], "days": None}]
    allowed = figures.whole(typed["working_days"], most_digits=2)
    if typed["working_days"] and allowed is None:
        raise Invalid(working_days="working_days")
    return Planned(
        kind=typed["kind"] if typed["kind"] in KINDS else "task",
        title=typed["title"],
        team=team,
        phases=phases,
        starts=starts,
        debtor_rule="person" if debtor else "lead",
        debtor=debtor,
        until=_moment(typed["until"]),
        working_days=allowed,
    )


def _moment(typed: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=get_current_timezone())


def _page(
    request: HttpRequest, wrong: str = "", typed: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    found = Plan.objects.visible_to(viewer).select_related("team__site", "debtor")
    context = {
        "rows": [_row(plan, at) for plan in found.order_by("ended_at", "id")[:SHOWN]],
        "teams": [(team.code, str(team)) for team in plans.teams_of(viewer)],
        "kinds": [(code, PROMISES[code]) for code in KINDS],
        "rules": RULES.items(),
        "typed": typed or {},
        "wrong": _(WRONG.get(wrong, wrong)) if wrong else "",
    }
    return render(request, "desk/plans.html", context, status=status)


def _row(plan: Plan, at: datetime) -> dict[str, Any]:
    state = plans.state_of(plan)
    return {
        "id": str(plan.uuid),
        "title": plan.title,
        "team": str(plan.team),
        "debtor": plan.debtor.name if plan.debtor else "",
        "rhythm": [RULES.get(phase["rule"], phase["rule"]) for phase in plan.phases],
        "working_days": plan.working_days,
        "state": state,
        "state_words": STATES[state],
        "next": plans.next_turn(plan, at=at) if state == "running" else None,
    }
