from datetime import timedelta

from django.db import models
from django.db.models import Q

from huiyin.base.ids import uuid7
from huiyin.cases.models.case import Case
from huiyin.cases.models.contact import Contact
from huiyin.staff.models import Staff
from huiyin.staff.viewer import Viewer


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, viewer: Viewer | None) -> "PromiseQuerySet":
        """Keep what is promised in cases that the viewer may see."""
        return self.filter(case__in=Case.objects.visible_to(viewer))

    def owed(self) -> "PromiseQuerySet":
        return self.filter(
            Q(state__in=(Promise.RUNNING, Promise.PAUSED))
            | Q(state=Promise.BROKEN, fulfilled_at=None, ended_at=None)
        )

    def owed_by(self, staff_id: int) -> "PromiseQuerySet":
        # The two conditions that `owed` implies let the database use the index of what is still owed.
        return self.owed().filter(debtor_id=staff_id, fulfilled_at=None, ended_at=None)

    def by_due(self) -> "PromiseQuerySet":
        return self.order_by("due_at", "id")


class Promise(models.Model):
    """Something owed by a time. `due_at` = start + (target − used); `next_at` is when the clock acts on it next.

    `first_due` never moves; `waited` is by how much pauses moved `due_at`, so that first_due + waited is what the
    keep rate counts. `pauses` holds [from, to] of day-based promises, whose due time is counted again from the start.
    A promise that can no longer be done (`ended_at`) is not owed any more, even if it was broken before.
    """

    RUNNING, PAUSED, KEPT, BROKEN, CANCELLED = "running", "paused", "kept", "broken", "cancelled"
    STATES = (RUNNING, PAUSED, KEPT, BROKEN, CANCELLED)

    uuid = models.UUIDField(default=uuid7, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False, related_name="promises")
    # A greeting and a first reply are owed to each call and each chat session; None: once to the case.
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, related_name="promises", db_index=False
    )
    kind = models.CharField(max_length=40)
    policy = models.CharField(max_length=60)
    # Indexed below, for what is still owed only.
    debtor = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="promises", db_index=False
    )
    beneficiary = models.CharField(max_length=20, default="customer")
    calendar = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField(null=True)
    cut_off = models.CharField(max_length=5, default="", blank=True)
    made_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="promises_made", db_index=False
    )
    about = models.CharField(max_length=200, default="", blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    target_s = models.PositiveIntegerField(null=True)
    used_s = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    warnings = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=RUNNING)
    provisional = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)
    waited = models.DurationField(default=timedelta)
    broken_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_cause = models.CharField(max_length=40, default="")

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["contact"], condition=Q(contact__isnull=False), name="promise_of_contact"),
            models.Index(fields=["made_by"], condition=Q(made_by__isnull=False), name="promise_made_by"),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="promise_next"),
            models.Index(fields=["case", "state"], name="promise_of_case"),
            models.Index(
                fields=["debtor"],
                condition=Q(fulfilled_at__isnull=True, ended_at__isnull=True),
                name="promise_owed_by",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running") | Q(next_at=None), name="only_running_promises_tick"
            )
        ]

    @property
    def is_owed(self) -> bool:
        return self.state in (self.RUNNING, self.PAUSED) or (
            self.state == self.BROKEN and self.fulfilled_at is None and self.ended_at is None
        )
