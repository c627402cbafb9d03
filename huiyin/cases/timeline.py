"""The timeline of a case, read part by part from its newest end."""

from collections.abc import Iterator, Sequence

from huiyin.cases.models import Case, Entry
from huiyin.staff.viewer import Viewer

# Under these an entry names other cases.
_NUMBERS = ("number", "into", "numbers")


def stretch(case: Case, viewer: Viewer, *, before: int | None, limit: int) -> list[Entry]:
    """Return what this viewer may read: the newest `limit` entries, or the last before `before`; oldest first.

    What names a case about the viewer is left out. One query, two where other cases are named.
    """
    found = Entry.objects.filter(case=case).exclude(audience="supervision")
    if before is not None:
        found = found.filter(seq__lt=before)
    return _without_about(list(found.order_by("-seq")[:limit])[::-1], viewer)


def entry(case: Case, viewer: Viewer, seq: int) -> Entry | None:
    """Return the entry of this number if the viewer may read it."""
    found = list(Entry.objects.filter(case=case, seq=seq).exclude(audience="supervision"))
    return next(iter(_without_about(found, viewer)), None)


def _without_about(entries: Sequence[Entry], viewer: Viewer) -> list[Entry]:
    named = {number for one in entries for number in _named(one)}
    if not named:
        return list(entries)
    mine = Case.objects.filter(number__in=named, about=viewer.staff_id).values_list("number", flat=True)
    hidden = set(mine)
    return [one for one in entries if hidden.isdisjoint(_named(one))]


def _named(entry: Entry) -> Iterator[str]:
    for name in _NUMBERS:
        given = entry.payload.get(name, ())
        yield from (given,) if isinstance(given, str) else given
