"""Who works on cases, and what their roles are limited to, for many people at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from huiyin.staff import viewer
from huiyin.staff.models import Grant
from huiyin.staff.viewer import Scope

Limits = Mapping[int, tuple[Scope, ...]]


def limits(*, at: datetime, staff: int | None = None) -> Limits:
    """Return, for everybody active (or this one) whose roles let them work on cases, what each is limited to.

    By row number, of whichever team; one query. A signature or a second factor that is still missing counts for
    nothing here: who lacks one today has it tomorrow.
    """
    found: dict[int, tuple[Scope, ...]] = {}
    grants = Grant.objects.filter(Q(until=None) | Q(until__gt=at), staff__is_active=True)
    if staff is not None:
        grants = grants.filter(staff=staff)
    for grant in grants.select_related("role"):
        if "case.work" in grant.role.permissions:
            found[grant.staff_id] = (*found.get(grant.staff_id, ()), viewer.limits_of(grant))
    return found


def unlimited(given: Limits) -> set[int]:
    """Return those of them who work on every category at every site."""
    return {
        staff
        for staff, scopes in given.items()
        if any(one.categories is None and one.sites is None for one in scopes)
    }
