"""What a customer agreed to: given in a version of the words, withdrawn at any time, never forgotten that it was."""

from datetime import datetime

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.customers.models import Consent, Customer

PURPOSES = ("service", "marketing", "survey", "recording")
WAYS = ("form", "phone", "chat", "email", "paper")


def give(customer: Customer, purpose: str, *, version: str, how: str, by: Actor, at: datetime) -> Consent:
    """Record a consent. The same purpose in the same version again returns the one that stands.

    Another version ends the one before: only one consent a purpose stands at a time.
    """
    with tx.write():
        Customer.objects.select_for_update().get(pk=customer.pk)
        standing = Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None).first()
        if standing is not None and standing.version == version:
            return standing
        if standing is not None:
            Consent.objects.filter(pk=standing.pk).update(withdrawn_at=at)
        given = Consent.objects.create(
            customer=customer, purpose=purpose, version=version, how=how, given_at=at
        )
        audit.write("consent.given", f"customer:{customer.number}", by=by, at=at, fields=[purpose])
    return given


def withdraw(customer: Customer, purpose: str, *, by: Actor, at: datetime) -> bool:
    """End the consent that stands for this purpose; False when there is none. A second call changes nothing."""
    with tx.write():
        ended = Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None).update(
            withdrawn_at=at
        )
        if ended:
            audit.write("consent.withdrawn", f"customer:{customer.number}", by=by, at=at, fields=[purpose])
    return bool(ended)
