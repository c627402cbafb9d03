"""The model of what happens between cases, and between departments."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from tests.model.book import CAP, IN_WORK, WEIGHT, Kase, Merged, Refused, Request, move, opened, reply
from tests.model.owed import Owed

ASKED_IN = ("new", "open", "waiting")
STEPS = {
    "accept": (("open",), "accepted", ""),
    "answer": (("open", "accepted"), "answered", "keep"),
    "return": (("open", "accepted"), "returned", "cancel"),
    "finish": (("accepted", "answered"), "finished", "keep"),
    "withdraw": (("open", "accepted", "answered"), "withdrawn", "cancel"),
}


def ask(case: Kase, name: str, at: datetime, due: datetime) -> None:
    if case.status not in ASKED_IN:
        raise Refused("MoveNotAllowed")
    warned = max(due - timedelta(hours=1), at + (due - at) / 2)
    owed = Owed("collaboration", at, due, about=name, warnings=[warned])
    case.owed.append(owed)
    case.requests.append(Request(name, owed))
    case.entries += 1


def answer(case: Kase, request: Request, verb: str, by: str, at: datetime) -> None:
    leaves, enters, settles = STEPS[verb]
    if request.state not in leaves:
        raise Refused("MoveNotAllowed")
    request.assignee = by if verb == "accept" else request.assignee
    request.owed.debtor = request.assignee
    request.state = enters
    case.entries += 1
    if settles and request.owed.is_owed:
        case.entries += 1
        if settles == "keep":
            request.owed.keep(at)
        else:
            request.owed.end(at)


def merge(one: Kase, into: Kase, at: datetime) -> None:
    if one is into or one.customer != into.customer or one.merged or into.merged:
        raise Refused("CannotMerge")
    if into.status not in IN_WORK:
        raise Refused("CannotMerge")
    if one.status not in ("new", "open", "waiting"):
        raise Refused("MoveNotAllowed")
    if one.pending():
        raise Refused("CannotMerge")
    kinds = {owed.kind for owed in into.owed if owed.is_owed}
    mine = [owed for owed in one.owed if owed.is_owed]
    cancelled = [owed for owed in mine if owed.kind in kinds and owed.state != "broken"]
    moved = [owed for owed in mine if owed not in cancelled]
    one.merged = Merged(
        into,
        at,
        one.status,
        one.waiting_for,
        moved,
        [(owed, owed.state) for owed in cancelled],
        one.watchers - into.watchers,
    )
    into.watchers |= one.watchers
    into.entries += len(one.merged.taken_along)
    one.status, one.waiting_for, one.snoozed_until = "void", "", None
    for case in (one, into):
        case.version += 1
        case.entries += 1
    for owed in cancelled:
        owed.state = "cancelled"
    one.owed = [owed for owed in one.owed if owed not in moved]
    into.owed += moved
    for owed in moved:
        owed.debtor = into.handler
    _run_as_its_case(into, at)


def unmerge(one: Kase, cases: list[Kase], at: datetime) -> None:
    done = one.merged
    if done is None or at > done.at + timedelta(hours=24):
        raise Refused("CannotMerge")
    one.merged, one.status, one.waiting_for = None, done.status, done.waiting_for
    if one.waiting_for == "scheduled":  # its morning may be over: somebody looks at it
        one.status, one.waiting_for = "open", ""
    for case in (one, done.into):
        case.version += 1
        case.entries += 1
    for case in cases:
        case.owed = [owed for owed in case.owed if not any(owed is mine for mine in done.moved)]
    done.into.entries += len(done.taken_along & done.into.watchers)
    done.into.watchers -= done.taken_along
    one.owed += done.moved
    for owed in done.moved:
        owed.debtor = one.handler if owed.is_owed else owed.debtor
    for owed, state in done.cancelled:
        owed.state = state
        owed.warnings = [moment for moment in owed.warnings if moment > at]
    _run_as_its_case(one, at)


def load_of(cases: Iterable[Kase], person: str) -> Decimal:
    """Return what this person carries."""
    return sum(
        (WEIGHT for case in cases if case.handler == person and case.status in ("new", "open")), Decimal(0)
    )


def _run_as_its_case(case: Kase, at: datetime) -> None:
    if case.status == "waiting":
        case.pause_all(at)
    else:
        case.resume_all(at)


def split(case: Kase, seq: int, number: str, priority: str, at: datetime, cases: list[Kase]) -> Kase:
    if case.status == "void":
        raise Refused("MoveNotAllowed")
    if seq not in case.messages:
        raise Refused("NoSuchMessage")
    made = opened(number, case.customer, priority, at, greeted=False)
    if case.handler is not None and load_of(cases, case.handler) < CAP:
        made.handler = case.handler
    for owed in made.owed:
        owed.debtor = made.handler
    made.entries += 1
    made.team, made.messages = case.team, {1: case.messages[seq]}
    case.version += 1
    case.entries += 1
    return made


def link(one: Kase, two: Kase, linked: set[frozenset[str]]) -> None:
    if "void" in (one.status, two.status):
        raise Refused("CannotRelate")
    pair = frozenset((one.number, two.number))
    if pair not in linked:
        linked.add(pair)
        one.entries += 1
        two.entries += 1


def put_under(child: Kase, parent: Kase, cases: list[Kase]) -> None:
    has_children = any(case.parent is child for case in cases)
    if child is parent or parent.parent or has_children or "void" in (child.status, parent.status):
        raise Refused("CannotRelate")
    if child.parent is parent:
        return
    child.parent = parent
    child.version += 1
    child.entries += 1
    parent.entries += 1


def take_out(child: Kase) -> None:
    if child.parent is not None:
        child.version += 1
        child.entries += 1
        child.parent.entries += 1
        child.parent = None


def answer_all(parent: Kase, resolve: bool, by: str, at: datetime, cases: list[Kase]) -> None:
    """One text for all children that are in work, each answered by a task that runs at once."""
    children = [case for case in cases if case.parent is parent and case.status in IN_WORK]
    if not children or parent.status == "void":
        raise Refused("CannotRelate")
    parent.entries += 1
    for child in children:
        reply(child, by, at)
        if resolve and child.status in ("open", "waiting"):
            move(child, "resolve", by, at)
