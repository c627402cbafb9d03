"""The lists of the desk: the first cases of each, and how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.cases import sameness
from huiyin.cases.models import Case, CaseQuerySet
from huiyin.desk.rows import COLUMNS, rows
from huiyin.rules import book as rulebook
from huiyin.staff.viewer import Viewer

BESIDE = 12  # what stands in sight beside an open case


@dataclass(frozen=True, slots=True)
class Wanted:
    """One list: its cases, how many are shown at once, and what is said when there is none ("": it is left out)."""

    code: str
    title: str
    cases: CaseQuerySet
    limit: int
    empty: str = ""


def of(lists: Iterable[Wanted], viewer: Viewer, *, is_beside: bool, at: datetime) -> list[dict[str, Any]]:
    """Return the lists as their templates show them: one query a list.

    One more to count a list that is longer than what is shown of it; beside an open case it only leads to the desk.
    """
    found = [(one, _first(one, BESIDE if is_beside else one.limit)) for one in lists]
    sameness.fill([case for _, (cases, _) in found for case in cases], viewer)
    book = rulebook.current()
    return [
        {
            "code": one.code,
            "title": one.title,
            "rows": rows(cases, at=at, book=book),
            "count": one.cases.count() if is_longer and not is_beside else len(cases),
            "goes_on": is_longer and is_beside,
            "empty": one.empty,
        }
        for one, (cases, is_longer) in found
        if cases or one.empty
    ]


def _first(one: Wanted, limit: int) -> tuple[list[Case], bool]:
    cases = list(one.cases.page(limit + 1).select_related("customer").only(*COLUMNS))
    return cases[:limit], len(cases) > limit
