"""Titles stand in lists and notices, so they never hold a whole personal value."""

from datetime import datetime

from huiyin.base.direction import unturned
from huiyin.cases import bodies
from huiyin.cases.models import Case
from huiyin.cases.typed import Invalid, checked

CHARS = Case._meta.get_field("title").max_length or 0


def typed(title: str, *, at: datetime) -> str:
    """Return a title as it is kept: on one line, personal values masked. Raises Invalid (`missing`, `too_long`)."""
    words = " ".join(unturned(checked(title, field="title", limit=CHARS)).split())
    shown = bodies.masked(words, bodies.personal_spans(words, at=at))
    if len(shown) > CHARS:
        raise Invalid(title="too_long")
    return shown


def of_text(text: str, *, at: datetime, chars: int) -> str:
    """Return the beginning of a message as a title."""
    shown = bodies.masked(text, bodies.personal_spans(text, at=at))
    return " ".join(unturned(shown).split())[:chars] or "…"
