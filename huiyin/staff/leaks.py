"""Leaks of personal data: registered with whom they concern, which fields, and what was done."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from huiyin.base import audit, personal, tx
from huiyin.base.actor import Actor
from huiyin.staff.models import Leak, Staff
from huiyin.staff.refusal import Refusal

NUMBER = re.compile(r"[A-Za-z]{1,6}-?[0-9]{1,12}")


def register(
    by_whom: Staff,
    *,
    persons: Sequence[str],
    fields: Sequence[str],
    what_happened: str,
    noticed_at: datetime,
    unknown_of: Callable[[Collection[str]], Collection[str]],
    by: Actor,
    at: datetime,
) -> Leak:
    """Register a leak: customers by their numbers (never by name or phone), kinds of fields, what happened.

    `unknown_of` says which of these numbers no customer has: customers stand above. Raises Refusal.
    """
    concerned = sorted({person.strip().upper() for person in persons if person.strip()})
    malformed = [person for person in concerned if not NUMBER.fullmatch(person)]
    if unknown := malformed or sorted(unknown_of(concerned)):
        raise Refusal("customer_unknown", what=unknown[0])
    if unknown := sorted(set(fields) - set(personal.KINDS)):
        raise Refusal("field_unknown", what=unknown[0])
    if not what_happened.strip() or not fields:
        raise Refusal("leak_empty")
    if noticed_at > at:
        raise Refusal("future")
    with tx.write():
        leak = Leak.objects.create(
            noticed_at=noticed_at,
            persons=concerned,
            fields=sorted(set(fields)),
            what_happened=what_happened.strip()[:4000],
            registered_by=by_whom,
        )
        audit.write("leak.registered", f"leak:{leak.uuid}", by=by, at=at, fields=sorted(set(fields)))
    return leak


def note_measures(uuid: UUID, measures: str, *, done: bool, by: Actor, at: datetime) -> Leak:
    """Write down what was done about it; `done` closes it. What happened is never changed. Raises Refusal."""
    if not measures.strip():
        raise Refusal("measures_missing")
    with tx.write():
        leak = Leak.objects.select_for_update().filter(uuid=uuid).first()
        if leak is None:
            raise Refusal("unknown", kind="leak", what=str(uuid))
        leak.measures = measures.strip()[:4000]
        leak.closed_at = (leak.closed_at or at) if done else None
        leak.save(update_fields=["measures", "closed_at"])
        audit.write("leak.closed" if done else "leak.measured", f"leak:{leak.uuid}", by=by, at=at)
    return leak


def everything(*, limit: int = 200) -> list[Leak]:
    """Return the register, the newest first."""
    return list(Leak.objects.select_related("registered_by").order_by("-id")[:limit])
