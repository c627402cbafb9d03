from django.db import models

from huiyin.base.ids import uuid7
from huiyin.cases.models.case import Case
from huiyin.cases.models.promise import Promise
from huiyin.staff.models import Staff, Team


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

    class Meta:
        indexes = [models.Index(fields=["department", "state"], name="request_of_department")]


class Compensation(models.Model):
    """Something given to a customer beyond what was owed; above a limit it needs an approval."""

    PROPOSED, GRANTED, REFUSED = "proposed", "granted", "refused"

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
