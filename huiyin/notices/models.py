from django.db import models

from huiyin.staff.models import Staff


class Notice(models.Model):
    """Something one person should know. Its key keeps a retried task from telling it twice."""

    key = models.CharField(max_length=160, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    case_number = models.CharField(max_length=20, default="")
    params = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["staff", "-id"], condition=models.Q(read_at=None), name="notice_unread")
        ]
