"""Finding a customer: by number, by a whole phone or e-mail, by the last four digits. Names are not searched.

A name is personal and has no keyed index, so a search by name would have to read every name in the clear.
"""

import re
from collections.abc import Collection

from django.db.models import Q

from huiyin.base import secrets
from huiyin.base.personal import normalise
from huiyin.customers.models import Customer, CustomerQuerySet, Identity

MERGES_FOLLOWED = 20
_AT_ONCE = 500  # numbers that one question names: databases limit them


def matching(customers: CustomerQuerySet, typed: str) -> CustomerQuerySet:
    """Keep those whom the typed words name exactly: a number, a phone, an e-mail or four last digits."""
    typed = typed.strip()
    if re.fullmatch(r"[Cc]\d{6,}", typed):
        return customers.filter(number=typed.upper())
    if "@" in typed:
        return by_identity(customers, "email", typed)
    if re.fullmatch(r"\d{4}", typed):
        return by_last_four(customers, typed)
    return by_identity(customers, "phone", typed)


def by_identity(customers: CustomerQuerySet, kind: str, value: str) -> CustomerQuerySet:
    """Keep the customer who has exactly this identity."""
    found = normalise(kind, value)
    if not found:
        return customers.none()
    known = Identity.objects.filter(kind=kind, digest=secrets.digest(kind, found))
    return customers.filter(pk__in=known.values("customer_id"))


def by_last_four(customers: CustomerQuerySet, digits: str) -> CustomerQuerySet:
    """Keep those with a phone that ends in these four digits."""
    known = Identity.objects.filter(kind="phone", tail=secrets.digest("tail", digits))
    return customers.filter(pk__in=known.values("customer_id"))


def duplicates_of(customer: Customer) -> list[Customer]:
    """Return the customers that are likely the same: an equal name, and in common the last four digits of a phone
    or what stands before the @ of an e-mail. Nothing is merged here."""
    name = _plain(customer)
    tails = [tail for tail in customer.identities.values_list("tail", flat=True) if tail]
    if not name or not tails or customer.merged_into_id or customer.erased_at:
        return []
    near = (
        Customer.objects.living()
        .with_people()
        .filter(
            Q(pk__in=Identity.objects.filter(tail__in=tails).values("customer_id")), site=customer.site_id
        )
    )
    return [other for other in near.exclude(pk=customer.pk).order_by("id")[:200] if _plain(other) == name]


def unknown_of(numbers: Collection[str]) -> set[str]:
    """Return those of these numbers that no customer ever had; merged and erased ones still count as known."""
    wanted, known = sorted(numbers), set[str]()
    for start in range(0, len(wanted), _AT_ONCE):
        rows = Customer.objects.filter(number__in=wanted[start : start + _AT_ONCE])
        known.update(rows.values_list("number", flat=True))
    return set(numbers) - known


def survivor_of(customer: Customer) -> Customer:
    """Return the customer that this one has become by merging; itself when it was never merged."""
    for _ in range(MERGES_FOLLOWED):
        if customer.merged_into_id is None:
            return customer
        customer = Customer.objects.with_people().get(pk=customer.merged_into_id)
    return customer


def person_of(customer: Customer) -> list[int]:
    """Return the ids of all rows that are this person: the customer and whoever was merged into it."""
    found, newest = [customer.pk], [customer.pk]
    while newest:
        newest = list(Customer.objects.filter(merged_into__in=newest).values_list("pk", flat=True))
        found += newest
    return found


def _plain(customer: Customer) -> str:
    return "".join(customer.name.reveal().split()).casefold()
