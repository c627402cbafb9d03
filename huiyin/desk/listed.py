"""Which filter of the list somebody looks through: a saved view, filters in the address, or their own work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from huiyin.cases import listing, saved_views
from huiyin.cases.models import SavedView
from huiyin.cases.typed import Invalid
from huiyin.staff.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Listed:
    """`filters` is empty for the usual list of one's work and the queue; `query` leads back to the same list."""

    filters: Mapping[str, str]
    query: str
    view: SavedView | None
    links: list[dict[str, Any]]


def of(request: HttpRequest, viewer: Viewer) -> Listed:
    """Return what the address asks for; what cannot be used is passed over. One query."""
    views = saved_views.of(viewer) if viewer.scopes else ()
    asked = request.GET.get("view", "")
    view = next((one for one in views if str(one.uuid) == asked), None)
    filters = view.filters if view else _typed(request)
    query = urlencode({"view": asked} if view else filters)
    links = [
        {
            "name": one.name,
            "query": urlencode({"view": str(one.uuid)}),
            "current": one == view,
            "team": one.team,
        }
        for one in views
    ]
    return Listed(filters, query, view, links)


def _typed(request: HttpRequest) -> dict[str, str]:
    given = {name: request.GET.get(name, "") for name in listing.ALLOWED}
    try:
        return listing.checked(given)
    except Invalid as error:
        return listing.checked({name: word for name, word in given.items() if name not in error.fields})
