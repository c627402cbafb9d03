"""What must always hold of stored cases; `huiyin verify` runs these."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from huiyin.base import secrets
from huiyin.base.models import Task
from huiyin.base.verify import invariant
from huiyin.cases import load, promises, waiting
from huiyin.cases.models import Case, Contact, Entry, EntryBody, Merge, Promise


@invariant("each case's entries are numbered 1, 2, 3 … without a gap or a double")
def entries_without_gap() -> Iterator[str]:
    rows = Entry.objects.values("case__number", "case__entry_seq").annotate(
        n=Count("id"), low=Min("seq"), high=Max("seq")
    )
    for row in rows.filter(~Q(low=1) | ~Q(high=F("n")) | ~Q(high=F("case__entry_seq"))):
        yield f"case {row['case__number']} holds {row['n']} entries, numbered {row['low']} to {row['high']}"
    for number in Case.objects.filter(~Exists(Entry.objects.filter(case=OuterRef("pk")))).values_list(
        "number", flat=True
    ):
        yield f"case {number} holds no entry"


@invariant("a running promise has a next moment, every other has none")
def promises_tick() -> Iterator[str]:
    for promise in Promise.objects.filter(state=Promise.RUNNING, next_at=None).select_related("case"):
        yield f"the {promise.kind} of case {promise.case.number} runs, but the clock will never look at it"


@invariant("each promise broke at most once, and its case says so")
def broken_once() -> Iterator[str]:
    told = (
        Entry.objects.filter(kind="promise.broken")
        .values_list("payload__id")
        .annotate(n=Count("id"))
        .order_by()
    )
    count = {str(uuid): n for uuid, n in told}
    for uuid, n in count.items():
        if n > 1:
            yield f"promise {uuid} was told broken {n} times"
    for promise in Promise.objects.exclude(broken_at=None).filter(fulfilled_at=None).select_related("case"):
        if count.get(str(promise.uuid)) != 1:
            yield f"promise {promise.uuid} of case {promise.case.number} is broken without an entry"


@invariant("each case is sorted by what is owed next")
def sorted_rightly() -> Iterator[str]:
    owed = Promise.objects.filter(case=OuterRef("pk"), due_at__lt=OuterRef("next_due")).filter(promises.OWED)
    for number in Case.objects.filter(Exists(owed)).values_list("number", flat=True):
        yield f"case {number} owes something earlier than its place in the lists says"


@invariant("silence is waited for only where a result is to be confirmed, and only closed cases say how")
def finished_rightly() -> Iterator[str]:
    for number in Case.objects.exclude(silence_at=None).exclude(status=Case.RESOLVED).values_list("number"):
        yield f"case {number[0]} would be confirmed by silence though it is not solved"
    for number in Case.objects.exclude(status=Case.CLOSED).exclude(closed_loop="").values_list("number"):
        yield f"case {number[0]} says how it was closed though it is not"


@invariant("the words of each entry are those that were written, unless they were erased or redacted")
def words_as_written() -> Iterator[str]:
    told = Entry.objects.filter(kind="entry.redacted").values_list("case_id", "payload__seq")
    redacted = {(case, int(seq)) for case, seq in told}
    bodies = EntryBody.objects.exclude(text="").only("case_id", "seq", "text", "digest")
    for body in bodies.iterator(chunk_size=2000):
        is_other = secrets.digest("entry-body", body.text) != body.digest
        if is_other and (body.case_id, body.seq) not in redacted:
            yield f"the words of entry {body.seq} of case {body.case_id} are not those that were written"


@invariant("each person's load is the sum of their open cases")
def loads_add_up() -> Iterator[str]:
    yield from load.wrong()


@invariant(
    "nobody works on, answers for, follows, writes in, is named in or owes to a case that is about them"
)
def about_nobody_who_works() -> Iterator[str]:
    tied = Q(about=F("handler")) | Q(about=F("owner")) | Q(about=F("watchers__staff"))
    tied |= Q(about=F("mentions__staff")) | Q(about=F("drafts__staff"))
    owes = Case.objects.filter(
        promises__in=Promise.objects.filter(promises.OWED), about=F("promises__debtor")
    )
    for cases in (Case.objects.filter(tied), owes):
        for number in cases.distinct().values_list("number", flat=True):
            yield f"case {number} is about somebody who still has to do with it"


@invariant("each case that sleeps until a time has a task that wakes it, and no other has such a time")
def sleepers_wake() -> Iterator[str]:
    asleep = Q(status=Case.WAITING, waiting_for=waiting.SCHEDULED)
    timed = Q(snoozed_until__isnull=False)
    for number in Case.objects.filter((asleep & ~timed) | (timed & ~asleep)).values_list("number", flat=True):
        yield f"case {number} sleeps without a time, or has one without sleeping"
    alarms = Task.objects.filter(state__in=(Task.READY, Task.RUNNING), key__startswith="wake:")
    set_for = {
        (args["case"], datetime.fromisoformat(args["until"]))
        for args in alarms.values_list("args", flat=True)
    }
    for pk, number, until in Case.objects.filter(asleep & timed).values_list("pk", "number", "snoozed_until"):
        if (pk, until) not in set_for:
            yield f"case {number} sleeps until {until} and nothing will wake it"


@invariant("each call and chat session is of the case that speaks of it, or of one merged into it")
def contacts_in_their_cases() -> Iterator[str]:
    told = Entry.objects.exclude(contact=None)
    for entry in told.filter(~Exists(Contact.objects.filter(pk=OuterRef("contact_id")))):
        yield f"entry {entry.seq} of case {entry.case_id} points to a contact that is not there"
    elsewhere = told.exclude(contact__case=F("case")).filter(contact__case__isnull=False)
    for entry in elsewhere.exclude(Exists(Merge.objects.filter(secondary=OuterRef("contact__case")))):
        yield f"entry {entry.seq} of case {entry.case_id} points to a contact of another case"


@invariant(
    "each call and chat session has what was promised to it, and one that was answered waits for nobody"
)
def contacts_owed() -> Iterator[str]:
    held = set(Promise.objects.exclude(contact=None).values_list("contact", "kind"))
    began = Entry.objects.filter(kind="contact.began").values_list("contact_id", "case__number", "payload")
    for pk, number, payload in began.iterator():
        for kind in payload["promises"]:
            if (pk, kind) not in held:
                yield f"contact {payload['no']} of case {number} was promised a {kind} and has none"
    owed = Promise.objects.filter(promises.OWED, kind="first_reply", contact__answered_at__isnull=False)
    for promise in owed.select_related("case"):
        yield f"a contact in case {promise.case.number} was answered and still waits for its first reply"
