"""Which cases changed lately, and whom that concerns on their screens."""

from collections.abc import Iterable
from dataclasses import dataclass

from huiyin.cases.models import Case, Entry
from huiyin.rules import book as rulebook
from huiyin.staff.models import Grant, Team

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that changed, with the topics that its hint is addressed to."""

    number: str
    topics: frozenset[str]


def topics_of(cases: Iterable[Case]) -> dict[int, frozenset[str]]:
    """Return, by row, the addresses of a hint about each case: itself, its team, its handler. One query.

    A case that is about somebody is not told to its team as a whole but to each of them who may see it.
    """
    given = list(cases)
    about: dict[int, set[int]] = {}
    rows = Case.about.through._default_manager.filter(case_id__in=[case.pk for case in given])
    for case_id, staff_id in rows.values_list("case_id", "staff_id"):
        about.setdefault(case_id, set()).add(staff_id)
    return {case.pk: _topics(case, about.get(case.pk, set())) for case in given}


def topics_of_new(cases: Iterable[Case]) -> dict[int, frozenset[str]]:
    """Return the same for cases just opened, which are about nobody yet; no query."""
    return {case.pk: _topics(case, set()) for case in cases}


def _topics(case: Case, about: set[int]) -> frozenset[str]:
    topics = {f"case:{case.number}"}
    if case.handler_id:
        topics.add(f"person:{case.handler_id}")
    if not about:
        # Whoever belongs to the team at some sites only, or for some categories, hears one of the others.
        teams = {f"team:{case.team_id}", f"team:{case.team_id}/{case.site_id}"}
        return frozenset(topics | teams | {f"{team}:{case.category}" for team in teams})
    members = _members(case)
    return frozenset(topics | {f"person:{staff_id}" for staff_id in members - about})


def _members(case: Case) -> set[int]:
    """Return who hears of this case: everybody with a role in its team or above it, at its site, for its category."""
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    line: list[int] = []
    step: int | None = case.team_id
    while step is not None:
        line.append(step)
        step = parents[step]
    held = Grant.objects.filter(team_id__in=line).values_list("staff_id", "sites", "categories")
    above = set(rulebook.current().line_of(case.category))
    return {
        staff_id
        for staff_id, sites, categories in held
        if (not sites or case.site_id in sites) and (not categories or above.intersection(categories))
    }


def newest_entry() -> int:
    """Return the row number of the newest entry, 0 when there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def changed_since(mark: int) -> tuple[int, list[Changed]]:
    """Return the new mark and the cases with entries after `mark`, each once.

    Three queries; more only where a case is about somebody.
    """
    rows = list(Entry.objects.filter(pk__gt=mark).order_by("pk").values_list("pk", "case_id")[:AT_ONCE])
    if not rows:
        return mark, []
    cases = list(
        Case.objects.filter(pk__in={case for _, case in rows}).only("number", "team", "site", "handler")
    )
    topics = topics_of(cases)
    return rows[-1][0], [Changed(case.number, topics[case.pk]) for case in cases]
