"""GET /staffing: how many agents a queue needs (Erlang C)."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from huiyin.api.auth import Bearer
from huiyin.base.problem import Problem
from huiyin.engines import staffing

router = Router(auth=Bearer("reports:read"), tags=["staffing"])


@router.get("", response=dict, summary="Agents needed, service level, average wait, occupancy")
def needed(
    request: HttpRequest,
    calls_per_interval: float,
    interval_s: float,
    aht_s: float,
    target: float | None = None,
    within_s: float | None = None,
    agents: int | None = None,
    max_occupancy: float | None = None,
) -> dict[str, Any]:
    given = {
        "calls": calls_per_interval,
        "interval_s": interval_s,
        "aht_s": aht_s,
        "target": target,
        "within_s": within_s,
        "agents": agents,
        "max_occupancy": max_occupancy,
    }
    answer = dict(staffing.answer_json({name: value for name, value in given.items() if value is not None}))
    if "error" in answer:
        raise Problem(422, "invalid", "These figures cannot be reckoned with.", error=answer["error"])
    return answer
