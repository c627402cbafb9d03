"""From what a message says of its sender to the customer: known by any identity, or made new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from huiyin.base import rows, secrets, tx
from huiyin.base.actor import INTAKE
from huiyin.base.direction import unturned
from huiyin.base.personal import Personal, normalise
from huiyin.base.question import Question, columns, made
from huiyin.customers import organisations
from huiyin.customers.models import Customer, Identity
from huiyin.customers.numbers import next_numbers
from huiyin.staff.models import Site


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of who wrote; `identity` is the channel's own name for them, prefixed with the account.

    `unit` is the company, household or other unit they name; `need` the code of the category they come for.
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    identity: str = ""
    unit: str = ""
    need: str = ""

    def known_by(self) -> list[tuple[str, str]]:
        """Return (kind, normalised value) of each way to know this sender, the surest first."""
        pairs = (("identity", self.identity), ("phone", self.phone), ("email", self.email))
        return [(kind, value) for kind, raw in pairs if (value := normalise(kind, raw))]


def recognise(senders: Sequence[Sender], *, sites: Sequence[Site], at: datetime) -> list[Customer]:
    """Return a customer for each sender, in order, making those that nobody knows at the site of their message.

    A sender known by one way gains the others it came with, unless they belong to somebody else, and a name where
    none was known, or the unit that they name: nothing is merged here. Two queries to read, two to write, however
    many senders; two more when units are named.
    """
    with tx.write():
        wanted = {key for sender in senders for key in sender.known_by()}
        known = _known(wanted)
        new: list[Customer] = []
        gained: list[Identity] = []
        named: list[Customer] = []
        numbers = iter(next_numbers(sum(1 for s in senders if not any(k in known for k in s.known_by()))))
        units = organisations.named({s.unit for s in senders if s.unit}, by=INTAKE, at=at)
        joined: list[Customer] = []
        found = []
        for sender, site in zip(senders, sites, strict=True):
            customer = next((known[key] for key in sender.known_by() if key in known), None)
            if customer is None:
                customer = Customer(
                    number=next(numbers),
                    site=site,
                    name=Personal("name", unturned(sender.name)),
                    organisation=units.get(sender.unit),
                    need=sender.need,
                    made_at=at,
                )
                customer.is_new = True
                new.append(customer)
            elif sender.name and not customer.name:
                customer.name = Personal("name", unturned(sender.name))
                named.append(customer)
            if sender.unit and customer.organisation_id is None:
                customer.organisation = units[sender.unit]
                joined.append(customer)
            for kind, value in sender.known_by():
                if (kind, value) not in known:
                    known[kind, value] = customer
                    gained.append(new_identity(customer, kind, value, at))
            found.append(customer)
        rows.insert(new)
        rows.insert(gained, ids=False)
        for customer in named:
            # One statement each: hardly anybody writes without a name first. A name that is known stays.
            Customer.objects.filter(pk=customer.pk, name="").update(
                name=customer.name, version=F("version") + 1
            )
        for customer in joined:
            Customer.objects.filter(pk=customer.pk, organisation=None).update(
                organisation=customer.organisation, version=F("version") + 1
            )
    return found


def _known(keys: set[tuple[str, str]]) -> dict[tuple[str, str], Customer]:
    digests = {(kind, secrets.digest(kind, value)): (kind, value) for kind, value in keys}
    if not digests:
        return {}
    bearers = _BEARERS.ask(
        kinds=sorted({kind for kind, _ in digests}), digests=sorted(digest for _, digest in digests)
    )
    customers: dict[int, Customer] = {}
    for _, _, pk, *values in bearers:
        customers.setdefault(pk, made(Customer, [pk, *values]))
    return {
        digests[kind, digest]: customers[pk] for kind, digest, pk, *_ in bearers if (kind, digest) in digests
    }


def _bearers(kinds: Any, digests: Any) -> QuerySet[Identity, tuple[Any, ...]]:
    known = Identity.objects.filter(kind__in=kinds, digest__in=digests)
    return known.values_list("kind", "digest", *columns(Customer, "customer__"))


_BEARERS = Question(_bearers)


def new_identity(customer: Customer, kind: str, value: str, at: datetime) -> Identity:
    """Return the unsaved row of one way to know a customer; `value` is normalised."""
    return Identity(
        customer=customer,
        kind=kind,
        value=Personal(kind, value),
        digest=secrets.digest(kind, value),
        tail=tail_of(kind, value),
        made_at=at,
    )


def tail_of(kind: str, value: str) -> str:
    """Return the keyed digest of the part that duplicates share: last four digits of a phone, name before the @."""
    if kind == "phone" and len(value) >= 7:
        return secrets.digest("tail", value[-4:])
    if kind == "email" and "@" in value:
        return secrets.digest("local", value.partition("@")[0])
    return ""
