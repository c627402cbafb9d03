"""The registry of kinds, and the record of what belongs to no case.

A kind is `noun.past`. Timeline, reactions, webhooks and live events read the same table, so a kind is described once:
what its payload holds, the sentence that tells it, and who may read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from huiyin.base import outbox, tx
from huiyin.base.actor import Actor
from huiyin.base.models import Fact


class Audience(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    SUPERVISION = "supervision"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact. `sentence` is a lazy translation with `%(name)s` places filled from the payload."""

    name: str
    sentence: Any
    audience: Audience = Audience.STAFF
    fields: Mapping[str, type | tuple[type, ...]] = field(default_factory=dict)
    schema: int = 1


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Add kinds to the registry; a name that is taken by another definition is refused."""
    for kind in kinds:
        if KINDS.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"the kind {kind.name} is described twice")


def checked(name: str, payload: Mapping[str, Any]) -> Kind:
    """Return the kind; raise ValueError when it is unknown or the payload is not what it promises."""
    kind = KINDS.get(name)
    if kind is None:
        raise ValueError(f"no kind {name!r}; register it first")
    if payload.keys() != kind.fields.keys():
        raise ValueError(f"{name} carries {sorted(payload)}, its description says {sorted(kind.fields)}")
    for key, types in kind.fields.items():
        if not isinstance(payload[key], types):
            raise ValueError(f"{name}: {key} is {type(payload[key]).__name__}")
    return kind


def record(kind: str, subject: str, *, by: Actor, at: datetime, subject_id: int = 0, **payload: Any) -> Fact:
    """Record what happened to `subject` (`staff:CS2024001`) and put the tasks it causes, in one transaction."""
    checked(kind, payload)
    with tx.write():
        fact = Fact.objects.create(
            kind=kind, subject=subject, payload=payload, by_kind=by.kind, by_ref=by.ref, at=at
        )
        happened = outbox.Happened(kind, f"fact:{fact.pk}", subject_id, payload, by, at)
        outbox.put_many(outbox.tasks_for([happened]), at=at)
    return fact
