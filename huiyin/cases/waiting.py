"""What a case waits for. Waiting for a set time is a snooze: the case wakes exactly then, or when the customer writes.

The time stands on the case, and the move's own entry puts the task that wakes it (see waking).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from huiyin.cases.models import Case
from huiyin.cases.typed import Invalid

CUSTOMER, THIRD_PARTY, SCHEDULED = "customer", "third_party", "scheduled"
REASONS = (CUSTOMER, THIRD_PARTY, SCHEDULED)
LONGEST = timedelta(days=366)
NOTHING: Mapping[str, Any] = {"waiting_for": "", "snoozed_until": None}


def checked(told: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return what a wait says as its entry keeps it: `waiting_for`, `reason`, and `until` in ISO 8601, or empty.

    Raises Invalid: `waiting_for` (missing), `until` (missing, past, too_far, or needs_scheduled with another reason).
    """
    waiting_for, until = told.get("waiting_for"), told.get("until")
    if waiting_for not in REASONS:
        raise Invalid(waiting_for="missing")
    if until and waiting_for != SCHEDULED:
        raise Invalid(until="needs_scheduled")
    if waiting_for == SCHEDULED:
        if until is None:
            raise Invalid(until="missing")
        if until <= at:
            raise Invalid(until="past")
        if until > at + LONGEST:
            raise Invalid(until="too_far")
    return {**told, "reason": told.get("reason", ""), "until": until.isoformat() if until else ""}


def columns(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a wait that was checked sets on the case."""
    until = datetime.fromisoformat(told["until"]) if told["until"] else None
    return {"waiting_for": told["waiting_for"], "snoozed_until": until}


def ends_with_message(case: Case) -> bool:
    """Say whether a message of the customer lets the case go on: it came, or it is worth waking for."""
    return case.status == Case.WAITING and case.waiting_for in (CUSTOMER, SCHEDULED)
