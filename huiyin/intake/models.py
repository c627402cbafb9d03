from typing import Any

from django.db import models

from huiyin.channels.models import Account


class InboxItem(models.Model):
    """One message as it came in. Once its row is committed nothing of it is lost.

    `variant` is empty for the first of its id; another message under the same id is kept with its digest there.
    """

    DONE, WAITING, QUARANTINED = "done", "waiting", "quarantined"

    placed: Any = None  # where it went, while it is in the hands of the process that accepted it

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id", "variant"], name="inbox_once_per_id")
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=models.Q(state="waiting"), name="inbox_waiting"),
            models.Index(fields=["received_at"], condition=models.Q(state="done"), name="inbox_done"),
        ]
