"""Erasing a person: previewed, asked for with a reason, then done by a task in steps; statistics stay.

Each step empties one place in a transaction of its own and may run again, so that a kill between two steps costs
nothing: the task begins anew and finds less to do. The customer's own rows go last, because the others are found
through them. What stays: the numbers, kinds, times and counts of what happened, and audit rows without values.
"""

from collections.abc import Sequence
from datetime import datetime

from huiyin.base import audit, failpoint, outbox, tx
from huiyin.base.actor import CLOCK, Actor
from huiyin.base.models import AuditRow
from huiyin.base.outbox import Spec, task
from huiyin.base.personal import Personal
from huiyin.customers import dedication, saying
from huiyin.customers.belongings import BLOCKERS, PLACES, Person
from huiyin.customers.find import person_of
from huiyin.customers.models import Consent, Customer, Erasure, Identity

TASK = "huiyin.customers.erasure.erase"
_SHORTEST = 2


class CannotErase(Exception):
    """The person cannot be erased now; `code` says why. Nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def preview(customer: Customer) -> dict[str, int]:
    """Return how many rows of each kind an erasure would empty, and how many audit rows stay. Writes nothing."""
    person = _person(customer)
    counts = {place.name: place.count(person) for place in PLACES.values()}
    numbers = _numbers(person.ids)
    return counts | {
        "identities": Identity.objects.filter(customer__in=person.ids).count(),
        "consents_kept": Consent.objects.filter(customer__in=person.ids).count(),
        "audit_rows_kept": AuditRow.objects.filter(object__in=[f"customer:{n}" for n in numbers]).count(),
    }


def ask(customer: Customer, *, reason: str, by: Actor, at: datetime) -> Erasure:
    """Begin the erasure; a second call while it runs returns the first. Raises CannotErase."""
    with tx.write():
        locked = Customer.objects.select_for_update().get(pk=customer.pk)
        if locked.erased_at:
            raise CannotErase("erased_already")
        if locked.merged_into_id:
            raise CannotErase("merged")
        running = Erasure.objects.filter(customer=locked, done_at=None).first()
        if running is not None:
            return running
        person = _person(locked)
        if any(busy(person) for busy in BLOCKERS):
            raise CannotErase("cases_in_work")
        why = saying.without_personal(reason, at=at, also=person.values)
        asked = Erasure.objects.create(
            customer=locked, reason=why[:200], preview=preview(locked), asked_by=by.ref, asked_at=at
        )
        audit.write("erasure.asked", f"customer:{locked.number}", by=by, at=at, reason=why)
        outbox.put(Spec(TASK, f"erase:{asked.uuid}", {"erasure": str(asked.uuid)}), at=at)
    return asked


@task("fast", outside=True)
def erase(*, erasure: str, at: datetime) -> None:
    """Empty every place, then the customer's own rows; a second call does nothing."""
    asked = Erasure.objects.select_related("customer").get(uuid=erasure)
    if asked.done_at is not None:
        return
    for place in PLACES.values():
        with tx.write():
            place.erase(_person(asked.customer))
        failpoint.pass_by("erasure-step")
    with tx.write():
        ids = _person(asked.customer).ids
        Identity.objects.filter(customer__in=ids).delete()
        Customer.objects.filter(pk__in=ids).update(
            name=Personal("name", ""),
            tags=[],
            preference="",
            organisation=None,
            erased_at=at,
            **dict.fromkeys(dedication.ROLES),
        )
        dedication.close(ids, at=at)
        Erasure.objects.filter(pk=asked.pk).update(done_at=at)
        audit.write("customer.erased", f"customer:{asked.customer.number}", by=CLOCK, at=at)


def _person(customer: Customer) -> Person:
    ids = person_of(customer)
    names = [name.reveal() for name in Customer.objects.filter(pk__in=ids).values_list("name", flat=True)]
    known = [row.value.reveal() for row in Identity.objects.filter(customer__in=ids)]
    # A channel's own name for somebody stands behind the account's code.
    known += [value.partition(":")[2] for value in known if ":" in value]
    return Person(ids, [value for value in (*names, *known) if len(value) >= _SHORTEST])


def _numbers(ids: Sequence[int]) -> list[str]:
    return list(Customer.objects.filter(pk__in=ids).values_list("number", flat=True))
