"""What cases keep of a customer: how it follows a merge, and how its words are erased while the figures stay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.base import facts, files
from huiyin.base.actor import Actor
from huiyin.base.models import Blob, Task
from huiyin.cases import entries, indexing
from huiyin.cases.changing import change, lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import (
    Case,
    CaseTag,
    Collaboration,
    Compensation,
    DraftText,
    Entry,
    EntryBody,
    Plan,
    Promise,
    SavedView,
)
from huiyin.channels.models import Delivery, EndpointDelivery
from huiyin.customers.belongings import Forgotten, Held, Person, forget, heard_since, hold, refuse_while
from huiyin.customers.models import Customer
from huiyin.customers.saying import only_codes

ERASED = "…"
AT_ONCE = 500


def _cases_of(customer: Customer) -> list[int]:
    return list(Case.objects.filter(customer=customer).order_by("id").values_list("pk", flat=True))


def _give_cases(ids: Sequence[int], to: Customer, by: Actor, at: datetime) -> None:
    for case in Case.objects.with_people().filter(pk__in=ids).order_by("id"):
        before = case.customer.number if case.customer else ""
        change(case, lock(case, None), {"customer": to}, at=at)
        told = {"before": before, "now": to.number}
        entries.append(case, [Draft("customer.changed", told)], by=by, at=at)


def _plans_of(customer: Customer) -> list[int]:
    return list(Plan.objects.filter(customer=customer).order_by("id").values_list("pk", flat=True))


def _give_plans(ids: Sequence[int], to: Customer, by: Actor, at: datetime) -> None:
    Plan.objects.filter(pk__in=ids).update(customer=to)


def _cases(person: Person) -> QuerySet[Case]:
    return Case.objects.filter(customer__in=person.ids)


def _numbers(person: Person) -> list[str]:
    return list(_cases(person).values_list("number", flat=True))


def _bodies(person: Person) -> QuerySet[EntryBody]:
    return EntryBody.objects.filter(case__in=_cases(person)).exclude(text="")


def _erase_bodies(person: Person) -> None:
    # The keyed digest stays: it proves what was said to who still has the words, and tells nothing by itself.
    _bodies(person).update(text="", spans=[])
    indexing.forget_cases(_cases(person).values_list("pk", flat=True))


def _drafts(person: Person) -> QuerySet[DraftText]:
    return DraftText.objects.filter(case__in=_cases(person))


def _erase_drafts(person: Person) -> None:
    _drafts(person).delete()


def _views(person: Person) -> list[SavedView]:
    """Return the views in whose name or filters somebody wrote a value of the person."""
    return [
        view
        for view in SavedView.objects.iterator(chunk_size=AT_ONCE)
        if any(value in f"{view.name} {' '.join(view.filters.values())}" for value in person.values)
    ]


def _erase_views(person: Person) -> None:
    for view in _views(person):
        kept = {name: word for name, word in view.filters.items() if word == only_codes(word, person.values)}
        SavedView.objects.filter(pk=view.pk).update(name=f"{ERASED} {view.pk}", filters=kept)


def _erase_titles(person: Person) -> None:
    # A new epoch ends the addresses under which the customer could follow the case.
    rows = _cases(person).exclude(title=ERASED)
    rows.update(title=ERASED, link_epoch=F("link_epoch") + 1)
    indexing.forget_cases(_cases(person).values_list("pk", flat=True))
    Plan.objects.filter(customer__in=person.ids).update(title=ERASED)
    _scrub(Plan.objects.filter(customer__in=person.ids), "phases", person)
    Collaboration.objects.filter(case__in=_cases(person)).update(subject=ERASED)
    Compensation.objects.filter(case__in=_cases(person)).update(basis="")
    Promise.objects.filter(case__in=_cases(person)).update(about="")
    for value in person.values:
        CaseTag.objects.filter(case__in=_cases(person), tag__contains=value).delete()


def _erase_payloads(person: Person) -> None:
    _scrub(Entry.objects.filter(case__in=_cases(person)), "payload", person)


def _erase_sent(person: Person) -> None:
    numbers = _numbers(person)
    Delivery.objects.filter(case_number__in=numbers).update(reason={}, error="")
    sent = EndpointDelivery.objects.filter(payload__case__in=numbers)
    sent.filter(state=Delivery.WAITING).update(state=Delivery.DEAD)
    sent.update(payload={}, reason={}, error="")
    ids = list(_cases(person).values_list("pk", flat=True))
    Task.objects.filter(args__case__in=ids).exclude(error="").update(error="")


def _files(person: Person) -> QuerySet[Blob]:
    return Blob.objects.filter(subject__in=[f"case:{number}" for number in _numbers(person)])


def _erase_files(person: Person) -> None:
    for blob in _files(person):
        files.path_of(blob.uuid).unlink(missing_ok=True)
    _files(person).delete()


def _scrub(rows: QuerySet[Any], field: str, person: Person) -> None:
    changed = []
    for row in rows.only("pk", field).iterator(chunk_size=AT_ONCE):
        kept = only_codes(getattr(row, field), person.values)
        if kept != getattr(row, field):
            setattr(row, field, kept)
            changed.append(row)
    rows.model._default_manager.bulk_update(changed, [field], batch_size=AT_ONCE)


def _in_work(person: Person) -> bool:
    return _cases(person).filter(status__in=Case.IN_WORK).exists()


def _heard(since: datetime) -> Q:
    cases = Case.objects.filter(customer=OuterRef("pk"))
    recent = cases.filter(Q(status__in=Case.IN_WORK) | Q(opened_at__gte=since) | Q(closed_at__gte=since))
    said = Entry.objects.filter(case__customer=OuterRef("pk"), at__gte=since)
    planned = Plan.objects.filter(customer=OuterRef("pk"), ended_at=None)
    return Q(Exists(recent)) | Q(Exists(said)) | Q(Exists(planned))


facts.register(
    facts.Kind(
        "customer.changed",
        _("moved the case from customer %(before)s to %(now)s"),
        fields={"before": str, "now": str},
    )
)
hold(Held("cases", _cases_of, _give_cases))
hold(Held("plans", _plans_of, _give_plans))
forget(Forgotten("files", lambda person: _files(person).count(), _erase_files))
forget(Forgotten("entry_bodies", lambda person: _bodies(person).count(), _erase_bodies))
forget(Forgotten("drafts", lambda person: _drafts(person).count(), _erase_drafts))
forget(Forgotten("saved_views", lambda person: len(_views(person)), _erase_views))
forget(Forgotten("cases_kept", lambda person: _cases(person).count(), _erase_titles))
forget(
    Forgotten(
        "entries_kept",
        lambda person: Entry.objects.filter(case__in=_cases(person)).count(),
        _erase_payloads,
    )
)
forget(
    Forgotten(
        "deliveries_kept",
        lambda person: (
            Delivery.objects.filter(case_number__in=_numbers(person)).count()
            + EndpointDelivery.objects.filter(payload__case__in=_numbers(person)).count()
        ),
        _erase_sent,
    )
)
refuse_while(_in_work)
heard_since(_heard)
