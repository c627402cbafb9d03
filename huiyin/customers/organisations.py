"""Companies, households and other units that customers belong to."""

from collections.abc import Collection
from datetime import datetime

from huiyin.base import audit, numbers, tx
from huiyin.base.actor import Actor
from huiyin.base.direction import unturned
from huiyin.customers import saying
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


def named(units: Collection[str], *, by: Actor, at: datetime) -> dict[str, Organisation]:
    """Return the organisation for each name that somebody gave of theirs, made when there is none.

    What looks personal in a name is masked for good: strangers give it. One query to read, nothing for no names.
    """
    if not units:
        return {}
    with tx.write():
        names = {
            unit: saying.without_personal(" ".join(unturned(unit).split()), at=at)[:120] for unit in units
        }
        known: dict[str, Organisation] = {}
        for row in Organisation.objects.filter(name__in=names.values()).order_by("-id"):
            known[row.name] = row
        return {unit: known.get(name) or found(name, by=by, at=at) for unit, name in names.items()}


def numbered(number: str) -> Organisation:
    """Return the organisation with this number; raises NoSuchOrganisation."""
    known = Organisation.objects.filter(number=number).first()
    if known is None:
        raise NoSuchOrganisation(number)
    return known
