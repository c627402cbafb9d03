from django.db import models
from django.db.models import Q

from huiyin.base.ids import uuid7
from huiyin.cases.models.case import Case
from huiyin.staff.models import Staff, Team


class Contact(models.Model):
    """One call or one chat session. `no` counts within its case; without a case nobody was served: `outcome` says why.

    `session` is the keyed digest of the name that the wire has for it, empty when it tells none. `person` answered it.
    """

    LIVE = ("chat", "phone")
    OWES = ("greeting", "first_reply")
    ANSWERED, ABANDONED, WRONG = "answered", "abandoned", "wrong"

    uuid = models.UUIDField(default=uuid7, unique=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="contacts", db_index=False
    )
    no = models.PositiveIntegerField(null=True)
    channel = models.CharField(max_length=60)
    channel_kind = models.CharField(max_length=10)
    session = models.CharField(max_length=64, default="", blank=True)
    queue = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["session", "channel"], name="contact_by_session")]
        constraints = [
            models.UniqueConstraint(fields=["case", "no"], name="contact_no_once"),
            models.UniqueConstraint(
                fields=["channel", "session"], condition=Q(case=None), name="contact_without_case_once"
            ),
            models.CheckConstraint(
                condition=Q(case=None, no=None) | Q(case__isnull=False, no__isnull=False),
                name="contact_counted_in_its_case",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="contact_ends_with_an_outcome",
            ),
        ]
