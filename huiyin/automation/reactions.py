"""Which fact causes which tasks: the whole table. Recording a fact puts its tasks in the same transaction."""

from collections.abc import Callable

from huiyin.base import outbox
from huiyin.base.actor import CLOCK
from huiyin.base.outbox import Happened, Spec
from huiyin.cases import clock

_TASKS = "huiyin.automation.tasks"


def _once(task: str, *params: str) -> Callable[[Happened], list[Spec]]:
    """Return a reaction that puts one task about the case; `params` are taken over from the payload."""

    def reaction(fact: Happened) -> list[Spec]:
        args = {"case": fact.subject_id, "ref": fact.ref, **{name: fact.payload[name] for name in params}}
        return [Spec(f"{_TASKS}.{task}", f"{task}:{fact.ref}", args)]

    return reaction


def _serve_queue(fact: Happened) -> list[Spec]:
    return [Spec(f"{_TASKS}.serve_queue", "serve-queue")]


def _queue_when_online(fact: Happened) -> list[Spec]:
    return _serve_queue(fact) if fact.payload["state"] == "online" else []


def _tell_due(fact: Happened) -> list[Spec]:
    return [Spec(f"{_TASKS}.tell_due", f"tell_due:{fact.ref}", dict(fact.payload))]


def _unless_by_clock(reaction: Callable[[Happened], list[Spec]]) -> Callable[[Happened], list[Spec]]:
    """The clock tells what it did in one task a step, so its entries cause none of their own."""
    return lambda fact: [] if fact.by == CLOCK else reaction(fact)


REACTIONS = (
    ("case.opened", _once("greet")),
    ("case.assigned", _once("tell_assigned", "to")),
    ("case.queued", _serve_queue),
    ("case.resolved", _serve_queue),
    ("case.waited", _serve_queue),
    ("case.voided", _serve_queue),
    ("presence.changed", _queue_when_online),
    ("greeting.sent", _once("deliver")),
    ("message.sent", _once("deliver")),
    ("case.resolved", _once("deliver")),
    ("case.disputed", _once("tell_disputed")),
    (clock.ACTED, _tell_due),
    ("case.escalated", _unless_by_clock(_once("tell_escalated", "to", "cause"))),
)

for kind, reaction in REACTIONS:
    outbox.react(kind, reaction)
