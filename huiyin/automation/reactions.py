"""Which fact causes which tasks: the whole table. Recording a fact puts its tasks in the same transaction."""

from collections.abc import Callable

from huiyin.automation import following, management
from huiyin.base import outbox
from huiyin.base.actor import DISPATCH
from huiyin.base.outbox import Happened, Spec
from huiyin.cases import clock, escalation, observations
from huiyin.channels import deliver as channel
from huiyin.channels import endpoints
from huiyin.rules import book as rulebook

_TASKS = "huiyin.automation.tasks"
_REQUESTS = "huiyin.automation.requests"


def _once(task: str, *params: str) -> Callable[[Happened], list[Spec]]:
    """Return a reaction that puts one task about the case; `params` are taken over from the payload."""

    def reaction(fact: Happened) -> list[Spec]:
        args = {"case": fact.subject_id, "ref": fact.ref, **{name: fact.payload[name] for name in params}}
        return [Spec(f"{_TASKS}.{task}", f"{task}:{fact.ref}", args)]

    return reaction


def _deliver(fact: Happened) -> list[Spec]:
    # Three transactions a message, so none for an account whose customers read their answers on our own pages.
    return _once("deliver")(fact) if channel.leads_out(fact.payload["channel"]) else []


def _serve_queue(fact: Happened) -> list[Spec]:
    return [Spec(f"{_TASKS}.serve_queue", "serve-queue")]


def _serve_what_others_queued(fact: Happened) -> list[Spec]:
    # What dispatch itself queued found nobody a moment ago: asking again at once would find nobody again.
    return [] if fact.by == DISPATCH else _serve_queue(fact)


def _serve_when_none_named(fact: Happened) -> list[Spec]:
    return [] if fact.payload["to"] else _serve_queue(fact)


def _tell_assigned(fact: Happened) -> list[Spec]:
    # Who takes a case for themselves knows it.
    return [] if fact.by.ref == fact.payload["to"] else _once("tell_assigned", "to")(fact)


def _queue_when_online(fact: Happened) -> list[Spec]:
    return _serve_queue(fact) if fact.payload["state"] == "online" else []


def _of_overload(fact: Happened) -> list[Spec]:
    args = {**fact.payload, "ref": fact.ref, "kind": fact.kind}
    return [Spec("huiyin.automation.overload.tell", f"overload:{fact.ref}", args)]


def _of_export(fact: Happened) -> list[Spec]:
    args = {"export": fact.subject_id, "ref": fact.ref, "kind": fact.kind}
    return [Spec("huiyin.automation.people.tell_export", f"export:{fact.ref}", args)]


def _each_child(fact: Happened) -> list[Spec]:
    args = {"parent": fact.subject_id, "ref": fact.ref, "resolve": fact.payload["resolve"], "by": fact.by.ref}
    return [
        Spec(f"{_TASKS}.answer_child", f"answer:{fact.ref}:{number}", {**args, "number": number})
        for number in fact.payload["numbers"]
    ]


def _tell_due(fact: Happened) -> list[Spec]:
    return [Spec(f"{_TASKS}.tell_due", f"tell_due:{fact.ref}", dict(fact.payload))]


def _request(fact: Happened) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "kind": fact.kind, "request": fact.payload["request"]}
    return [Spec(f"{_REQUESTS}.tell_request", f"tell_request:{fact.ref}", args)]


def _crossing(fact: Happened) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "department": fact.payload["department"]}
    return [Spec(f"{_REQUESTS}.raise_crossing", f"raise_crossing:{fact.ref}", args)]


def _ask_missing(fact: Happened) -> list[Spec]:
    # The book at hand is the one by which the case was opened a moment ago: no query on the way in.
    if not fact.payload["missing"] or not rulebook.at_hand().asks_for_missing(fact.payload["category"]):
        return []
    return _once("ask_missing")(fact)


def _threatened(fact: Happened) -> list[Spec]:
    emotions = {reason["params"].get("emotion") for reason in fact.payload["because"]}
    return _by_rule(fact, escalation.THREATENING) if escalation.THREATENING in emotions else []


def _dissatisfied(fact: Happened) -> list[Spec]:
    # A colleague heard it when calling back; a customer's own click or message is told to the handler only.
    return _by_rule(fact, escalation.DISSATISFIED) if fact.payload["how"] == "call" else []


def _tell_reopened(fact: Happened) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "by": fact.by.ref}
    return [Spec(f"{_TASKS}.tell_reopened", f"tell_reopened:{fact.ref}", args)]


def _threat_heard(fact: Happened) -> list[Spec]:
    return _by_rule(fact, escalation.THREATENING)


def _by_rule(fact: Happened, cause: str) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "cause": cause}
    return [Spec(f"{_REQUESTS}.raise_by_rule", f"raise_by_rule:{fact.ref}", args)]


def _raised(fact: Happened) -> list[Spec]:
    # What the clock raises for a broken promise it tells itself, in one task a step.
    if fact.payload["cause"] not in escalation.CAUSES:
        return []
    args = {
        "case": fact.subject_id,
        "ref": fact.ref,
        "to": fact.payload["to"],
        "cause": fact.payload["cause"],
    }
    return [Spec(f"{_REQUESTS}.tell_raised", f"tell_raised:{fact.ref}", args)]


def _reported(fact: Happened) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "codes": fact.payload["codes"]}
    return [Spec(f"{_REQUESTS}.tell_reported", f"tell_reported:{fact.ref}", args)]


def _of_task(fact: Happened) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "kind": fact.kind}
    return [Spec("huiyin.automation.assigned.tell_task", f"tell_task:{fact.ref}", args)]


def _of_observation(fact: Happened) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "kind": fact.kind, "by": fact.by.ref}
    return [Spec("huiyin.automation.assigned.tell_reporter", f"tell_reporter:{fact.ref}", args)]


REACTIONS = (
    ("overload.reported", _of_overload),
    ("overload.ended", _of_overload),
    ("overload.ended", _serve_queue),
    ("overload.relieved", _of_overload),
    ("overload.stood_in", _of_overload),
    ("export.asked", _of_export),
    ("export.approved", _of_export),
    ("export.refused", _of_export),
    ("case.assigned", _tell_assigned),
    ("case.transferred", _serve_when_none_named),
    ("case.given_back", _serve_queue),
    ("case.queued", _serve_what_others_queued),
    ("case.resolved", _serve_queue),
    ("case.waited", _serve_queue),
    ("case.voided", _serve_queue),
    ("presence.changed", _queue_when_online),
    ("greeting.sent", _deliver),
    ("message.sent", _deliver),
    ("message.recalled", _deliver),
    ("case.resolved", _once("deliver")),
    ("case.disputed", _once("tell_disputed", "how")),
    ("case.reopened", _tell_reopened),
    ("case.reopened", _serve_queue),
    ("case.continued", _serve_queue),
    ("case.disputed", _dissatisfied),
    ("task.objected", _of_task),
    ("task.handed_in", _of_task),
    ("task.upheld", _of_task),
    *((kind, _of_observation) for kind in observations.TOLD.values()),
    ("task.changed", _of_task),
    ("case.opened", _threatened),
    ("threat.heard", _threat_heard),
    ("case.opened", _ask_missing),
    ("details.asked", _deliver),
    ("case.escalated", _raised),
    ("case.reported", _reported),
    ("collaboration.asked", _crossing),
    ("collaboration.asked", _request),
    ("collaboration.accepted", _request),
    ("collaboration.answered", _request),
    ("collaboration.returned", _request),
    ("collaboration.finished", _request),
    ("collaboration.withdrawn", _request),
    ("collaboration.approved", _request),
    ("collaboration.refused", _request),
    (clock.ACTED, _tell_due),
    ("children.answered", _each_child),
)


def _tell_endpoints(fact: Happened) -> list[Spec]:
    if not endpoints.wanted(fact.kind):
        return []
    args = {"kind": fact.kind, "ref": fact.ref}
    return [Spec("huiyin.automation.webhooks.tell_endpoints", f"endpoints:{fact.ref}", args)]


outbox.react(outbox.EVERY, _tell_endpoints)
for kind, reaction in (*REACTIONS, *following.REACTIONS, *management.REACTIONS):
    outbox.react(kind, reaction)
