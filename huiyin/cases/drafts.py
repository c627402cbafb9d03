"""What a person has typed on a case and not sent: one draft a person and case, theirs alone, gone when it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.base import announce, tx
from huiyin.base.actor import Actor
from huiyin.cases.models import Case, DraftText, Entry
from huiyin.cases.typed import TEXT_LIMIT, Invalid

KINDS = ("reply", "note", "wait", "resolve", "dispute")
FRESH = timedelta(minutes=15)
KEPT = timedelta(days=30)
SAID = ("message.received", "message.sent")


@dataclass(frozen=True, slots=True)
class AtWork:
    """One's own draft on a case, and who else has begun to write there, with when they last typed."""

    mine: DraftText | None
    others: Sequence[tuple[str, datetime]]


def save(
    case: Case,
    text: str,
    *,
    kind: str = "reply",
    seen_seq: int = 0,
    client_id: str = "",
    by: Actor,
    at: datetime,
) -> DraftText | None:
    """Keep these words as what `by` is writing on the case; nothing left takes the draft away.

    Harmless twice; with a `client_id` that was sent meanwhile nothing is kept, so that a late copy of what was sent
    does not come back. Whoever looks at the case sees that somebody writes, never what. Raises Invalid.
    """
    if kind not in KINDS:
        raise Invalid(kind="unknown")
    if len(text) > TEXT_LIMIT:
        raise Invalid(text="too_long")
    text = text.replace("\x00", "")
    if not text.strip():
        sent(case, by=by)
        return None
    with tx.write():
        # Two windows of one person may save at once: the row of the case puts them one after the other.
        Case.objects.select_for_update().only("pk").get(pk=case.pk)
        if case.about.filter(pk=by.id or 0).exists() or (client_id and _was_sent(case, client_id, by)):
            return None
        before = DraftText.objects.filter(case=case, staff=by.id or 0).first()
        draft, _ = DraftText.objects.update_or_create(
            case=case,
            staff_id=by.id or 0,
            defaults={"kind": kind, "text": text, "seen_seq": min(seen_seq, case.entry_seq), "at": at},
        )
        if before is None or before.at <= at - FRESH:
            _hint(case)
    return draft


def sent(case: Case, *, by: Actor) -> None:
    """Forget what `by` was writing on the case: it was sent, or given up. Harmless when there is nothing."""
    if by.kind != "staff":
        return
    with tx.write():
        if DraftText.objects.filter(case=case, staff=by.id or 0).delete()[0]:
            _hint(case)


def sweep(at: datetime) -> None:
    """Forget what nobody has gone on with for thirty days; harmless twice."""
    with tx.write():
        DraftText.objects.filter(at__lt=at - KEPT).delete()


def of(case: Case, staff_id: int, *, at: datetime) -> AtWork:
    """Return this person's draft on the case and the names of those who wrote there lately. One query."""
    rows = list(DraftText.objects.filter(case=case).select_related("staff").order_by("-at"))
    mine = next((row for row in rows if row.staff_id == staff_id), None)
    others = [(row.staff.name, row.at) for row in rows if row.staff_id != staff_id and row.at > at - FRESH]
    return AtWork(mine, others)


def unseen(case: Case, seen_seq: int, *, before: int | None = None, by: Actor) -> list[int]:
    """Return the messages of the case, of others than `by`, that came after `seen_seq` (and before `before`)."""
    newer = Entry.objects.filter(case=case, kind__in=SAID, seq__gt=seen_seq).exclude(by_ref=by.ref)
    if before is not None:
        newer = newer.filter(seq__lt=before)
    return list(newer.order_by("seq").values_list("seq", flat=True)[:100])


def _was_sent(case: Case, client_id: str, by: Actor) -> bool:
    return Entry.objects.filter(case=case, by_ref=by.ref, payload__client_id=client_id).exists()


def _hint(case: Case) -> None:
    # Only for who has the case open: nothing of it changed in any list.
    announce.changed(frozenset({f"case:{case.number}"}), "case.changed", {"case": case.number})
