from django.db import models
from django.db.models import Q

from huiyin.cases.models.case import Case
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer

ASSIGNED = "assigned_task"
OBSERVATION = "observation"  # what a colleague noticed themselves


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, viewer: Viewer | None) -> "AssignmentQuerySet":
        """Keep the tasks whose cases the viewer may see."""
        return self.filter(case__in=Case.objects.visible_to(viewer))

    def with_people(self) -> "AssignmentQuerySet":
        return self.select_related(
            "assigned_by", "case__handler", "case__team", "case__site", "case__customer"
        )

    def by_due(self) -> "AssignmentQuerySet":
        return self.order_by("case__next_due", "id")


class Assignment(models.Model):
    """What a lead assigned: its case carries the receiver (handler), the state and the clock, this row the rest.

    `objected_at` is set while an objection waits for a decision. `completeness` (0 to 100) is what whoever accepted
    the result said of it; it is counted later, so it is kept.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="assignment")
    assigned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="tasks_assigned")
    objected_at = models.DateTimeField(null=True)
    completeness = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(completeness=None) | Q(completeness__lte=100), name="completeness_in_percent"
            )
        ]
