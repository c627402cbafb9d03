"""Companies, households and other units that customers belong to."""

from datetime import datetime

from huiyin.base import audit, numbers, tx
from huiyin.base.actor import Actor
from huiyin.customers.models import Organisation


class NoSuchOrganisation(Exception):
    """No organisation has this number."""


def found(name: str, *, by: Actor, at: datetime) -> Organisation:
    """Return the organisation of this name, made when there is none. A second call returns the first one."""
    name = " ".join(name.split())[:120]
    with tx.write():
        known = Organisation.objects.filter(name=name).order_by("id").first()
        if known is not None:
            return known
        (n,) = numbers.take("organisation", 1)
        made = Organisation.objects.create(number=f"O{n:06}", name=name, made_at=at)
        audit.write("organisation.made", f"organisation:{made.number}", by=by, at=at)
    return made


def numbered(number: str) -> Organisation:
    """Return the organisation with this number; raises NoSuchOrganisation."""
    known = Organisation.objects.filter(number=number).first()
    if known is None:
        raise NoSuchOrganisation(number)
    return known
