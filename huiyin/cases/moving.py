"""The moves that need no result, as a surface asks for them: the words are kept where they can be erased.

Resolving and confirming have rules of their own; they are in `lifecycle`.
"""

from datetime import datetime
from typing import Any

from huiyin.base.actor import Actor
from huiyin.cases import lifecycle
from huiyin.cases.kinds import WAITING_FOR
from huiyin.cases.models import Case
from huiyin.cases.typed import REASON_CHARS, Invalid, checked

PLAIN = ("accept", "wait", "resume", "dispute", "reopen", "void", "restore")
NEED_A_REASON = ("void", "restore")
_TELL_A_REASON = ("wait", "resume", "reopen", "void", "restore")


def make(
    case: Case,
    name: str,
    *,
    reason: str = "",
    waiting_for: str = "",
    until: datetime | None = None,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """Make one of the `PLAIN` moves; return the case as it now stands.

    A wait for a set time needs `until`. Raises Invalid (`reason`, `waiting_for`, `until`), Stale, MoveNotAllowed;
    then nothing was changed.
    """
    if name == "wait" and waiting_for not in WAITING_FOR:
        raise Invalid(waiting_for="unknown" if waiting_for else "missing")
    if reason.strip() or name in NEED_A_REASON:
        reason = checked(reason, field="reason", limit=REASON_CHARS)
    told: dict[str, Any] = {"reason": ""} if name in _TELL_A_REASON else {}
    if name == "wait":
        told |= {"waiting_for": waiting_for, "until": until}
    return lifecycle.move(case, name, by=by, at=at, version=version, text=reason.strip(), **told)
