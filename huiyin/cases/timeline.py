"""The timeline of a case, read part by part from its newest end."""

from huiyin.cases.models import Case, Entry


def stretch(case: Case, *, before: int | None, limit: int) -> list[Entry]:
    """Return what staff may read: the newest `limit` entries, or the last before the number `before`; oldest first."""
    found = Entry.objects.filter(case=case).exclude(audience="supervision")
    if before is not None:
        found = found.filter(seq__lt=before)
    return list(found.order_by("-seq")[:limit])[::-1]
