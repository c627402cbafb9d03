"""Calling back after a case was solved: each attempt is recorded, the third without an answer closes the loop."""

from dataclasses import dataclass
from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, finishing, lifecycle, outcome, promises
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid, checked

REACHED = "reached"
RESULTS = (REACHED, finishing.NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call-back: `result` is one of RESULTS; who was reached says an `outcome`; `text` is for colleagues."""

    result: str
    outcome: str = ""
    text: str = ""
    client_id: str = ""


def record(case: Case, attempt: Attempt, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """Record an attempt and what follows from it: the promise to call back is kept, the outcome told, the loop closed.

    Who is still dissatisfied opens the case again and it is raised. A second call with the same `client_id` changes
    nothing. Raises MoveNotAllowed when the case is not solved or has no customer, Stale,
    Invalid (`result`, `outcome`, `text`).
    """
    if attempt.result not in RESULTS:
        raise Invalid(result="unknown")
    reached = attempt.result == REACHED
    if reached and attempt.outcome not in finishing.OUTCOMES:
        raise Invalid(outcome="unknown" if attempt.outcome else "missing")
    text = checked(attempt.text) if attempt.text.strip() else ""
    with tx.write():
        seen = lock(case, None)
        if _recorded_already(case, attempt.client_id):
            return seen
        locked = lock(case, version)
        if locked.status != Case.RESOLVED or locked.customer_id is None:
            raise MoveNotAllowed("call_back", locked.status)
        number = finishing.unanswered(case) + 1
        told = {"result": attempt.result, "attempt": number, "client_id": attempt.client_id}
        entries.append(case, [Draft("callback.tried", told, text)], by=by, at=at)
        if reached:
            promises.keep(case, ["call_back"], by=by, at=at)
            outcome.tell(case, attempt.outcome, how="call", by=by, at=at)
        elif number >= finishing.ATTEMPTS:
            lifecycle.move(case, "confirm", by=by, at=at, how=finishing.NO_ANSWER)
    return case


def _recorded_already(case: Case, client_id: str) -> bool:
    rows = Entry.objects.filter(case=case, kind="callback.tried", payload__client_id=client_id)
    return bool(client_id) and rows.exists()
