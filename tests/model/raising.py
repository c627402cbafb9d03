"""The model of raising a case: by hand, by rule, and by the clock."""

from collections.abc import Iterable
from datetime import datetime

from tests.model.book import IN_WORK, MANAGER, Kase, Refused


def escalate(case: Kase, by: str) -> None:
    if case.status not in IN_WORK:
        raise Refused("MoveNotAllowed")
    to = _next_above(case, by)
    if to is None:
        raise Refused("NobodyAbove")
    _raise(case, to, "by_hand")


def raise_dissatisfied(case: Kase) -> None:
    """The rule that follows a dispute recorded by a colleague, once for each case."""
    to = _next_above(case, "")
    if "dissatisfied" not in case.causes and to is not None:
        _raise(case, to, "dissatisfied")


def tick(cases: Iterable[Kase], at: datetime) -> None:
    """What the clock does at this moment to all of them."""
    for case in cases:
        acted = [(one, done) for one in case.owed if (done := one.tick(at))]
        case.entries += len(acted)
        before = case.level
        for one, done in acted:
            to = _next_above(case, "") if done == "broken" and one.climbs else None
            if to is not None:
                case.level += 1
                case.entries += 1
                case.told.add(to)  # who hears it by their role, and need not follow
        case.version += case.level > before


def _next_above(case: Kase, by: str) -> str | None:
    skipped = {None, case.handler, by} | case.told
    above = [one for one in (case.lead, MANAGER) if one not in skipped]
    return above[0] if above else None


def _raise(case: Kase, to: str, cause: str) -> None:
    case.told.add(to)
    case.watchers.add(to)
    case.causes.add(cause)
    case.silence_at = None  # it is treated as a complaint from now on
    case.level += 1
    case.version += 1
    case.entries += 1
