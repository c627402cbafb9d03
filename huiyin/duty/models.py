from django.db import models

from huiyin.staff.models import Staff


class Presence(models.Model):
    """Whether a person is at work and takes new cases."""

    ONLINE, BUSY, AWAY, OFFLINE = "online", "busy", "away", "offline"
    STATES = (ONLINE, BUSY, AWAY, OFFLINE)

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="presence")
    state = models.CharField(max_length=10, default=OFFLINE)
    since = models.DateTimeField()
