from typing import Any

from django.db import models
from django.db.models import Q

from huiyin.base import ids


class Fact(models.Model):
    """One thing that happened and belongs to no case (presence changed, configuration applied)."""

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    by_kind = models.CharField(max_length=10)
    by_ref = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="fact_subject")]


class Task(models.Model):
    """One piece of work that survives a stop. The contract stands in `outbox`."""

    READY, RUNNING, DONE, DEAD = "ready", "running", "done", "dead"

    lane = models.CharField(max_length=10)
    function = models.CharField(max_length=120)
    args = models.JSONField(default=dict)
    key = models.CharField(max_length=160)
    state = models.CharField(max_length=8, default=READY)
    run_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(default="")
    depth = models.PositiveSmallIntegerField(default=0)
    budget = models.PositiveSmallIntegerField(default=50)
    put_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=["ready", "running"]),
                name="task_key_once_while_not_done",
            )
        ]
        indexes = [
            models.Index(fields=["lane", "run_at"], condition=Q(state="ready"), name="task_ready"),
            models.Index(fields=["lane", "lease_until"], condition=Q(state="running"), name="task_running"),
            models.Index(fields=["ended_at"], condition=Q(state__in=["done", "dead"]), name="task_ended"),
        ]


class ScheduleRun(models.Model):
    """One occurrence of a periodic task; its row keeps it from being put twice."""

    schedule = models.CharField(max_length=60)
    due = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "due"], name="schedule_once_per_due")]


class AppendOnly(models.QuerySet["AuditRow"]):
    """Rows that are added and read. Only sealing and the sweep after the keeping time have another way (`audit`)."""

    def update(self, **_: Any) -> int:
        raise TypeError("the audit trail is never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("nothing is taken out of the audit trail")


class AuditRow(models.Model):
    """One act that must be answerable for: ids and field names, never values. Sealed into a chain by `audit`."""

    action = models.CharField(max_length=60)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_ref = models.CharField(max_length=40)
    object = models.CharField(max_length=80)
    fields = models.JSONField(default=list)
    reason = models.CharField(max_length=200, default="")
    result = models.CharField(max_length=20, default="ok")
    network = models.CharField(max_length=45, default="")
    seal_seq = models.BigIntegerField(null=True, unique=True)
    seal = models.CharField(max_length=64, default="")

    objects = AppendOnly.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["by_ref", "id"], name="audit_by"),
            models.Index(fields=["action", "id"], name="audit_action"),
            models.Index(fields=["id"], condition=Q(seal_seq=None), name="audit_unsealed"),
            models.Index(fields=["object", "id"], name="audit_object"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the audit trail is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("nothing is taken out of the audit trail")


class ConfigVersion(models.Model):
    """One integer, raised by every change of configuration: compiled caches are made anew when it moves."""

    version = models.PositiveIntegerField(default=1)


class Blob(models.Model):
    """One stored file. Its name is data only; where it lies is decided by `uuid`.

    One that was refused has a row that says why, and no bytes anywhere.
    """

    uuid = models.UUIDField(unique=True, default=ids.uuid7)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    subject = models.CharField(max_length=80, db_index=True)
    stored_at = models.DateTimeField()
    refused = models.CharField(max_length=20, default="", blank=True)


class Counter(models.Model):
    """The last number given out under a name (see `numbers`)."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.BigIntegerField()


class IdempotencyKey(models.Model):
    """The answer to a POST that carried a key: the same key again gets the same answer for a day."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]
