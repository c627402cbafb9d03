"""Searching by API: cases by numbers and words, customers by what they are known by."""

from typing import Annotated, Any, Literal

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.customer_shapes import customer_shape
from huiyin.api.shapes import case_shape
from huiyin.base import secrets
from huiyin.base.problem import Problem
from huiyin.cases import search
from huiyin.cases.models import CaseQuerySet
from huiyin.customers import find
from huiyin.customers.models import Customer
from huiyin.rules import book as rulebook
from huiyin.rules.book import Book
from huiyin.staff.viewer import Viewer

router = Router(auth=Bearer("cases:read"), tags=["search"])
CUSTOMERS_TOLD = 20


class SearchFilters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    where: Literal["", "cases", "customers"] = Field("", alias="in")
    cursor: str = ""
    limit: int = Field(20, ge=1, le=50)


@router.get(
    "", response=dict, summary="Cases and customers that the token may see, found by words or numbers"
)
def find_all(request: HttpRequest, filters: Query[SearchFilters]) -> dict[str, Any]:
    """Cases come newest first, each with the passage in which the words stand; customers only on the first page."""
    viewer = viewer_of(request)
    may_customers = "customers:read" in (viewer.token_scopes or ())
    if filters.where == "customers" and not may_customers:
        raise Problem(403, "scope_missing", "This call needs a token with the scope customers:read.")
    customers: list[dict[str, Any]] = []
    if filters.where != "cases" and may_customers and not filters.cursor:
        customers = _customers(filters.q, viewer)
    if filters.where == "customers":
        return {"items": customers, "next_cursor": None}
    try:
        found = search.find(filters.q, viewer, before=_before(filters.cursor), limit=filters.limit)
    except search.TooShort:
        if customers:
            return {"items": customers, "next_cursor": None}
        raise too_short("q") from None
    book = rulebook.current()
    prefetch_related_objects([hit.case for hit in found.hits], "promises", "tags")
    following = None if found.before is None else secrets.seal("search", str(found.before))
    return {"items": customers + [_case(hit, book) for hit in found.hits], "next_cursor": following}


def containing(rows: CaseQuerySet, typed: str, viewer: Viewer) -> CaseQuerySet:
    """Keep the cases in which the words stand; refuses words that are too short."""
    try:
        return search.containing(rows, typed, viewer)
    except search.TooShort:
        raise too_short("text") from None


def too_short(field: str) -> Problem:
    """Return the refusal of words by which nothing can be found."""
    detail = "Give two Chinese characters, two letters, or four characters of a number."
    return Problem(422, "too_short", detail, fields={field: "too_short"})


def _case(hit: search.Hit, book: Book) -> dict[str, Any]:
    return {
        "in": "cases",
        "case": case_shape(hit.case, hit.case.promises.all(), book=book),
        "entry": f"{hit.case.number}.{hit.seq}" if hit.seq else None,
        "passage": [{"text": piece.text, "hit": piece.is_hit} for piece in hit.passage],
    }


def _customers(typed: str, viewer: Viewer) -> list[dict[str, Any]]:
    seen = Customer.objects.visible_to(viewer).with_people().prefetch_related("identities")
    found = find.matching(seen, typed).order_by("-id")[:CUSTOMERS_TOLD] if typed else []
    return [{"in": "customers", "customer": customer_shape(one)} for one in found]


def _before(cursor: str) -> int | None:
    try:
        return int(secrets.unseal("search", cursor)) if cursor else None
    except (secrets.NotOurs, ValueError):
        detail = "Use the next_cursor of the page before, unchanged."
        raise Problem(422, "invalid", detail, fields={"cursor": "unreadable"}) from None
