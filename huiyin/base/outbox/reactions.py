"""From what happened to the tasks it causes. `automation.reactions` fills the table at start."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from huiyin.base.actor import Actor
from huiyin.base.outbox import chain
from huiyin.base.outbox.put import Spec

EVERY = "*"  # stands for every kind


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry or fact, as a reaction sees it. `ref` names it for good (`entry:12:3`), for use in keys."""

    kind: str
    ref: str
    subject_id: int
    payload: Mapping[str, Any]
    by: Actor
    at: datetime
    depth: int = 0


Reaction = Callable[[Happened], Iterable[Spec]]
_reactions: dict[str, list[Reaction]] = {}


def react(kind: str, reaction: Reaction) -> None:
    """Let `reaction` answer every fact of this kind (or EVERY) with tasks. Registering it again changes nothing."""
    known = _reactions.setdefault(kind, [])
    if reaction not in known:
        known.append(reaction)


def tasks_for(happened: Iterable[Happened]) -> list[Spec]:
    """Return the tasks that these facts cause. What would go deeper than five, or beyond fifty, is cut: the first
    task that is not put any more is buried with the reason, so that `doctor` and the metrics show the loop."""
    return [spec for fact in happened for spec in _caused(fact)]


def _caused(fact: Happened) -> list[Spec]:
    depth = max(fact.depth, chain.depth())
    wanted = [
        spec
        for reaction in (*_reactions.get(fact.kind, ()), *_reactions.get(EVERY, ()))
        for spec in reaction(fact)
    ]
    granted, each = chain.spend(fact.subject_id, len(wanted)) if depth < chain.DEPTH_LIMIT else (0, 0)
    put = [replace(spec, depth=depth + 1, budget=each) for spec in wanted[:granted]]
    if granted < len(wanted):
        why = f"{fact.kind} is part of a loop: cut at depth {depth} after {granted} of {len(wanted)} tasks"
        put.append(replace(wanted[granted], depth=depth + 1, budget=0, cut=why))
    return put
