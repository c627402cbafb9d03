from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from huiyin.base.ids import uuid7
from huiyin.staff.models import Grant, Staff
from huiyin.staff.viewer import Scope, Viewer


class Presence(models.Model):
    """Whether a person is at work and takes new cases."""

    ONLINE, BUSY, AWAY, OFFLINE = "online", "busy", "away", "offline"
    STATES = (ONLINE, BUSY, AWAY, OFFLINE)

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="presence")
    state = models.CharField(max_length=10, default=OFFLINE)
    since = models.DateTimeField()


class OverloadQuerySet(models.QuerySet["Overload"]):
    def visible_to(self, viewer: Viewer | None, *, at: datetime) -> "OverloadQuerySet":
        """Keep one's own reports, and those of the people in whose teams the viewer gives work to others."""
        if viewer is None:
            return self.none()
        own = Q(staff_id=viewer.staff_id)
        return self.filter(own | Q(staff__in=given_work_by(viewer, at=at)))

    def standing(self) -> "OverloadQuerySet":
        """Keep what nobody has ended; its time may be over for up to a minute."""
        return self.filter(ended_at=None)

    def in_force(self, *, at: datetime) -> "OverloadQuerySet":
        return self.standing().filter(_lasting(at))


def given_work_by(viewer: Viewer, *, at: datetime) -> models.QuerySet[Staff]:
    """Return the people to whom the viewer may give work: those with a role in a team, and at a site, within reach."""
    reach = [scope for scope in viewer.scopes if scope.reach in ("team", "all")]
    if not viewer.may("case.reassign") or not reach:
        return Staff.objects.none()
    if any(scope.teams is None and scope.sites is None for scope in reach):
        return Staff.objects.all()
    held = Grant.objects.filter(_lasting(at)).exclude(team=None).values_list("staff_id", "team_id", "sites")
    return Staff.objects.filter(
        pk__in={staff for staff, team, sites in held if any(_meets(one, team, sites) for one in reach)}
    )


def _meets(scope: Scope, team: int | None, sites: Sequence[int]) -> bool:
    is_there = scope.sites is None or not sites or not scope.sites.isdisjoint(sites)
    return is_there and (scope.teams is None or team in scope.teams)


def _lasting(at: datetime) -> Any:
    return Q(until=None) | Q(until__gt=at)


class Overload(models.Model):
    """One report of being at the limit (工作饱和): while it stands, the dispatch gives this person nothing new.

    It ends by whoever made it, by a lead, at `until`, or because the person leaves (`ended_how`).
    """

    TAKEN_BACK, BY_LEAD, OVER, LEFT = "taken_back", "by_lead", "over", "left"

    uuid = models.UUIDField(default=uuid7, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="overloads")
    word = models.CharField(max_length=500)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="overloads_ended")
    ended_how = models.CharField(max_length=10, default="")
    ended_word = models.CharField(max_length=500, default="")

    objects = OverloadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff"], condition=Q(ended_at=None), name="overload_once")
        ]

    def is_in_force(self, *, at: datetime) -> bool:
        return self.ended_at is None and (self.until is None or self.until > at)
