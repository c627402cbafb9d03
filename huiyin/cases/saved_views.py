"""Saved views: a person's own named filters of the list of cases, and those that a lead shares with a team."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.cases import listing
from huiyin.cases.models import SavedView
from huiyin.cases.typed import Invalid, checked
from huiyin.staff.models import Staff, Team
from huiyin.staff.viewer import Viewer

PER_PERSON = 30
NAME_CHARS = 40


def may_share(viewer: Viewer, team: Team) -> bool:
    """Say whether this person shares views with the team: who gives its cases to others."""
    reaches = any(scope.teams is None or team.pk in scope.teams for scope in viewer.scopes)
    return viewer.may("case.reassign") and reaches


def shareable(viewer: Viewer) -> list[Team]:
    """Return the teams with which this person may share views."""
    return [team for team in Team.objects.filter(retired_at=None).order_by("pk") if may_share(viewer, team)]


def save(
    view: SavedView | None,
    name: str,
    filters: Mapping[str, str],
    *,
    team: Team | None = None,
    by: Actor,
    at: datetime,
) -> SavedView:
    """Keep a view under this name, made anew (None) or changed; sharing leaves an audit row.

    The caller has checked that a given view is `by`'s and that `by` may share with the team. Raises Invalid: `name`
    (missing, too_long, taken), `views` (too_many), or what a filter refuses.
    """
    name, kept = checked(name, field="name", limit=NAME_CHARS), listing.checked(filters)
    with tx.write():
        owner = Staff.objects.select_for_update().get(pk=by.id or 0)
        mine = SavedView.objects.filter(owner=owner)
        if view is None and mine.count() >= PER_PERSON:
            raise Invalid(views="too_many")
        if mine.filter(name=name).exclude(pk=view.pk if view else 0).exists():
            raise Invalid(name="taken")
        was_shared = view is not None and view.team_id is not None
        view = view or SavedView(owner=owner, made_at=at)
        view.name, view.filters, view.team = name, kept, team
        view.save()
        if was_shared or team is not None:
            audit.write("view.shared", f"view:{view.uuid}", by=by, at=at, fields=sorted(kept))
    return view


def remove(view: SavedView, *, by: Actor, at: datetime) -> None:
    """Take a view away; harmless when it is gone."""
    with tx.write():
        gone, _ = SavedView.objects.filter(pk=view.pk).delete()
        if gone and view.team_id is not None:
            audit.write("view.removed", f"view:{view.uuid}", by=by, at=at)


def of(viewer: Viewer) -> Sequence[SavedView]:
    """Return the views that this person may use: their own, then those shared with their teams. One query."""
    rows = list(SavedView.objects.visible_to(viewer).select_related("team", "owner").order_by("name", "id"))
    return sorted(rows, key=lambda view: view.owner_id != viewer.staff_id)
