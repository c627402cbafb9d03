from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from huiyin.base.ids import uuid7
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer

TAKEN_WITHIN = timedelta(hours=24)


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, viewer: Viewer | None) -> "ExportQuerySet":
        """Keep what the viewer asked for, and what waits for an approval of theirs."""
        if viewer is None:
            return self.none()
        seen = Q(pk__in=())
        if viewer.may("export"):
            seen |= Q(asked_by=viewer.staff_id)
        if viewer.may("approve") and viewer.approves_at is None:  # its cases may lie at any site
            seen |= Q(state=Export.ASKED)
        return self.filter(seen)

    def with_people(self) -> "ExportQuerySet":
        return self.select_related("asked_by", "decided_by")


class Export(models.Model):
    """An export of more customers than may leave without an approval: exactly the cases of `numbers`.

    `chosen` tells in codes how they were chosen; `plain`: it leaves unmasked. Nothing of the cases themselves is kept
    here.
    """

    ASKED, APPROVED, REFUSED, WITHDRAWN = "asked", "approved", "refused", "withdrawn"

    uuid = models.UUIDField(default=uuid7, unique=True)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="exports")
    reason = models.CharField(max_length=200)
    format = models.CharField(max_length=4)
    plain = models.BooleanField(default=False)
    chosen = models.JSONField(default=dict)
    numbers = models.JSONField(default=list)
    customers = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=ASKED)
    decided_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="exports_decided", db_index=False
    )
    words = models.CharField(max_length=200, default="", blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state="asked"), name="export_that_waits"),
        ]

    def can_be_taken(self, *, at: datetime) -> bool:
        """Say whether the file may be taken out: approved, and not more than a day ago."""
        return (
            self.state == self.APPROVED
            and self.decided_at is not None
            and at <= self.decided_at + TAKEN_WITHIN
        )
