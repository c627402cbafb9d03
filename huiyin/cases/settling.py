"""What a move of the life cycle does to what the case owes. Only `lifecycle` calls it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.base.actor import Actor
from huiyin.cases import contacts, finishing, pending, procedure, promises
from huiyin.cases.models import Case

FIRST_ANSWERS = ("greeting", "first_reply", "complaint_response", "next_reply")


def settle(case: Case, name: str, *, by: Actor, at: datetime, told: Mapping[str, Any]) -> None:
    """Pause, resume, keep, open or cancel what the case owes, as this move of it asks; in its transaction."""
    match name:
        case "accept":
            promises.hand_over(case)
        case "wait":
            promises.pause(case, cause=told["waiting_for"], by=by, at=at)
        case "resume":
            promises.resume(case, by=by, at=at)
        case "resolve":
            promises.resume(case, by=by, at=at)
            contacts.answer(case, by=by, at=at)
            promises.keep(case, [*FIRST_ANSWERS, "resolution", "archive", case.kind], by=by, at=at)
            promises.begin(case, "resolved", by=by, at=at)
        case "confirm":
            if told["how"] == finishing.SILENCE:  # nobody called back, so that promise is not kept
                promises.cancel(case, cause="silence", by=by, at=at, kinds=["call_back"])
            promises.keep(case, ["complaint_closed_loop", "call_back"], by=by, at=at)
            procedure.leave(case, by=by, at=at)
        case "dispute" | "reopen" | "restore":
            promises.cancel(case, cause=name, by=by, at=at, kinds=["call_back"])
            promises.open_again(case, ["resolution", "complaint_closed_loop"], at=at)
        case "void":
            promises.cancel(case, cause="void", by=by, at=at)
            pending.withdraw_all(case, at=at)
