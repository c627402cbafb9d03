"""POST /cases/{number}/moves: every move of the life cycle by its name."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.seen import case_of
from huiyin.api.views import cases
from huiyin.api.views.case_changes import now
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import lifecycle, moving
from huiyin.cases.again import again
from huiyin.cases.models import Case
from huiyin.cases.moves import MOVES, MoveNotAllowed
from huiyin.cases.typed import REASON_CHARS, TEXT_LIMIT, Invalid

router = Router(auth=Bearer("cases:write"), tags=["cases"])
Reason = Annotated[str, StringConstraints(max_length=REASON_CHARS)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MoveIn(_Body):
    """`waiting_for` belongs to wait; result, `despite` and goal to resolve; `how` and `outcome` to confirm.

    `until` belongs to waiting for a set time (`scheduled`): the case wakes then.
    """

    move: Literal["accept", "wait", "resume", "resolve", "confirm", "dispute", "reopen", "void", "restore"]
    version: int
    reason: Reason = ""
    waiting_for: str = ""
    until: AwareDatetime | None = None
    resolution: Annotated[str, StringConstraints(max_length=TEXT_LIMIT)] = ""
    despite: Reason = ""
    goal_met: bool | None = None
    goal_reason: Reason = ""
    how: Literal["customer", "call", "channel"] = "channel"
    outcome: Literal["satisfied", "pending", "dissatisfied"] = "satisfied"


class ReopenIn(_Body):
    version: int
    reason: Reason = ""


@router.post("/{number}/moves", response=dict, summary="Make one move of the life cycle")
def move(request: HttpRequest, number: str, body: MoveIn) -> dict[str, Any]:
    if body.move == "resolve":
        if not body.resolution.strip():
            raise Invalid(resolution="missing")
        if (seen := case_of(request, number)).status == Case.NEW:
            raise MoveNotAllowed("resolve", seen.status)  # /resolve takes it first
        told = cases.ResolveIn(
            version=body.version,
            resolution=body.resolution,
            despite=body.despite,
            goal_met=body.goal_met,
            goal_reason=body.goal_reason,
        )
        return cases.resolve(request, number, told)
    if body.move == "confirm":
        said = cases.ConfirmIn(version=body.version, how=body.how, outcome=body.outcome, text=body.reason)
        return cases.confirm(request, number, said)
    return _made(request, number, body)


@router.post(
    "/{number}/reopen",
    response=dict,
    summary="Go on with a closed case: itself within 30 days, later a case that follows it",
)
def reopen(request: HttpRequest, number: str, body: ReopenIn) -> dict[str, Any]:
    case, at = case_of(request, number), clock.now()
    if case.status == Case.CLOSED and not lifecycle.may_reopen(case, at=at):
        if not body.reason.strip():
            raise Invalid(reason="missing")
        by = viewer_of(request).actor
        return now(request, again(case, body.reason, by=by, at=at, version=body.version))
    return _made(request, number, MoveIn(move="reopen", version=body.version, reason=body.reason))


def _made(request: HttpRequest, number: str, body: MoveIn) -> dict[str, Any]:
    case, viewer = case_of(request, number), viewer_of(request)
    if not viewer.may(MOVES[body.move].needs):
        raise Problem(403, "right_missing", f"The account of this token may not {body.move} cases.")
    moving.make(
        case,
        body.move,
        reason=body.reason,
        waiting_for=body.waiting_for,
        until=body.until,
        by=viewer.actor,
        at=clock.now(),
        version=body.version,
    )
    return now(request, case)
