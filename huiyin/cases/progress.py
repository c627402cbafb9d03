"""Noting how far a matter has come."""

from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.cases import entries, mentions
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.kinds_progress import PROGRESS
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid, checked

KIND = "progress.noted"


def note(case: Case, progress: str, text: str, *, by: Actor, at: datetime, client_id: str = "") -> Entry:
    """Add how far it has come (one of PROGRESS), with words for colleagues if any, and return the entry.

    A second call with the same `client_id` returns the entry of the first. Raises Invalid (`progress`: unknown) and
    MoveNotAllowed once the case is over.
    """
    if progress not in PROGRESS:
        raise Invalid(progress="unknown")
    text = checked(text) if text.strip() else ""
    with tx.write():
        locked = lock(case, None)
        same = Entry.objects.filter(case=case, kind=KIND, payload__client_id=client_id)
        if client_id and (before := same.first()):
            return before
        if not locked.is_open:
            raise MoveNotAllowed("progress", locked.status)
        told = {"progress": progress, "client_id": client_id}
        (entry,) = entries.append(case, [Draft(KIND, told, text)], by=by, at=at)
        if text:
            mentions.record(case, text, entry.seq, by=by, at=at)
    return entry
