from django.db import models

from huiyin.base.ids import uuid7
from huiyin.customers.models import Customer
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, viewer: Viewer | None) -> "PlanQuerySet":
        """Keep the plans of the teams whose work the viewer sees as a whole, and those they owe themselves."""
        if viewer is None:
            return self.none()
        seen = models.Q(debtor_id=viewer.staff_id)
        for scope in viewer.scopes:
            if scope.reach in ("team", "all"):
                within = models.Q(pk__isnull=False)  # not an empty Q, which an “or” would forget
                if scope.teams is not None:
                    within &= models.Q(team__in=scope.teams)
                if scope.sites is not None:
                    within &= models.Q(team__site_id__in=scope.sites)
                seen |= within
        return self.filter(seen)

    def running(self) -> "PlanQuerySet":
        return self.filter(ended_at=None, paused_at=None)


class Plan(models.Model):
    """Something that comes again: each turn is opened as its own task case with one promise, 7 days ahead at most."""

    uuid = models.UUIDField(default=uuid7, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True)
    debtor = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="plans")
    debtor_rule = models.CharField(max_length=10, default="person")
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="plans_made")
    phases = models.JSONField(default=list)
    # A turn is due so many working days after its day; None: at the turn itself.
    working_days = models.PositiveSmallIntegerField(null=True)
    starts_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    opened_up_to = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["opened_up_to"], condition=models.Q(ended_at=None), name="plan_running")
        ]


class Occurrence(models.Model):
    """One turn of a plan; its row keeps it from being opened twice."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="occurrences")
    due = models.DateTimeField()
    case_number = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "due"], name="occurrence_once")]
