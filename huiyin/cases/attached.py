"""Files that go with an entry: their rows are written with it, their names stand in it."""

from collections.abc import Sequence
from typing import Any

from huiyin.base.models import Blob
from huiyin.cases.models import Case
from huiyin.cases.typed import checked


def take(case: Case, stored: Sequence[Blob]) -> list[dict[str, Any]]:
    """Give files that were stored but have no row yet to the case, in the running transaction; return what tells them.

    Where it never comes to this, the files are orphans, which are swept after a day.
    """
    for blob in stored:
        blob.subject = f"case:{case.number}"
    Blob.objects.bulk_create(stored)
    return told(stored)


def told(stored: Sequence[Blob]) -> list[dict[str, Any]]:
    """Return what an entry tells of its files; one that was refused says why, and nothing of it can be had."""
    return [
        {"id": str(blob.uuid), "name": blob.name, "size": blob.size_bytes}
        | ({"refused": blob.refused} if blob.refused else {})
        for blob in stored
    ]


def words(text: str, stored: Sequence[Blob]) -> str:
    """Return the words as they are kept; beside a file there may be none. Raises Invalid."""
    return checked(text) if text.strip() or not stored else ""
