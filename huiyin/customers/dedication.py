"""A customer's own people (agent, salesperson, area manager): who was it when, and handing all of one's on."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.customers import saying
from huiyin.customers.models import Customer, Dedication
from huiyin.staff.models import Staff

# The roles are the fields of a customer that name the person.
ROLES = ("dedicated", "salesperson", "area_manager")
LEFT = "staff.left"  # why a customer's person changed, where nobody typed a reason: they left
_AT_ONCE = 500  # ids that one statement names: databases limit them


class CannotHandOver(Exception):
    """Nothing was handed over; `code` says why, `count` how many customers there are now."""

    def __init__(self, code: str, count: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.count = count


def of(staff: Staff, role: str) -> QuerySet[Customer]:
    """Return the customers whose person in this role is `staff`; those merged into others come along."""
    theirs = {
        "dedicated": Q(dedicated=staff),
        "salesperson": Q(salesperson=staff),
        "area_manager": Q(area_manager=staff),
    }
    return Customer.objects.filter(theirs[role], erased_at=None)


def count_of(staff: Staff) -> int:
    """Return how many customers this person is there for, in whichever role."""
    theirs = Q(dedicated=staff) | Q(salesperson=staff) | Q(area_manager=staff)
    return Customer.objects.filter(theirs, erased_at=None).count()


def history(customer: Customer) -> list[Dedication]:
    """Return who was the customer's person in which role, the newest first: one query."""
    return list(customer.dedications.select_related("staff").order_by("-id"))


def hand_over(
    role: str, giver: Staff, taker: Staff | None, *, expected: int, why: str, by: Actor, at: datetime
) -> int:
    """Give all customers of one person in a role to another, or to nobody (None), and return how many.

    `expected` is the number that was shown before: when it differs now, or both are the same person, this raises
    CannotHandOver. A second call finds nobody left and is refused by that.
    """
    if taker is not None and giver.pk == taker.pk:
        raise CannotHandOver("same_person")
    with tx.write():
        why = saying.without_personal(why, at=at)
        locked = of(giver, role).select_for_update().order_by("id")
        ids = list(locked.values_list("pk", flat=True))
        if len(ids) != expected or not ids:
            raise CannotHandOver("count_changed", len(ids))
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            Customer.objects.filter(pk__in=some).update(**{role: taker, "version": F("version") + 1})
            record(some, role, taker, by=by, at=at, why=why)
        for action, staff in (("customers.given_away", giver), ("customers.taken_over", taker)):
            if staff is not None:
                audit.write(action, f"staff:{staff.number}", by=by, at=at, fields=[role], reason=why)
    return len(ids)


def leave(giver: Staff, taker: Staff | None, *, by: Actor, at: datetime) -> int:
    """Give on every customer of somebody who leaves, in each role, or leave them without one; return how many.

    A second call finds none.
    """
    with tx.write():
        count = count_of(giver)
        for role in ROLES:
            if here := of(giver, role).count():
                hand_over(role, giver, taker, expected=here, why=LEFT, by=by, at=at)
    return count


def record(
    customers: Sequence[int], role: str, staff: Staff | None, *, by: Actor, at: datetime, why: str = ""
) -> None:
    """Note that from now on `staff`, or nobody, is the person of these customers; inside a write."""
    close(customers, at=at, role=role)
    if staff is not None:
        Dedication.objects.bulk_create(
            Dedication(customer_id=pk, role=role, staff=staff, since=at, by_ref=by.ref, why=why[:200])
            for pk in customers
        )


def close(customers: Sequence[int], *, at: datetime, role: str = "") -> None:
    """Note that nobody is the person of these customers any more, in one role or in all; inside a write."""
    running = Dedication.objects.filter(customer__in=customers, until=None)
    (running.filter(role=role) if role else running).update(until=at)
