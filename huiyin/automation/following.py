"""Reactions around a case: what wakes it, whom it is told to."""

from datetime import datetime

from huiyin.base.outbox import Happened, Spec
from huiyin.cases.models import Watcher
from huiyin.notices.following import WHAT

_TASKS = "huiyin.automation.around"


def _wake(fact: Happened) -> list[Spec]:
    until = fact.payload["until"]
    if not until:
        return []
    args = {"case": fact.subject_id, "ref": fact.ref, "until": until}
    return [Spec(f"{_TASKS}.wake", f"wake:{fact.ref}", args, at=datetime.fromisoformat(until))]


def _followers(fact: Happened) -> list[Spec]:
    # Nobody follows a case with its first entry yet: the intake is not asked.
    if fact.ref.endswith(":1") or not Watcher.objects.filter(case=fact.subject_id).exists():
        return []
    args = {
        "case": fact.subject_id,
        "ref": fact.ref,
        "kind": fact.kind,
        "by": fact.by.ref,
        "reason": str(fact.payload.get("reason", "")) if fact.kind == "case.resumed" else "",
    }
    return [Spec(f"{_TASKS}.tell_follow", f"tell_follow:{fact.ref}", args)]


def _added(fact: Happened) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "to": fact.payload["to"], "by": fact.by.ref}
    return [Spec(f"{_TASKS}.tell_added", f"tell_added:{fact.ref}", args)]


def _given(fact: Happened) -> list[Spec]:
    args = {name: fact.payload[name] for name in ("to", "promise", "due")}
    args |= {"case": fact.subject_id, "ref": fact.ref}
    return [Spec(f"{_TASKS}.tell_given", f"tell_given:{fact.ref}", args)]


def _mentioned(fact: Happened) -> list[Spec]:
    args = {name: fact.payload[name] for name in ("to", "asks")}
    args |= {"case": fact.subject_id, "ref": fact.ref}
    return [Spec(f"{_TASKS}.tell_mentioned", f"tell_mentioned:{fact.ref}", args)]


def _refused(fact: Happened) -> list[Spec]:
    args = {"case": fact.subject_id, "ref": fact.ref, "to": fact.payload["to"]}
    return [Spec(f"{_TASKS}.tell_refused", f"tell_refused:{fact.ref}", args)]


REACTIONS = (
    ("case.waited", _wake),
    ("watcher.added", _added),
    ("promise.given", _given),
    ("person.mentioned", _mentioned),
    ("mention.refused", _refused),
    *((kind, _followers) for kind in WHAT),
)
