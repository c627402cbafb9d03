from django.db import models

from huiyin.cases.models.case import Case
from huiyin.staff.models import Staff


class Watcher(models.Model):
    """Somebody who follows a case and may therefore see it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="watchers")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="watched")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff"], name="watch_once")]


class CaseTag(models.Model):
    """A word that a team puts on a case. `key` is the word without regard to its case; words are compared by it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tags")
    tag = models.CharField(max_length=40)
    key = models.CharField(max_length=120, db_index=True)  # folding lengthens: one letter becomes up to three

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="tag_once")]


class CaseLink(models.Model):
    """Two cases that belong together: `related`, `split` (`two` was taken out of `one`), or `two` `follows` `one`."""

    one = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_to")
    two = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_from")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "two", "kind"], name="link_once")]


class Merge(models.Model):
    """A case that went into another, with what undoing needs. Entries never move."""

    survivor = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merges")
    secondary = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merged_by")
    status_before = models.CharField(max_length=10)
    moved = models.JSONField(default=dict)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class DraftText(models.Model):
    """What a person has typed and not sent, kept on the server so that a reload or another device finds it.

    `kind` is what it was meant as, `seen_seq` the last entry that stood on the page meanwhile.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="drafts")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10)
    text = models.TextField()
    seen_seq = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "case"], name="draft_once")]
