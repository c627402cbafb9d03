"""What must always hold of the inbox."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Q

from huiyin.base.verify import invariant
from huiyin.cases.models import Case, Contact, Entry
from huiyin.intake.models import InboxItem

AT_ONCE = 500


@invariant(
    "every message that was accepted is in its case, waits to be understood, or is in quarantine with its error"
)
def nothing_lost() -> Iterator[str]:
    yield from _done_without_their_entry()
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


@invariant("every message of a call or chat stands in its case with the contact that it belongs to")
def live_in_contacts() -> Iterator[str]:
    live = InboxItem.objects.filter(state=InboxItem.DONE, account__kind__in=Contact.LIVE).order_by("pk")
    rows = live.values_list("pk", "case_number", "entry_seq").iterator(chunk_size=AT_ONCE)
    while part := list(islice(rows, AT_ONCE)):
        numbers = {number for _, number, _ in part}
        said = Entry.objects.filter(case__number__in=numbers, kind="message.received", contact=None)
        # A case of another wire may hold live messages of before there were contacts.
        bare = set(said.filter(case__channel_kind__in=Contact.LIVE).values_list("case__number", "seq"))
        for pk, number, seq in part:
            if (number, seq) in bare:
                yield f"inbox {pk} came in a call or chat, but entry {seq} of case {number} has no contact"


def _done_without_their_entry() -> Iterator[str]:
    """Part by part, each table for itself: without statistics a join of the three may take minutes."""
    done = InboxItem.objects.filter(state=InboxItem.DONE).order_by("pk")
    rows = done.values_list("pk", "case_number", "entry_seq").iterator(chunk_size=AT_ONCE)
    while part := list(islice(rows, AT_ONCE)):
        numbers = {number for _, number, _ in part}
        cases = dict(Case.objects.filter(number__in=numbers).values_list("number", "pk"))
        said = Entry.objects.filter(case_id__in=cases.values(), kind="message.received")
        told = set(said.values_list("case_id", "seq"))
        for pk, number, seq in part:
            if number not in cases:
                yield f"inbox {pk} is done, but case {number or '-'} is not there"
            elif (cases[number], seq) not in told:
                yield f"inbox {pk} is done, but its entry {seq} of case {number} is not there"
