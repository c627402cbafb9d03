"""What another department may read of a case: a summary, its own request, and the entries shared with it; masked."""

from dataclasses import dataclass

from huiyin.cases import bodies
from huiyin.cases.models import Collaboration, Entry


@dataclass(frozen=True, slots=True)
class Summary:
    """`entries` are the request's own and those shared with it, oldest first, each with its masked words."""

    number: str
    title: str
    category: str
    status: str
    entries: tuple[tuple[Entry, bodies.Words], ...]


def summary(request: Collaboration) -> Summary:
    """Return what the department of this request may read of its case: three queries, however long the case."""
    case = request.case
    about_it = list(
        Entry.objects.filter(case=case, kind__startswith="collaboration.", payload__request=str(request.uuid))
        .select_related("case")
        .order_by("seq")
    )
    asked = next((entry for entry in about_it if entry.kind == "collaboration.asked"), None)
    shared = list(Entry.objects.filter(case=case, seq__in=asked.payload["shared"])) if asked else []
    readable = sorted([*about_it, *shared], key=lambda entry: entry.seq)
    words = bodies.of(case, plain=False)
    return Summary(
        case.number,
        case.title,
        case.category,
        case.status,
        tuple((entry, words.get(entry.seq, bodies.Words())) for entry in readable),
    )
