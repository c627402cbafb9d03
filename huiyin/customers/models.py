from typing import Any, ClassVar

from django.db import models

from huiyin.base.ids import uuid7
from huiyin.base.personal import PersonalField
from huiyin.staff.models import Site, Staff
from huiyin.staff.viewer import Viewer


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, viewer: Viewer | None) -> "OrganisationQuerySet":
        """Keep all for who may see customers, nothing for others."""
        return self if viewer is not None and viewer.may("customer.read") else self.none()


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, viewer: Viewer | None) -> "CustomerQuerySet":
        """Keep all for who may see customers: whoever calls must be found. Their values stay masked.

        A program that may administer sees them too: it is what erases a person.
        """
        if viewer is None:
            return self.none()
        may_erase = "admin" in (viewer.token_scopes or ()) and viewer.may("people.write")
        may = viewer.may("customer.read") or viewer.may("customer.reveal") or may_erase
        return self if may else self.none()

    def living(self) -> "CustomerQuerySet":
        return self.filter(merged_into=None, erased_at=None)

    def with_people(self) -> "CustomerQuerySet":
        return self.select_related(
            "organisation", "dedicated", "salesperson", "area_manager", "merged_into", "site"
        )


class Organisation(models.Model):
    """A company, household or other unit that customers belong to."""

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()


class Customer(models.Model):
    """A person or unit outside. `level` is a code such as `normal` or `vip`."""

    is_new = False  # true while the message that made the customer is in hand: nothing else of theirs exists

    number = models.CharField(max_length=20, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, db_index=False)
    name = PersonalField(kind="name", default="")
    level = models.CharField(max_length=20, default="normal")
    language = models.CharField(max_length=8, default="")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="customers", db_index=False
    )
    dedicated = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="dedicated_to", db_index=False
    )
    salesperson = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="sells_to", db_index=False
    )
    area_manager = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="area_of", db_index=False
    )
    # The category that brought them here first; what they came for later stands in their cases.
    need = models.CharField(max_length=60, default="", blank=True)
    # What they like to buy, in a colleague's words; personal values are masked before they get here.
    preference = models.CharField(max_length=200, default="", blank=True)
    tags = models.JSONField(default=list)
    blocked_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_customers", db_index=False
    )
    erased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()

    objects = CustomerQuerySet.as_manager()

    class Meta:
        # Most customers have none of these: an index of those that do costs a new one nothing.
        indexes = [
            models.Index(
                fields=[name], condition=models.Q((f"{name}__isnull", False)), name=f"customer_by_{name}"
            )
            for name in ("organisation", "dedicated", "salesperson", "area_manager", "merged_into")
        ]


class Dedication(models.Model):
    """Who was a customer's person in a role (a field of Customer), from when to when.

    `since` is empty for those who were it before this was kept, `until` while they are it.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="dedications")
    role = models.CharField(max_length=20)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="dedications", db_index=False)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    by_ref = models.CharField(max_length=40)
    why = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "role"], condition=models.Q(until=None), name="one_dedicated_at_a_time"
            )
        ]


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


class CustomerMerge(models.Model):
    """Two customers that were found to be one; `moved` holds what un-merging moves back."""

    survivor = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    secondary = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merged_by")
    moved = models.JSONField(default=dict)
    by_ref = models.CharField(max_length=40)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class Consent(models.Model):
    """What a customer agreed to, in which version of the words, and until when."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    how = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class Erasure(models.Model):
    """A customer's data on its way out: previewed, then done."""

    uuid = models.UUIDField(default=uuid7, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="erasures")
    reason = models.CharField(max_length=200)
    preview = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
