"""What must always hold of the inbox."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from huiyin.base.verify import invariant
from huiyin.cases.models import Case, Entry
from huiyin.intake.models import InboxItem


@invariant(
    "every message that was accepted is in its case, waits to be understood, or is in quarantine with its error"
)
def nothing_lost() -> Iterator[str]:
    for item in InboxItem.objects.filter(state=InboxItem.DONE).filter(
        ~Exists(Case.objects.filter(number=OuterRef("case_number")))
    ):
        yield f"inbox {item.pk} is done, but case {item.case_number or '-'} is not there"
    entries = Entry.objects.filter(
        case__number=OuterRef("case_number"), seq=OuterRef("entry_seq"), kind="message.received"
    )
    for item in InboxItem.objects.filter(state=InboxItem.DONE).filter(~Exists(entries)):
        yield f"inbox {item.pk} is done, but its entry {item.entry_seq} of case {item.case_number} is not there"
    for item in InboxItem.objects.exclude(state=InboxItem.DONE).filter(error=""):
        yield f"inbox {item.pk} is {item.state} without saying why"
    for item in InboxItem.objects.filter(state=InboxItem.BLOCKED).filter(Q(customer=None) | Q(team=None)):
        yield f"inbox {item.pk} is blocked, but nobody could find it: it names no customer or no team"


@invariant("no message stands twice in a case")
def nothing_double() -> Iterator[str]:
    seen: set[tuple[str, int]] = set()
    rows = InboxItem.objects.filter(state=InboxItem.DONE).values_list("case_number", "entry_seq", "pk")
    for number, seq, pk in rows.iterator():
        if (number, seq) in seen:
            yield f"inbox {pk} points to entry {seq} of case {number}, as another message does"
        seen.add((number, seq))
