"""The kinds of need that a customer may choose from: the main categories of the house."""

from django.utils.translation import gettext as _

from huiyin.base.texts import in_words
from huiyin.rules import book as rulebook


def offered() -> list[tuple[str, str]]:
    """Return each main category with its name in the reader's language; the first is no choice."""
    book = rulebook.current()
    main = [(code, in_words(row.name)) for code, row in book.categories.items() if not book.parents.get(code)]
    return [("", _("I do not know")), *main]
