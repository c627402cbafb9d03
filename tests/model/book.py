"""The model: what a case is after each verb, in the plainest words. Refusals carry the name of the product's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tests.model.owed import POLICIES, Owed, by_hand, by_policy, until

IN_WORK = ("new", "open", "waiting", "resolved")
LEAVES = {
    "accept": ("new",),
    "wait": ("open",),
    "resume": ("waiting",),
    "resolve": ("open", "waiting"),
    "confirm": ("resolved",),
    "dispute": ("resolved",),
    "reopen": ("closed",),
    "void": ("new", "open", "waiting"),
    "restore": ("void",),
}
ENTERS = {"wait": "waiting", "resolve": "resolved", "confirm": "closed", "void": "void"}
WITHIN = {"reopen": timedelta(days=30), "restore": timedelta(days=7)}
FIRST_ANSWERS = ("greeting", "first_reply", "complaint_response")
LEAD, MANAGER = "lena", "max"
CAP, WEIGHT = Decimal(5), Decimal("0.5")


class Refused(Exception):
    """The product refuses with an exception of this name, and changes nothing."""


@dataclass
class Request:
    """What another department was asked; `owed` is its promise."""

    name: str
    owed: Owed
    assignee: str | None = None
    state: str = "open"

    @property
    def is_pending(self) -> bool:
        return self.state in ("open", "accepted", "answered")


@dataclass
class Merged:
    into: "Kase"
    at: datetime
    status: str
    waiting_for: str
    moved: list[Owed]
    cancelled: list[tuple[Owed, str]]
    taken_along: set[str]


@dataclass
class Kase:
    """One case. `entries` counts them, `told` are the people whom it was raised to, `left_at` when it last ended."""

    number: str
    customer: str
    status: str = "new"
    waiting_for: str = ""
    version: int = 1
    entries: int = 0
    owner: str | None = None
    handler: str | None = None
    level: int = 0
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    left_at: datetime | None = None
    parent: "Kase | None" = None
    merged: Merged | None = None
    waited_for_others: bool = False
    owed: list[Owed] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    watchers: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)

    def pending(self) -> list[Request]:
        return [request for request in self.requests if request.is_pending]

    def is_complex(self) -> bool:
        return self.level > 0 or bool(self.requests) or self.waited_for_others

    def hand_over(self) -> None:
        for one in self.owed:
            of_lead = bool(one.policy) and POLICIES[one.policy].of_lead
            if one.is_owed and one.kind != "collaboration" and not of_lead:
                one.debtor = self.handler

    def keep(self, kinds: Iterable[str], at: datetime) -> None:
        for one in self.owed:
            if one.is_owed and one.kind in kinds:
                one.keep(at)
                self.entries += 1

    def end(self, at: datetime, kinds: Iterable[str] | None = None) -> None:
        for one in self.owed:
            if one.is_owed and (kinds is None or one.kind in kinds):
                one.end(at)
                self.entries += 1

    def pause_all(self, at: datetime) -> None:
        for one in self.owed:
            pauses = POLICIES[one.policy].pauses_for if one.policy else ()
            if one.state == "running" and one.due > at and self.waiting_for in pauses:
                one.pause(at)
                self.entries += 1

    def resume_all(self, at: datetime) -> None:
        for one in self.owed:
            if one.state == "paused":
                one.resume(at)
                self.entries += 1


def opened(number: str, customer: str, priority: str, at: datetime, *, greeted: bool = True) -> Kase:
    """Return a case that a message opens: message, opening, queue, and greeting with its promise kept."""
    made = Kase(number, customer, entries=5 if greeted else 3, messages=[1])
    made.owed = [by_policy(code, at, None) for code in ("first-reply", "greeting", f"resolution-{priority}")]
    if greeted:
        made.owed[1].keep(at)
    return made


def move(case: Kase, name: str, by: str, at: datetime, waiting_for: str = "", despite: str = "") -> None:
    """Make one move of the life cycle."""
    if case.status not in LEAVES[name] or (name == "restore" and case.merged):
        raise Refused("MoveNotAllowed")
    _refuse_after(case, name, at)
    if name == "resolve" and case.pending():
        if not despite:
            raise Refused("OpenRequest")
        case.entries += 1
    case.status, case.waiting_for = ENTERS.get(name, "open"), waiting_for
    case.version += 1
    case.entries += 1
    _after(name)(case, by, at)


def reply(case: Kase, by: str, at: datetime) -> None:
    if case.status in ("closed", "void"):
        raise Refused("MoveNotAllowed")
    if case.status == "new":
        move(case, "accept", by, at)
    case.entries += 1
    case.keep(FIRST_ANSWERS, at)


def receive(case: Kase, at: datetime) -> None:
    """A customer writes: what waits for them goes on, what was solved or closed is open again."""
    if case.status == "closed":
        _refuse_after(case, "reopen", at)
    case.entries += 1
    case.messages.append(case.entries)
    follows = {"resolved": "dispute", "closed": "reopen"}.get(case.status, "")
    if case.status == "waiting" and case.waiting_for in ("customer", "scheduled"):
        follows = "resume"
    if follows:
        move(case, follows, "", at)


def assign(case: Kase, to: str) -> None:
    if case.status not in IN_WORK:
        raise Refused("MoveNotAllowed")
    case.handler = to
    case.owner = case.owner or (to if case.status != "new" else None)
    case.version += 1
    case.entries += 1
    case.hand_over()


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


def promise(case: Kase, kind: str, about: str, at: datetime, due: datetime) -> None:
    if case.status not in IN_WORK:
        raise Refused("MoveNotAllowed")
    case.owed.append(by_hand(kind, about, at, due, case.handler))
    case.entries += 1


def settle(case: Kase, one: Owed, verb: str, at: datetime, due: datetime) -> None:
    """Keep, cancel or put off what was promised by hand."""
    if not one.is_owed or (verb == "extend" and (one.state != "running" or one.due <= at)):
        raise Refused("MoveNotAllowed")
    if verb == "extend" and due <= one.due:
        raise Refused("Invalid")
    if verb == "keep":
        one.keep(at)
    elif verb == "cancel":
        one.end(at)
    else:
        one.due, one.warnings = due, until(at, due)
    case.entries += 1


def tick(cases: Iterable[Kase], at: datetime) -> None:
    """What the clock does at this moment to all of them."""
    for case in cases:
        acted = [(one, done) for one in case.owed if (done := one.tick(at))]
        case.entries += len(acted)
        raised = sum(done == "broken" and one.climbs for one, done in acted)
        if raised and case.handler != LEAD:
            case.level += raised
            case.entries += raised
            case.version += 1
            case.told.add(LEAD)


def _refuse_after(case: Kase, name: str, at: datetime) -> None:
    if name in WITHIN and case.left_at is not None and at > case.left_at + WITHIN[name]:
        raise Refused("MoveNotAllowed")


def _next_above(case: Kase, by: str) -> str | None:
    above = [one for one in (LEAD, MANAGER) if one not in {case.handler, by} | case.told]
    return above[0] if above else None


def _raise(case: Kase, to: str, cause: str) -> None:
    case.told.add(to)
    case.watchers.add(to)
    case.causes.add(cause)
    case.level += 1
    case.version += 1
    case.entries += 1


def _after(name: str) -> Callable[[Kase, str, datetime], None]:
    return {
        "accept": _accepted,
        "wait": _waits,
        "resume": lambda case, by, at: case.resume_all(at),
        "resolve": _resolved,
        "confirm": _confirmed,
        "void": _voided,
    }.get(name, _again)


def _accepted(case: Kase, by: str, at: datetime) -> None:
    case.owner, case.handler = case.owner or by, case.handler or by
    case.hand_over()


def _waits(case: Kase, by: str, at: datetime) -> None:
    case.waited_for_others |= case.waiting_for == "third_party"
    case.pause_all(at)


def _resolved(case: Kase, by: str, at: datetime) -> None:
    case.resolved_at = at
    case.resume_all(at)
    case.keep((*FIRST_ANSWERS, "resolution", "archive"), at)
    if case.is_complex() and not any(one.is_owed and one.kind == "call_back" for one in case.owed):
        case.owed.append(by_policy("call-back-complex", at, LEAD))
        case.entries += 1


def _confirmed(case: Kase, by: str, at: datetime) -> None:
    case.closed_at = case.left_at = at
    case.keep(("call_back",), at)


def _voided(case: Kase, by: str, at: datetime) -> None:
    case.left_at = at
    case.end(at)
    for request in case.pending():
        request.state = "withdrawn"


def _again(case: Kase, by: str, at: datetime) -> None:
    """After a dispute, a reopening or a restoring the matter is owed anew."""
    case.end(at, ("call_back",))
    case.resolved_at = case.closed_at = None
    before = sorted((one for one in case.owed if one.kind == "resolution"), key=lambda one: one.order)
    if before and not before[-1].is_owed and before[-1].policy:
        case.owed.append(by_policy(before[-1].policy, at, case.handler))
