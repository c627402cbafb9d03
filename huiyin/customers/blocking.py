"""Blocking a customer: what they write from then on is kept, but opens no case until somebody releases it."""

from datetime import datetime

from django.db.models import F

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.customers import saying
from huiyin.customers.keeping import Ended
from huiyin.customers.models import Customer


def block(customer: Customer, *, reason: str, by: Actor, at: datetime) -> bool:
    """Block them; False when they were blocked already. The reason goes to the audit. Raises Ended."""
    return _set(customer, at, "customer.blocked", reason, by, at)


def unblock(customer: Customer, *, reason: str = "", by: Actor, at: datetime) -> bool:
    """Let what they write open cases again; False when they were not blocked. Raises Ended.

    What came in meanwhile stays where it is, to be released one by one.
    """
    return _set(customer, None, "customer.unblocked", reason, by, at)


def _set(
    customer: Customer, blocked_at: datetime | None, action: str, reason: str, by: Actor, at: datetime
) -> bool:
    with tx.write():
        locked = Customer.objects.select_for_update().get(pk=customer.pk)
        if locked.merged_into_id or locked.erased_at:
            raise Ended
        if bool(locked.blocked_at) == bool(blocked_at):
            return False
        Customer.objects.filter(pk=locked.pk).update(blocked_at=blocked_at, version=F("version") + 1)
        why = saying.without_personal(reason, at=at)
        audit.write(action, f"customer:{locked.number}", by=by, at=at, fields=["blocked_at"], reason=why)
    customer.blocked_at, customer.version = blocked_at, locked.version + 1
    return True
