from django.db import models
from django.db.models import Q

from huiyin.base.ids import uuid7
from huiyin.cases.models.case import Case
from huiyin.cases.models.promise import Promise
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    def visible_to(self, viewer: Viewer | None) -> "CollaborationQuerySet":
        """Keep what is open at the viewer's department or waits for their approval, and all of cases they may see.

        Minus what belongs to cases about the viewer: no role overrides that.
        """
        if viewer is None:
            return self.none()
        seen = Q(case__in=Case.objects.visible_to(viewer))
        if viewer.may("collaboration.answer"):
            for post in viewer.posts:
                asked = Q(kind=Collaboration.REQUEST, department_id__in=post.teams) & _PENDING
                seen |= asked if post.sites is None else asked & Q(case__site_id__in=post.sites)
        if viewer.may("approve"):
            decided = Q(kind=Collaboration.APPROVAL) & _PENDING
            at = viewer.approves_at
            seen |= decided if at is None else decided & Q(case__site_id__in=at)
        return self.filter(seen).exclude(case__in=Case.objects.filter(about=viewer.staff_id))

    def with_people(self) -> "CollaborationQuerySet":
        return self.select_related("case", "department", "asked_by", "assignee", "promise")

    def pending(self) -> "CollaborationQuerySet":
        return self.filter(_PENDING)

    def by_due(self) -> "CollaborationQuerySet":
        return self.order_by("promise__due_at", "id")


class Collaboration(models.Model):
    """What another department owes to a case: a request, or an approval. Its clock is its promise."""

    REQUEST, APPROVAL = "request", "approval"
    OPEN, ACCEPTED, ANSWERED, RETURNED = "open", "accepted", "answered", "returned"
    FINISHED, REFUSED, WITHDRAWN = "finished", "refused", "withdrawn"
    STATES = (OPEN, ACCEPTED, ANSWERED, RETURNED, FINISHED, REFUSED, WITHDRAWN)
    PENDING = (OPEN, ACCEPTED, ANSWERED)

    uuid = models.UUIDField(default=uuid7, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="collaborations")
    kind = models.CharField(max_length=10, default=REQUEST)
    department = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="requests")
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="requests_made")
    assignee = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="requests_received")
    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, null=True, related_name="collaboration")
    state = models.CharField(max_length=10, default=OPEN)
    subject = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["department", "state"], name="request_of_department")]

    @property
    def is_pending(self) -> bool:
        return self.state in self.PENDING


_PENDING = Q(state__in=Collaboration.PENDING)


class CompensationQuerySet(models.QuerySet["Compensation"]):
    def visible_to(self, viewer: Viewer | None) -> "CompensationQuerySet":
        """Keep what was given or proposed in cases that the viewer may see."""
        return self.filter(case__in=Case.objects.visible_to(viewer))


class Compensation(models.Model):
    """Something given to a customer beyond what was owed; above a limit it needs an approval."""

    PROPOSED, GRANTED, REFUSED = "proposed", "granted", "refused"
    KINDS = ("coupon", "refund", "gift", "service")

    uuid = models.UUIDField(default=uuid7, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="compensations")
    kind = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    basis = models.CharField(max_length=300)
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.OneToOneField(
        Collaboration, on_delete=models.PROTECT, null=True, related_name="compensation"
    )
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="compensations")
    at = models.DateTimeField()

    objects = CompensationQuerySet.as_manager()
