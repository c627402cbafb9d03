"""Evidence of what was done: files, or a reference to a record, attached to the case for colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.base import tx
from huiyin.base.actor import Actor
from huiyin.base.models import Blob
from huiyin.cases import attached, entries
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry
from huiyin.cases.moves import MoveNotAllowed
from huiyin.cases.typed import Invalid, checked

REFERENCE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """`files` are stored but have no row yet; `reference` names a record elsewhere; `text` says what it shows."""

    files: Sequence[Blob] = ()
    reference: str = ""
    text: str = ""
    client_id: str = ""


def attach(case: Case, given: Evidence, *, by: Actor, at: datetime) -> Entry:
    """Attach it, in any status but void, and return its entry. A second call with the same `client_id` adds nothing.

    Raises Invalid when it is neither a file nor a reference, MoveNotAllowed for a void case.
    """
    reference = given.reference.strip()
    if not given.files and not reference:
        raise Invalid(evidence="missing")
    if reference:
        reference = checked(reference, field="reference", limit=REFERENCE_CHARS)
    text = checked(given.text) if given.text.strip() else ""
    with tx.write():
        locked = lock(case, None)
        if locked.status == Case.VOID:
            raise MoveNotAllowed("attach evidence", locked.status)
        before = Entry.objects.filter(
            case=case, kind="evidence.added", payload__client_id=given.client_id
        ).first()
        if given.client_id and before is not None:
            return before
        told = {
            "files": attached.take(case, given.files),
            "reference": reference,
            "client_id": given.client_id,
        }
        (entry,) = entries.append(case, [Draft("evidence.added", told, text)], by=by, at=at)
    return entry
