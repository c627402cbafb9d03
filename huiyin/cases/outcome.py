"""What the customer says of the result: satisfied closes the case, dissatisfied opens it again, pending waits."""

from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, finishing, lifecycle
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid, checked


def tell(
    case: Case, outcome: str, *, how: str, by: Actor, at: datetime, version: int | None = None, text: str = ""
) -> Case:
    """Record the outcome of a solved case, told on the customer's page, in the channel or in a call (`how`).

    Raises MoveNotAllowed when the case is not solved, Stale, Invalid (`outcome`, `how`: unknown).
    """
    match outcome:
        case finishing.SATISFIED:
            return lifecycle.move(case, "confirm", by=by, at=at, version=version, text=text, how=how)
        case finishing.DISSATISFIED:
            return lifecycle.move(case, "dispute", by=by, at=at, version=version, text=text, how=how)
        case finishing.PENDING:
            return _wait_and_see(case, how, by, at, version, text)
    raise Invalid(outcome="unknown")


def _wait_and_see(case: Case, how: str, by: Actor, at: datetime, version: int | None, text: str) -> Case:
    if how not in ("customer", "channel", "call"):
        raise Invalid(how="unknown")
    finishing.refuse_word_of_nobody(case, how)
    text = checked(text) if text.strip() else ""
    with tx.write():
        locked = lock(case, version)
        if locked.status != Case.RESOLVED:
            raise MoveNotAllowed("confirm", locked.status)
        if locked.outcome == finishing.PENDING and not text:
            return case  # pressed twice
        again = finishing.silence_at(locked, since=at)
        change(case, locked, {"outcome": finishing.PENDING, "silence_at": again}, at=at)
        payload = {"outcome": finishing.PENDING, "how": how}
        entries.append(case, [Draft("outcome.told", payload, text)], by=by, at=at)
    return case
