from typing import Any, ClassVar

from django.db import models

from huiyin.base.personal import PersonalField
from huiyin.staff.models import Site


class Customer(models.Model):
    """A person or unit outside. `level` is a code such as `normal` or `vip`."""

    number = models.CharField(max_length=20, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    name = PersonalField(kind="name", default="")
    level = models.CharField(max_length=20, default="normal")
    language = models.CharField(max_length=8, default="")
    made_at = models.DateTimeField()


class Identity(models.Model):
    """One way to know a customer: phone, e-mail or a channel's own name for them.

    Found whole by `digest` or, for phones, by the last four digits (`tail`); both keyed, so that the
    table tells nothing without the key.
    """

    KINDS: ClassVar = ("phone", "email", "identity")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10)
    value = PersonalField(kind="identity")
    digest = models.CharField(max_length=64)
    tail = models.CharField(max_length=64, default="", db_index=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="identity_once")]

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> "Identity":
        row = super().from_db(*args, **kwargs)
        if "value" in row.__dict__ and row.value is not None and "kind" in row.__dict__:
            row.value.kind = row.kind
        return row
