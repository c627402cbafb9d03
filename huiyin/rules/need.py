"""The kind of need that a sender chose themselves, beside what their words say."""

from dataclasses import replace

from huiyin.engines.reason import Reason
from huiyin.rules.book import Book
from huiyin.rules.finishing import COMPLAINT
from huiyin.rules.understand import Understood


def understand_need(understood: Understood, need: str, book: Book) -> Understood:
    """Return what is understood once the choice counts: words decide only what lies below it, or a complaint.

    A code that is no category counts as no choice: a form that is out of date must not cost anybody their answer.
    """
    if need not in book.categories:
        return understood
    decided = understood.category
    if need in book.line_of(decided) or book.top_of(decided) == COMPLAINT:
        return understood
    return replace(
        understood,
        category=need,
        confidence=1.0,
        because=(*understood.because, Reason("chosen_by_sender", {"category": need})),
    )
