"""The lists of the desk: the first cases of each, and how many there are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from huiyin.base.question import Question, made
from huiyin.cases import sameness
from huiyin.cases.models import Case, CaseQuerySet
from huiyin.customers.models import Customer
from huiyin.desk.rows import rows
from huiyin.rules import book as rulebook
from huiyin.staff.viewer import Viewer

BESIDE = 12  # what stands in sight beside an open case


@dataclass(frozen=True, slots=True)
class Wanted:
    """One list: which cases a viewer finds in it, how many are shown at once, and what is said when there is none.

    Without words for that it is left out. A list that `stands` depends on nothing but who views it.
    """

    code: str
    title: str
    cases: Callable[[Viewer], CaseQuerySet]
    limit: int
    empty: str = ""
    stands: bool = True


def of(lists: Iterable[Wanted], viewer: Viewer, *, is_beside: bool, at: datetime) -> list[dict[str, Any]]:
    """Return the lists as their templates show them: one query a list.

    One more to count a list that is longer than what is shown of it; beside an open case it only leads to the desk.
    """
    found = [(one, *_first(one, viewer, BESIDE if is_beside else one.limit)) for one in lists]
    sameness.fill_likely([case for _, cases, _ in found for case in cases], viewer)
    book = rulebook.current()
    return [
        {
            "code": one.code,
            "title": one.title,
            "rows": rows(cases, at=at, book=book),
            "count": one.cases(viewer).count() if is_longer and not is_beside else len(cases),
            "goes_on": is_longer and is_beside,
            "empty": one.empty,
        }
        for one, cases, is_longer in found
        if cases or one.empty
    ]


def _first(one: Wanted, viewer: Viewer, limit: int) -> tuple[list[Case], bool]:
    asked = (one.cases, viewer, limit + 1)
    found = _STANDING.ask(*asked) if one.stands else list(_page(*asked))
    return [_case(row) for row in found[:limit]], len(found) > limit


def _page(
    cases: Callable[[Viewer], CaseQuerySet], viewer: Viewer, limit: int
) -> QuerySet[Case, tuple[Any, ...]]:
    return cases(viewer).page(limit).values_list(*_OF_CASE, *(f"customer__{name}" for name in _OF_CUSTOMER))


def _case(row: Sequence[Any]) -> Case:
    case = made(Case, row[: len(_OF_CASE)], _OF_CASE)
    case.customer = made(Customer, row[len(_OF_CASE) :], _OF_CUSTOMER) if case.customer_id else None
    return case


def _in_order(model: type[Model], *names: str) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in names)


# What a row shows; the other thirty columns of a case stay where they are.
_OF_CASE = _in_order(
    Case,
    *("id", "number", "version", "title", "category", "priority", "status", "emotion", "next_due"),
    *("likely_same", "waiting_for", "snoozed_until", "customer_id"),
)
_OF_CUSTOMER = _in_order(Customer, "id", "name", "level")
_STANDING = Question(_page)
