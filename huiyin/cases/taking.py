"""Who answers for a case, and who works on it, once it is accepted."""

from collections.abc import Mapping
from typing import Any

from huiyin.base.actor import Actor
from huiyin.cases.models import Case
from huiyin.staff.models import Staff


def people(case: Case, by: Actor, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return owner and handler of the case when `by` accepts it.

    The first to take it answers for it until it is closed; taking from the queue makes one the handler too.
    A program answers for nothing: what it accepts belongs to whoever works on it, or to the next who takes it.
    """
    taker = by.id if _is_person(by) else None
    return {
        "owner_id": case.owner_id or taker or case.handler_id,
        "handler_id": case.handler_id or taker,
    }


def _is_person(by: Actor) -> bool:
    return by.kind == "staff" and Staff.objects.filter(number=by.ref, kind="person").exists()
