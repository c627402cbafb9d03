"""One verb for many cases: each in a transaction of its own, each with its own outcome."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import editing, moving, passing
from huiyin.cases.models import Case
from huiyin.cases.moves import MOVES, MoveNotAllowed, Stale
from huiyin.cases.typed import REASON_CHARS, Invalid, checked
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer

LIMIT = 200
DONE, STALE, NOT_ALLOWED, NOT_FOUND, BUSY = "done", "stale", "not_allowed", "not_found", "busy"
VERBS = ("edit", "transfer", "reassign", "give_back", *moving.PLAIN)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with each case; only what the verb needs is read."""

    verb: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    team: Team | None = None
    to: Staff | None = None
    reason: str = ""
    waiting_for: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: `version` as it now stands where it may be seen; `fields` say why it was refused."""

    number: str
    outcome: str
    version: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def each(
    job: Job, chosen: Iterable[tuple[str, int | None]], *, viewer: Viewer, at: datetime
) -> list[Outcome]:
    """Do it with each case (number, version seen), in order, a number once; return what became of each.

    What is not there and what the viewer may not see come out alike. One query reads all of them. Raises Invalid for
    what would be wrong with every case, and for more than 200; then nothing was changed.
    """
    wanted = dict(chosen)
    if not 1 <= len(wanted) <= LIMIT:
        raise Invalid(cases="too_many" if wanted else "missing")
    _refuse_unusable(job, at)
    seen = Case.objects.visible_to(viewer).select_related("team", "customer", "site")
    cases = {case.number: case for case in seen.filter(number__in=wanted)}
    return [
        _one(job, cases[number], version, viewer, at) if number in cases else Outcome(number, NOT_FOUND)
        for number, version in wanted.items()
    ]


def _refuse_unusable(job: Job, at: datetime) -> None:
    if job.verb not in VERBS:
        raise Invalid(verb="unknown")
    if job.verb == "edit" and not editing.checked(job.changes, at=at):
        raise Invalid(changes="missing")
    if job.verb == "transfer" and job.team is None:
        raise Invalid(team="missing")
    if job.verb == "reassign" and job.to is None:
        raise Invalid(to="missing")
    if job.verb in ("transfer", "give_back", *moving.NEED_A_REASON):
        checked(job.reason, field="reason", limit=REASON_CHARS)


def _one(job: Job, case: Case, version: int | None, viewer: Viewer, at: datetime) -> Outcome:
    number, before = case.number, case.version
    if not _may(job.verb, viewer, case):
        return Outcome(number, NOT_ALLOWED, before)
    try:
        with tx.write(), tx.attempt():
            now = _do(job, case, by=viewer.actor, at=at, version=version)
    except Stale as stale:
        return Outcome(number, STALE, stale.version)
    except MoveNotAllowed as refused:
        return Outcome(number, NOT_ALLOWED, before, {"status": refused.status})
    except Invalid as refused:
        return Outcome(number, NOT_ALLOWED, before, refused.fields)
    except (tx.Busy, tx.Unavailable):
        # Those before it stand; this one can be sent again.
        return Outcome(number, BUSY, before)
    return Outcome(number, DONE, now.version)


def _may(verb: str, viewer: Viewer, case: Case) -> bool:
    if verb in MOVES:
        return viewer.may(MOVES[verb].needs)
    return _RIGHTS[verb](viewer, case)


_RIGHTS: dict[str, Callable[[Viewer, Case], bool]] = {
    "edit": lambda viewer, case: viewer.may("case.work"),
    "transfer": passing.may_pass_on,
    "reassign": passing.gives_work,
    "give_back": passing.may_give_back,
}


def _do(job: Job, case: Case, *, by: Actor, at: datetime, version: int | None) -> Case:
    match job.verb:
        case "edit":
            return editing.edit(case, job.changes, by=by, at=at, version=version)
        case "transfer" if job.team is not None:
            return passing.transfer(case, job.team, job.reason, to=job.to, by=by, at=at, version=version)
        case "reassign" if job.to is not None:
            return passing.reassign(case, job.to, job.reason, by=by, at=at, version=version)
        case "give_back":
            return passing.give_back(case, job.reason, by=by, at=at, version=version)
    return moving.make(
        case,
        job.verb,
        reason=job.reason,
        waiting_for=job.waiting_for,
        until=job.until,
        by=by,
        at=at,
        version=version,
    )
