"""Forgetting by age: customers of whom nothing was heard for as long as their site keeps them are erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Q

from huiyin.base.actor import CLOCK
from huiyin.base.outbox import task
from huiyin.customers import erasure
from huiyin.customers.belongings import HEARD_SINCE
from huiyin.customers.models import Customer, CustomerQuerySet
from huiyin.staff.models import Site

AT_ONCE = 200
REASON = "kept for as long as the site says"


def due(sites: Sequence[Site], *, at: datetime) -> CustomerQuerySet:
    """Return the customers of these sites whose time has passed; a site that keeps them for ever has none."""
    passed = [_passed(site, site.keep_customers_days, at) for site in sites if site.keep_customers_days]
    if not passed:
        return Customer.objects.none()
    either = Q()
    for condition in passed:
        either |= condition
    return Customer.objects.living().filter(either, erasures=None).order_by("id")


def counts(sites: Sequence[Site], *, at: datetime) -> Mapping[int, int]:
    """Return how many customers of each site, by its row, would be erased now. One query."""
    rows = due(sites, at=at).order_by().values_list("site").annotate(Count("id"))
    return dict(rows)


@task("heavy", outside=True)
def sweep(*, at: datetime) -> None:
    """Ask for the erasure of what is due, at most AT_ONCE; a second call finds those that were asked for."""
    for customer in due(list(Site.objects.all()), at=at)[:AT_ONCE]:
        try:
            erasure.ask(customer, reason=REASON, by=CLOCK, at=at)
        except erasure.CannotErase:
            continue  # they came back meanwhile


def _passed(site: Site, days: int, at: datetime) -> Q:
    since = at - timedelta(days=days)
    condition = Q(site=site, made_at__lt=since)
    for heard in HEARD_SINCE:
        condition &= ~heard(since)
    return condition
