"""What another department may read of a case: a summary, its own request, and the entries shared with it; masked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huiyin.cases import bodies
from huiyin.cases.models import Collaboration, Entry, EntryBody

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """`entries` are the request's own and those shared with it, oldest first, each with its masked words."""

    number: str
    title: str
    category: str
    status: str
    entries: tuple[tuple[Entry, bodies.Words], ...]


def summary(request: Collaboration) -> Summary:
    """Return what the department of this request may read of its case."""
    return summaries([request])[request.pk]


def summaries(requests: Sequence[Collaboration]) -> dict[int, Summary]:
    """Return the same for many, by row: three queries, however many requests and however long their cases."""
    cases = {request.case_id for request in requests}
    about = Entry.objects.filter(case__in=cases, kind__startswith="collaboration.").select_related("case")
    of_request: dict[str, dict[Place, Entry]] = {str(request.uuid): {} for request in requests}
    wanted: dict[str, set[Place]] = {}
    for entry in about:
        request = entry.payload.get("request", "")
        if request in of_request:
            of_request[request][entry.case_id, entry.seq] = entry
            wanted.setdefault(request, set()).update(
                (entry.case_id, seq) for seq in entry.payload.get("shared", ())
            )
    places = {place for group in wanted.values() for place in group}
    shared = _at(places)
    for request, group in wanted.items():
        of_request[request] |= {place: shared[place] for place in group if place in shared}
    words = _words(place for group in of_request.values() for place in group)
    return {request.pk: _summary(request, of_request[str(request.uuid)], words) for request in requests}


def _summary(request: Collaboration, found: dict[Place, Entry], words: dict[Place, bodies.Words]) -> Summary:
    case = request.case
    entries = tuple((found[place], words.get(place, bodies.Words())) for place in sorted(found))
    return Summary(case.number, case.title, case.category, case.status, entries)


def _at(places: set[Place]) -> dict[Place, Entry]:
    rows = Entry.objects.filter(case__in={case for case, _ in places}, seq__in={seq for _, seq in places})
    return {(row.case_id, row.seq): row for row in rows.select_related("case")}


def _words(places: Iterable[Place]) -> dict[Place, bodies.Words]:
    given = set(places)
    rows = EntryBody.objects.filter(case__in={case for case, _ in given}, seq__in={seq for _, seq in given})
    return {
        (row.case_id, row.seq): bodies.Words(bodies.masked(row.text, row.spans), bool(row.spans))
        for row in rows
        if (row.case_id, row.seq) in given
    }
