"""From what happened to the tasks it causes. `automation.reactions` fills the table at start."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.base.actor import Actor
from huiyin.base.outbox.put import Spec

DEPTH_LIMIT = 5
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
    """Return the tasks that these facts cause; a chain deeper than five causes none, so that loops end."""
    return [
        spec
        for fact in happened
        if fact.depth < DEPTH_LIMIT
        for reaction in (*_reactions.get(fact.kind, ()), *_reactions.get(EVERY, ()))
        for spec in reaction(fact)
    ]
