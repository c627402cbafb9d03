"""What the inbox keeps of a person, and how it is forgotten."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from huiyin.base import secrets
from huiyin.base.actor import Actor
from huiyin.cases import redacting
from huiyin.cases.models import Case
from huiyin.customers.belongings import Forgotten, Held, Person, forget, hold
from huiyin.customers.models import Customer
from huiyin.intake.models import InboxItem


def _answered(person: Person) -> QuerySet[InboxItem]:
    numbers = Case.objects.filter(customer__in=person.ids).values("number")
    return InboxItem.objects.filter(case_number__in=numbers).exclude(content={})


def _unplaced(person: Person) -> list[int]:
    """Return the rows without a case that carry one of the person's values: few, since each waits for somebody."""
    rows = InboxItem.objects.filter(case_number="").iterator(chunk_size=200)
    return [row.pk for row in rows if row.customer_id in person.ids or _names(row, person)]


def _names(row: InboxItem, person: Person) -> bool:
    told = [str(value) for value in row.content.get("sender", {}).values()]
    told += [str(row.content.get("text", "")), str(row.content.get("subject", "")), row.external_id]
    return any(value in words for value in person.values for words in told)


def _erase(person: Person) -> None:
    for row in _answered(person).iterator(chunk_size=200):
        row.content, row.files, row.error = {}, [], ""
        if any(value in row.external_id for value in person.values):
            row.external_id = f"erased:{secrets.digest('external-id', row.external_id)}"
        row.save(update_fields=["content", "files", "error", "external_id"])
    InboxItem.objects.filter(pk__in=_unplaced(person)).delete()


def _blocked_of(customer: Customer) -> list[int]:
    rows = InboxItem.objects.filter(customer=customer, state=InboxItem.BLOCKED)
    return list(rows.order_by("id").values_list("pk", flat=True))


def _give_blocked(ids: Sequence[int], to: Customer, by: Actor, at: datetime) -> None:
    InboxItem.objects.filter(pk__in=ids).update(customer=to)


def _redact_raw(case: Case, seq: int, passages: redacting.Passages) -> None:
    for item in InboxItem.objects.filter(case_number=case.number, entry_seq=seq).exclude(content={}):
        text, subject = (redacting.without(str(item.content[name]), passages) for name in ("text", "subject"))
        for file in item.content.get("attachments", ()):
            file[0] = redacting.without(str(file[0]), passages)
        item.content["text"], item.content["subject"] = (
            text,
            redacting.BLACK if text == redacting.BLACK else subject,
        )
        item.save(update_fields=["content"])


redacting.also(_redact_raw)
hold(Held("blocked_messages", _blocked_of, _give_blocked))
forget(Forgotten("inbox_rows", lambda person: _answered(person).count() + len(_unplaced(person)), _erase))
