"""What blocked customers wrote: listed for who may void cases, and released one by one into the case it deserves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.base.models import Blob
from huiyin.cases import bodies, entries
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case
from huiyin.intake import pipeline
from huiyin.intake.accept import NOTED
from huiyin.intake.models import InboxItem, InboxQuerySet
from huiyin.rules import book as rulebook
from huiyin.staff.viewer import Viewer

COMPLAINT = "complaint"


class NotBlocked(Exception):
    """The message does not wait here any more: somebody released it. `number` is its case."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Counted:
    """How many messages wait in the list, and how many of them read like a complaint."""

    messages: int
    complaints: int


def seen_by(viewer: Viewer | None, *, customer: str = "") -> InboxQuerySet:
    """Return the blocked messages that this viewer may see, newest first; of one customer if named."""
    rows = InboxItem.objects.visible_to(viewer).select_related("customer", "team", "account__site")
    return (rows.filter(customer__number=customer) if customer else rows).order_by("-id")


def count(rows: InboxQuerySet) -> Counted:
    """Return how many wait: nobody is blocked in silence. One query."""
    book = rulebook.current()
    counted = dict(rows.order_by().values_list("category").annotate(n=Count("id")))
    complaints = sum(n for category, n in counted.items() if book.top_of(category) == COMPLAINT)
    return Counted(sum(counted.values()), complaints)


def words_of(item: InboxItem) -> str:
    """Return what was written, with personal values masked."""
    told = [item.content.get("subject", ""), item.content.get("text", "")]
    text = "\n".join(part for part in told if part)
    return bodies.masked(text, bodies.personal_spans(text, at=item.received_at))


def release(item: InboxItem, *, by: Actor, at: datetime) -> Case:
    """Open the case that the message deserves, as if it came in now; its customer stays blocked or not.

    Raises NotBlocked when somebody released it before.
    """
    inbound = pipeline.from_content(item)
    thought = pipeline.think(inbound, rulebook.current(), item.account, at=at)
    with tx.write():
        locked = InboxItem.objects.select_for_update().get(pk=item.pk)
        if locked.state != InboxItem.BLOCKED:
            raise NotBlocked(locked.case_number)
        files: Sequence[Blob] = list(Blob.objects.filter(uuid__in=item.files))
        (placed,) = pipeline.run([inbound], [thought], [files], at=at, released=True)
        assert isinstance(placed, pipeline.Placed)
        locked.state, locked.error = InboxItem.DONE, ""
        locked.case_number, locked.entry_seq = placed.case.number, placed.seq
        locked.save(update_fields=NOTED)
        entries.append(placed.case, [Draft("message.released")], by=by, at=at)
        audit.write("message.released", f"case:{placed.case.number}", by=by, at=at)
    return placed.case
