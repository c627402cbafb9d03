from django.db import models

from huiyin.base.configured import Configured
from huiyin.base.ids import uuid7
from huiyin.staff.models import Site


class Account(Configured):
    """One wire in and out: its code is what `channel` means in the API. `callback_url` gets the answers.

    With a `signing_secret` another system may send messages that it signs. Secrets are sealed.
    """

    KINDS = ("form", "api", "chat", "phone", "email", "wecom", "wechat", "sms", "shop", "manual")

    kind = models.CharField(max_length=10)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True)
    callback_url = models.CharField(max_length=500, default="", blank=True)
    callback_secret = models.CharField(max_length=200, default="", blank=True)
    signing_secret = models.CharField(max_length=200, default="", blank=True)


class Delivery(models.Model):
    """One message on its way out. The key is its lasting once-ness and goes to the receiver on every try."""

    WAITING, SENT, DEAD = "waiting", "sent", "dead"

    key = models.CharField(max_length=80, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    case_number = models.CharField(max_length=20)
    entry_seq = models.PositiveIntegerField()
    state = models.CharField(max_length=8, default=WAITING)
    tries = models.PositiveIntegerField(default=0)
    # Why it has not arrived: code and params (see `undelivered`). `error`: the same in rows from before, in English.
    reason = models.JSONField(default=dict)
    error = models.CharField(max_length=200, default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)


class Endpoint(models.Model):
    """Somebody else's system that is told of facts; `kinds` empty means all. The secret is sealed."""

    uuid = models.UUIDField(default=uuid7, unique=True)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=200)
    kinds = models.JSONField(default=list)
    made_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=60, default="", blank=True)


class EndpointDelivery(models.Model):
    """One fact on its way to one endpoint; the key is the webhook's id on every try."""

    key = models.CharField(max_length=100, unique=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    state = models.CharField(max_length=8, default=Delivery.WAITING)
    tries = models.PositiveIntegerField(default=0)
    reason = models.JSONField(default=dict)
    error = models.CharField(max_length=200, default="", blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["endpoint", "state"], name="endpoint_state")]
