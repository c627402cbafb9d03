"""Categories as others name them by code."""

from collections.abc import Iterable

from huiyin.rules import book as rulebook
from huiyin.staff.refusal import Refusal


def named(codes: Iterable[str]) -> list[str]:
    """Return these codes, each of a category that there is. Raises staff's Refusal."""
    found = list(codes)
    for code in found:
        if code not in rulebook.current().categories:
            raise Refusal("unknown", kind="category", what=code)
    return found
