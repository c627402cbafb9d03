"""How a customer can be reached: masked by default, revealed for a reason that is audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.customers import saying
from huiyin.customers.models import Customer, Identity

KINDS = ("phone", "email")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a customer; `value` is masked unless it was revealed."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """A customer's name and contacts, in plain words."""

    name: str
    contacts: tuple[Way, ...]


def masked(customer: Customer | None) -> list[Way]:
    """Return the contacts as anybody who may see the customer may read them."""
    return [Way(row.kind, str(row.value)) for row in _of(customer)]


def reveal(customer: Customer, *, reason: str, by: Actor, at: datetime) -> Revealed:
    """Return the plain contacts and leave an audit row; the caller has checked the right. Each call leaves one."""
    found = tuple(Way(row.kind, row.value.reveal()) for row in _of(customer))
    values = [customer.name.reveal(), *(way.value for way in found)]
    reason = saying.without_personal(reason, at=at, also=[value for value in values if len(value) > 1])
    with tx.write():
        fields = ["name", *(way.kind for way in found)]
        audit.write(
            "customer.revealed", f"customer:{customer.number}", by=by, at=at, fields=fields, reason=reason
        )
    return Revealed(customer.name.reveal(), found)


def _of(customer: Customer | None) -> Sequence[Identity]:
    # In order here, so that a list may fetch the identities of all its customers at once.
    rows = customer.identities.all() if customer else ()
    return sorted((row for row in rows if row.kind in KINDS), key=lambda row: row.pk)
