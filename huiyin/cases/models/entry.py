from django.db import models

from huiyin.cases.models.case import Case
from huiyin.cases.models.contact import Contact


class Entry(models.Model):
    """One thing that happened in a case; never changed, never deleted. Nothing has a foreign key to it."""

    # Found by what is unique, which begins with the case: an index of its own would be a second one for every row.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="entries"
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    audience = models.CharField(max_length=12)
    payload = models.JSONField(default=dict)
    by_kind = models.CharField(max_length=10)
    by_ref = models.CharField(max_length=40)
    at = models.DateTimeField()
    depth = models.PositiveSmallIntegerField(default=0)
    # Which call or chat session it belongs to; None for everything that is none.
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="entry_seq_once")]


class EntryBody(models.Model):
    """The words of an entry: erasable, so kept apart. `spans` are the personal values found in them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    seq = models.PositiveIntegerField()
    text = models.TextField()
    spans = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="body_once")]
