"""The customer's way to their case without signing in: a signed, expiring, revocable address."""

from datetime import datetime, timedelta

from django.conf import settings

from huiyin.base import secrets
from huiyin.cases import merging
from huiyin.cases.models import Case

LASTS = timedelta(days=180)
_PURPOSE = "case-link"


class LinkRefused(Exception):
    """The address is not ours, has expired, or was revoked: one answer for all three."""


def url(case: Case) -> str:
    """Return the full address of the customer's page of this case; it stays the same until revoked."""
    return f"{settings.HUIYIN.public_url}/c/{token(case)}"


def token(case: Case) -> str:
    """Return the token in that address."""
    until = int((case.opened_at + LASTS).timestamp())
    return secrets.token(_PURPOSE, f"{case.number}.{case.link_epoch}.{until}")


def case_of(given: str, *, at: datetime) -> Case:
    """Return the case a token opens; raises LinkRefused."""
    try:
        number, epoch, until = secrets.read_token(_PURPOSE, given).split(".")
    except (secrets.NotOurs, ValueError):
        raise LinkRefused from None
    case = Case.objects.with_people().numbered(number)
    if case is None or str(case.link_epoch) != epoch or at.timestamp() > int(until):
        raise LinkRefused
    return merging.survivor_of(case)
