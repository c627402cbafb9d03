"""Making a customer by hand, changing what is known of them, blocking them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import F

from huiyin.base import audit, secrets, tx
from huiyin.base.actor import Actor
from huiyin.base.direction import unturned
from huiyin.base.personal import Personal
from huiyin.customers import dedication, organisations, saying
from huiyin.customers.models import Customer, Identity
from huiyin.customers.numbers import next_numbers
from huiyin.customers.recognise import Sender, new_identity
from huiyin.staff.models import Site, Staff

PREFERENCE_CHARS = 200
CHANGEABLE = (
    "name",
    "level",
    "language",
    "organisation",
    *dedication.ROLES,
    "need",
    "preference",
    "tags",
    "blocked_at",
)


class IdentityTaken(Exception):
    """Somebody else is known by this phone or e-mail; `number` is that customer."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class Changed(Exception):
    """Somebody changed the customer since it was read; `version` is the present one. Nothing was changed."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the customer is now at version {version}")
        self.version = version


class Ended(Exception):
    """The customer was merged into another or erased. Nothing was changed."""


class NoSuchPerson(Exception):
    """Nobody who works here has this employee number."""


def make(known_as: Sender, *, site: Site, by: Actor, at: datetime) -> Customer:
    """Make a customer with these identities; raises IdentityTaken when one of them is somebody's already."""
    try:
        with tx.write():
            for kind, value in known_as.known_by():
                _refuse_taken(kind, value)
            (number,) = next_numbers(1)
            unit = organisations.named({known_as.unit} - {""}, by=by, at=at).get(known_as.unit)
            customer = Customer.objects.create(
                number=number,
                site=site,
                name=Personal("name", known_as.name),
                organisation=unit,
                need=known_as.need,
                made_at=at,
            )
            Identity.objects.bulk_create(
                [new_identity(customer, kind, value, at) for kind, value in known_as.known_by()]
            )
            fields = ["name", *(kind for kind, _ in known_as.known_by())]
            audit.write("customer.made", f"customer:{number}", by=by, at=at, fields=fields)
    except IntegrityError:
        # Somebody wrote in from this address at the same moment; on SQLite the write gate rules that out.
        for kind, value in known_as.known_by():
            _refuse_taken(kind, value)
        raise
    return customer


def change(
    customer: Customer, changes: Mapping[str, Any], *, version: int | None, by: Actor, at: datetime
) -> Customer:
    """Set fields (of CHANGEABLE) and return the row as it now stands. Raises Changed or Ended.

    The same values again change nothing and do not raise the version. Personal values in `preference` are masked for
    good.
    """
    if "preference" in changes:
        changes = {**changes, "preference": _preference(changes["preference"], customer, at)}
    with tx.write():
        locked = Customer.objects.select_for_update().get(pk=customer.pk)
        if version is not None and locked.version != version:
            raise Changed(locked.version)
        if locked.merged_into_id or locked.erased_at:
            raise Ended
        new = {name: changes[name] for name in CHANGEABLE if name in changes}
        new = {name: value for name, value in new.items() if getattr(locked, name) != value}
        if new:
            for name, value in new.items():
                setattr(locked, name, value)
            locked.version += 1
            locked.save(update_fields=[*new, "version"])
            for role in new.keys() & set(dedication.ROLES):
                dedication.record([locked.pk], role, new[role], by=by, at=at)
            audit.write("customer.changed", f"customer:{locked.number}", by=by, at=at, fields=sorted(new))
    return locked


def add_identity(customer: Customer, kind: str, value: str, *, by: Actor, at: datetime) -> None:
    """Add a phone (normalised by `Sender.known_by`) or e-mail; raises IdentityTaken, Ended. Once only."""
    with tx.write():
        locked = Customer.objects.select_for_update().get(pk=customer.pk)
        if locked.merged_into_id or locked.erased_at:
            raise Ended
        owner = _owner_of(kind, value)
        if owner is not None and owner != locked.number:
            raise IdentityTaken(owner)
        if owner is None:
            new_identity(locked, kind, value, at).save()
            Customer.objects.filter(pk=locked.pk).update(version=F("version") + 1)
            audit.write("customer.changed", f"customer:{locked.number}", by=by, at=at, fields=[kind])


def home_site() -> Site:
    """Return the site that a customer made by hand belongs to: the first one."""
    return Site.objects.order_by("id")[0]


def name_of(typed: str) -> Personal:
    """Return a name as it is kept."""
    return Personal("name", " ".join(unturned(typed).split()))


def person_numbered(number: str) -> Staff:
    """Return who may become the dedicated person; raises NoSuchPerson."""
    staff = Staff.objects.filter(number=number, kind="person", is_active=True).first()
    if staff is None:
        raise NoSuchPerson(number)
    return staff


def _preference(typed: str, customer: Customer, at: datetime) -> str:
    words = " ".join(unturned(typed).split())[:PREFERENCE_CHARS]
    name = customer.name.reveal()
    masked = saying.without_personal(words, at=at, also=[name] if len(name) > 1 else [])
    return masked[:PREFERENCE_CHARS]


def _refuse_taken(kind: str, value: str) -> None:
    owner = _owner_of(kind, value)
    if owner is not None:
        raise IdentityTaken(owner)


def _owner_of(kind: str, value: str) -> str | None:
    known = Identity.objects.filter(kind=kind, digest=secrets.digest(kind, value))
    return known.values_list("customer__number", flat=True).first()
