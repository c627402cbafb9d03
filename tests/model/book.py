"""The model: what a case is after each verb, in the plainest words. Refusals carry the name of the product's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

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
HOME, OTHER = "service", "returns"  # nobody leads the other team
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
    """One case. `entries` counts them, `told` are the people whom it was raised to, `left_at` when it last ended,
    `messages` what the customer wrote, by the entry's number."""

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
    team: str = HOME
    snoozed_until: datetime | None = None
    silence_at: datetime | None = None
    outcome: str = ""
    closed_loop: str = ""
    owed: list[Owed] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    messages: dict[int, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    watchers: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)

    @property
    def lead(self) -> str | None:
        return LEAD if self.team == HOME else None

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
    made = Kase(number, customer, entries=5 if greeted else 3)
    made.owed = [by_policy(code, at, None) for code in ("first-reply", "greeting", f"resolution-{priority}")]
    if greeted:
        made.owed[1].keep(at)
    return made


def move(case: Kase, name: str, by: str, at: datetime, **told: Any) -> None:
    """Make one move of the life cycle. `told` is waiting_for, until, despite or how."""
    if case.status not in LEAVES[name] or (name == "restore" and case.merged):
        raise Refused("MoveNotAllowed")
    _refuse_after(case, name, at)
    if name == "resolve" and case.pending():
        if not told.get("despite"):
            raise Refused("OpenRequest")
        case.entries += 1
    case.status = ENTERS.get(name, "open")
    case.waiting_for, case.snoozed_until = told.get("waiting_for", ""), told.get("until")
    case.version += 1
    case.entries += 1
    _say_how(case, name, told.get("how", "call"))
    _after(name)(case, by, at)


def reply(case: Kase, by: str, at: datetime) -> None:
    if case.status in ("closed", "void"):
        raise Refused("MoveNotAllowed")
    if case.status == "new":
        move(case, "accept", by, at)
    case.entries += 1
    case.keep(FIRST_ANSWERS, at)


def receive(case: Kase, words: str, at: datetime) -> None:
    """A customer writes: what waits for them goes on, what was solved or closed is open again."""
    if case.status == "closed":
        _refuse_after(case, "reopen", at)
    case.entries += 1
    case.messages[case.entries] = words
    follows = {"resolved": "dispute", "closed": "reopen"}.get(case.status, "")
    if case.status == "waiting" and case.waiting_for in ("customer", "scheduled"):
        follows = "resume"
    if follows:
        move(case, follows, "", at, how="message")


def assign(case: Kase, to: str) -> None:
    if case.status not in IN_WORK:
        raise Refused("MoveNotAllowed")
    case.handler = to
    case.owner = case.owner or (to if case.status != "new" else None)
    case.version += 1
    case.entries += 1
    case.hand_over()


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


def _refuse_after(case: Kase, name: str, at: datetime) -> None:
    if name in WITHIN and case.left_at is not None and at > case.left_at + WITHIN[name]:
        raise Refused("MoveNotAllowed")


def silence_ends(case: Kase, at: datetime) -> datetime | None:
    """Return when silence confirms: the third day after this one is over, on a calendar that is always open, in UTC."""
    midnight = datetime.combine(at.astimezone(UTC), time(), UTC)
    return None if case.causes else midnight + timedelta(days=4)


def _say_how(case: Kase, name: str, how: str) -> None:
    case.silence_at = None
    if name == "confirm":
        case.closed_loop = how
        case.outcome = case.outcome if how == "silence" else "satisfied"
    elif name == "dispute":
        case.outcome = "" if how == "message" else "dissatisfied"
    elif name in ("resolve", "reopen"):
        case.outcome = case.closed_loop = ""


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
    case.resolved_at, case.silence_at = at, silence_ends(case, at)
    case.resume_all(at)
    case.keep((*FIRST_ANSWERS, "resolution", "archive"), at)
    if case.is_complex() and not any(one.is_owed and one.kind == "call_back" for one in case.owed):
        case.owed.append(by_policy("call-back-complex", at, case.lead))
        case.entries += 1


def _confirmed(case: Kase, by: str, at: datetime) -> None:
    case.closed_at = case.left_at = at
    if case.closed_loop == "silence":  # nobody called back
        case.end(at, ("call_back",))
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
