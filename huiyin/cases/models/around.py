from django.db import models
from django.db.models import Q

from huiyin.base.ids import uuid7
from huiyin.cases.models.case import Case
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer


class Mention(models.Model):
    """Somebody was named in a note. It grants nothing: who may not see the case is `asked` for, and decided upon."""

    SEES, ASKED, LET_IN, REFUSED = "sees", "asked", "let_in", "refused"
    STATES = (SEES, ASKED, LET_IN, REFUSED)

    uuid = models.UUIDField(default=uuid7, unique=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mentions")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="mentions")
    by = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="mentions_made")
    seq = models.PositiveIntegerField()
    state = models.CharField(max_length=8)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["staff", "-id"], name="mention_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "staff"], condition=Q(state="asked"), name="mention_asked_once"
            )
        ]


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, viewer: Viewer | None) -> "SavedViewQuerySet":
        """Keep the viewer's own and what is shared with a team of theirs. A view never widens what its reader sees."""
        if viewer is None:
            return self.none()
        return self.filter(Q(owner_id=viewer.staff_id) | Q(team_id__in=viewer.teams))


class SavedView(models.Model):
    """A named filter of the list of cases: a person's own, or shared with a team."""

    uuid = models.UUIDField(default=uuid7, unique=True)
    owner = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="saved_views")
    name = models.CharField(max_length=40)
    filters = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_named_once")]
