from typing import Any

from django.db import models
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from huiyin.channels.models import Account
from huiyin.customers.models import Customer
from huiyin.staff.models import Site, Team
from huiyin.staff.viewer import Viewer


class InboxQuerySet(models.QuerySet["InboxItem"]):
    def visible_to(self, viewer: Viewer | None) -> "InboxQuerySet":
        """Keep the blocked messages that would have gone to teams whose cases this viewer may void."""
        if viewer is None or not viewer.may("case.void"):
            return self.none()
        seen = Q(pk__in=())
        # An account of no site of its own takes in for the first one, as the intake does.
        home = Subquery(Site.objects.order_by("id").values("pk")[:1])
        for scope in viewer.scopes:
            if scope.reach in ("team", "all"):
                within = Q(pk__isnull=False)  # not an empty Q, which an “or” would forget
                if scope.teams is not None:
                    within &= Q(team_id__in=scope.teams)
                if scope.categories is not None:
                    within &= Q(category__in=scope.categories)
                if scope.sites is not None:
                    within &= Q(at_site__in=scope.sites)
                seen |= within
        limited = any(scope.sites is not None for scope in viewer.scopes)
        placed = self.annotate(at_site=Coalesce("account__site_id", home)) if limited else self
        return placed.filter(seen, state=InboxItem.BLOCKED)


class InboxItem(models.Model):
    """One message as it came in. Once its row is committed nothing of it is lost.

    `variant` is empty for the first of its id; another message under the same id is kept with its digest there.
    A blocked one keeps who wrote it, the team it would have gone to, and its category.
    """

    DONE, WAITING, QUARANTINED, BLOCKED = "done", "waiting", "quarantined", "blocked"

    placed: Any = None  # where it went, while it is in the hands of the process that accepted it

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    external_id = models.CharField(max_length=200)
    variant = models.CharField(max_length=64, default="")
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    files = models.JSONField(default=list)
    state = models.CharField(max_length=12)
    case_number = models.CharField(max_length=20, default="")
    entry_seq = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, default="")
    received_at = models.DateTimeField()
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, db_index=False)
    category = models.CharField(max_length=60, default="", blank=True)

    objects = InboxQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id", "variant"], name="inbox_once_per_id")
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=models.Q(state="waiting"), name="inbox_waiting"),
            models.Index(fields=["received_at"], condition=models.Q(state="done"), name="inbox_done"),
            models.Index(
                fields=["customer", "-id"], condition=models.Q(state="blocked"), name="inbox_blocked"
            ),
        ]
