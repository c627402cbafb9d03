"""Appending to the timeline. Every entry takes the next number of its case and puts the tasks it causes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from huiyin.base import announce, facts, outbox, rows, secrets, tx
from huiyin.base.actor import Actor
from huiyin.cases import (  # noqa: F401 kinds fill the registry
    kinds,
    kinds_around,
    kinds_changes,
    kinds_contacts,
    kinds_finishing,
    kinds_progress,
    kinds_tasks,
    kinds_unwanted,
    recent,
)
from huiyin.cases.bodies import personal_spans
from huiyin.cases.models import Case, Contact, Entry, EntryBody


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be: `text` goes to the erasable body, with the personal `spans` in it (None: to be found).

    `contact` is the call or chat session that it belongs to.
    """

    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    spans: Sequence[tuple[str, int, int]] | None = None
    contact: Contact | None = None


def append(case: Case, drafts: Sequence[Draft], *, by: Actor, at: datetime, depth: int = 0) -> list[Entry]:
    """Append to a case that exists, in the running transaction; `case.entry_seq` moves along."""
    with tx.write():
        Case.objects.filter(pk=case.pk).update(entry_seq=F("entry_seq") + len(drafts))
        case.entry_seq = Case.objects.values_list("entry_seq", flat=True).get(pk=case.pk)
        start = case.entry_seq - len(drafts) + 1
        return append_numbered([(case, start, [(draft, by) for draft in drafts])], at=at, depth=depth)


def append_numbered(
    timelines: Iterable[tuple[Case, int, Sequence[tuple[Draft, Actor]]]], *, at: datetime, depth: int = 0
) -> list[Entry]:
    """Write entries whose numbers are already taken: (case, first number, drafts with their actors) each.

    Three statements however many cases: entries, bodies, tasks.
    """
    entries, bodies, happened = [], [], []
    depth = max(depth, outbox.chain.depth())
    for case, start, drafts in timelines:
        for seq, (draft, by) in enumerate(drafts, start):
            kind = facts.checked(draft.kind, draft.payload)
            entries.append(
                rows.new(
                    Entry,
                    case=case,
                    seq=seq,
                    kind=draft.kind,
                    audience=kind.audience,
                    payload=dict(draft.payload),
                    by_kind=by.kind,
                    by_ref=by.ref,
                    at=at,
                    depth=depth,
                    contact=draft.contact,
                )
            )
            if draft.text:
                digest = secrets.digest("entry-body", draft.text)
                spans = personal_spans(draft.text, at=at) if draft.spans is None else draft.spans
                bodies.append(
                    rows.new(EntryBody, case=case, seq=seq, text=draft.text, spans=list(spans), digest=digest)
                )
            ref = f"entry:{case.pk}:{seq}"
            happened.append(outbox.Happened(draft.kind, ref, case.pk, draft.payload, by, at, depth))
    with tx.write():
        rows.insert(entries)
        if bodies:
            rows.insert(bodies, ids=False)
        outbox.put_many(outbox.tasks_for(happened), at=at)
        _hint(entries)
    return entries


def _hint(entries: Sequence[Entry]) -> None:
    new = {entry.case for entry in entries if entry.seq == 1 and entry.case.follows_id is None}
    known = {entry.case for entry in entries} - new
    topics = recent.topics_of_new(new) | (recent.topics_of(known) if known else {})
    for case in new | known:
        announce.changed(topics[case.pk], "case.changed", {"case": case.number})
