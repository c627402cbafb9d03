"""Saved views of the list of cases: one's own, and those shared with one's teams."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from huiyin.api.auth import Bearer, viewer_of
from huiyin.base import clock
from huiyin.base.problem import Problem
from huiyin.cases import saved_views
from huiyin.cases.models import SavedView
from huiyin.staff.viewer import Viewer

router = Router(auth=Bearer("cases:read"), tags=["views"])
_write = Bearer("cases:write")


class ViewIn(BaseModel):
    """`filters` are those of the desk's list; `team` shares the view."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    filters: dict[str, str]
    team: str | None = None


@router.get("", response=dict, summary="The views that one may use")
def list_views(request: HttpRequest) -> dict[str, Any]:
    viewer = viewer_of(request)
    return {"items": [_shape(view, viewer) for view in saved_views.of(viewer)]}


@router.post("", auth=_write, response={201: dict}, summary="Keep a view")
def make(request: HttpRequest, body: ViewIn) -> Status[dict[str, Any]]:
    return Status(201, _saved(request, None, body))


@router.put("/{view}", auth=_write, response=dict, summary="Change one's own view")
def change(request: HttpRequest, view: UUID, body: ViewIn) -> dict[str, Any]:
    return _saved(request, _own(request, view), body)


@router.delete("/{view}", auth=_write, response={204: None}, summary="Take one's own view away")
def remove(request: HttpRequest, view: UUID) -> Status[None]:
    saved_views.remove(_own(request, view), by=viewer_of(request).actor, at=clock.now())
    return Status(204, None)


def _saved(request: HttpRequest, view: SavedView | None, body: ViewIn) -> dict[str, Any]:
    viewer, team = viewer_of(request), None
    if body.team is not None:
        team = next((one for one in saved_views.shareable(viewer) if one.code == body.team), None)
        if team is None:
            raise Problem(403, "right_missing", "Views are shared by who gives the team's cases to others.")
    saved = saved_views.save(view, body.name, body.filters, team=team, by=viewer.actor, at=clock.now())
    return _shape(saved, viewer)


def _own(request: HttpRequest, view: UUID) -> SavedView:
    viewer = viewer_of(request)
    found = SavedView.objects.visible_to(viewer).filter(owner=viewer.staff_id, uuid=view).first()
    if found is None:
        raise Http404
    return found


def _shape(view: SavedView, viewer: Viewer) -> dict[str, Any]:
    return {
        "id": str(view.uuid),
        "name": view.name,
        "filters": view.filters,
        "team": view.team.code if view.team else None,
        "own": view.owner_id == viewer.staff_id,
    }
