"""Plans by API: what comes again, made, paused, resumed and ended."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import owing, plans
from huiyin.cases.models import Plan
from huiyin.cases.plans import Planned

router = Router(auth=Bearer("cases:read"), tags=["plans"])
_write = Bearer("cases:write")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PhaseIn(_Body):
    rule: str = Field(max_length=200)
    days: int | None = Field(None, ge=1, le=3660)


class PlanIn(_Body):
    kind: str = Field(min_length=1, max_length=40, pattern=r"^[a-z_]+$")
    title: str = Field(min_length=1, max_length=200)
    team: str
    phases: list[PhaseIn] = Field(min_length=1, max_length=6)
    starts: AwareDatetime
    until: AwareDatetime | None = None
    debtor_rule: Literal["person", "lead", "dedicated"] = "lead"
    debtor: str | None = None
    customer: str | None = None
    working_days: int | None = Field(None, ge=1, le=plans.MOST_WORKING_DAYS)


class ActIn(_Body):
    act: Literal["pause", "resume", "end"]


@router.get("", response=dict, summary="Plans that the caller may see, running ones first")
def list_plans(request: HttpRequest) -> dict[str, Any]:
    rows = Plan.objects.visible_to(viewer_of(request)).select_related("team__site", "debtor", "customer")
    at = clock.now()
    return {"items": [_shape(plan, at) for plan in rows.order_by("ended_at", "id")[:500]]}


@router.post("", auth=_write, response={201: dict}, summary="Make a plan")
def make(request: HttpRequest, body: PlanIn) -> Status[dict[str, Any]]:
    viewer, at = viewer_of(request), clock.now()
    team = next((one for one in plans.teams_of(viewer) if one.code == body.team), None)
    if team is None:
        raise Problem(422, "invalid", "There is no such team in your reach.", fields={"team": "unknown"})
    debtor = owing.person(body.debtor) if body.debtor else None
    if body.debtor and debtor is None:
        raise Problem(422, "invalid", "There is no such person.", fields={"debtor": "unknown"})
    customer = plans.customer_of(body.customer, viewer) if body.customer else None
    if body.customer and customer is None:
        raise Problem(422, "invalid", "There is no such customer.", fields={"customer": "unknown"})
    planned = Planned(
        kind=body.kind,
        title=body.title,
        team=team,
        phases=[phase.model_dump() for phase in body.phases],
        starts=body.starts,
        debtor_rule=body.debtor_rule,
        debtor=debtor,
        customer=customer,
        until=body.until,
        working_days=body.working_days,
    )
    return Status(201, _shape(plans.make(planned, by=viewer.actor, at=at), at))


@router.post("/{plan}", auth=_write, response=dict, summary="Pause, resume or end a plan")
def change(request: HttpRequest, plan: str, body: ActIn) -> dict[str, Any]:
    viewer, at = viewer_of(request), clock.now()
    try:
        wanted = UUID(plan)
    except ValueError:
        raise Http404 from None
    found = Plan.objects.visible_to(viewer).select_related("team__site").filter(uuid=wanted).first()
    if found is None:
        raise Http404
    if not plans.may_plan(viewer, found.team):
        raise Problem(403, "right_missing", "Changing plans needs the right to give work to others.")
    plans.change(found, body.act, at=at)
    return _shape(Plan.objects.visible_to(viewer).select_related("team__site").get(pk=found.pk), at)


def _shape(plan: Plan, at: datetime) -> dict[str, Any]:
    running = plans.state_of(plan) == "running"
    return {
        "id": str(plan.uuid),
        "kind": plan.kind,
        "title": plan.title,
        "team": plan.team.code,
        "debtor_rule": plan.debtor_rule,
        "debtor": plan.debtor.number if plan.debtor else None,
        "customer": plan.customer.number if plan.customer else None,
        "phases": plan.phases,
        "working_days": plan.working_days,
        "starts": stamp(plan.starts_at),
        "until": stamp(plan.until),
        "state": plans.state_of(plan),
        "next_turn": stamp(plans.next_turn(plan, at=at)) if running else None,
    }
