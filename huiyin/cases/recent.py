"""Which cases changed lately, and whom that concerns on their screens."""

from dataclasses import dataclass

from huiyin.cases.models import Case, Entry

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that changed, with the topics that its hint is addressed to."""

    number: str
    topics: frozenset[str]


def topics_of(case: Case) -> frozenset[str]:
    """Return the addresses of a hint about this case: itself, its team, its handler."""
    topics = {f"case:{case.number}", f"team:{case.team_id}"}
    return frozenset(topics | {f"person:{case.handler_id}"} if case.handler_id else topics)


def newest_entry() -> int:
    """Return the row number of the newest entry, 0 when there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def changed_since(mark: int) -> tuple[int, list[Changed]]:
    """Return the new mark and the cases with entries after `mark`, each once: two queries at most."""
    rows = list(Entry.objects.filter(pk__gt=mark).order_by("pk").values_list("pk", "case_id")[:AT_ONCE])
    if not rows:
        return mark, []
    cases = Case.objects.filter(pk__in={case for _, case in rows}).only("number", "team", "handler")
    return rows[-1][0], [Changed(case.number, topics_of(case)) for case in cases]
