from django.db import models


class Installed(models.Model):
    """A pack that was applied: its version, and the digest of its files, by which an unchanged one is passed over."""

    code = models.CharField(max_length=60, unique=True)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
