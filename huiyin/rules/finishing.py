"""What a category asks for when its cases end: a goal, evidence, and whether silence confirms."""

from datetime import datetime

from huiyin.engines import businesstime
from huiyin.rules import terms
from huiyin.rules.book import Book

COMPLAINT = "complaint"
USUAL_SILENCE_DAYS = 3


def goal_of(book: Book, category: str) -> str:
    """Return the goal that the category proposes, else the one of the nearest category above it; else nothing."""
    found = (book.categories[code].goal for code in book.line_of(category) if code in book.categories)
    return next((goal for goal in found if goal), "")


def wants_evidence(book: Book, category: str) -> bool:
    """Say whether a case of this category, or of one above it, ends with evidence only."""
    return any(book.categories[code].evidence for code in book.line_of(category) if code in book.categories)


def silence_confirms(book: Book, category: str) -> bool:
    """Say whether silence may confirm the result: never for complaints, nor where a category forbids it."""
    line = [book.categories[code] for code in book.line_of(category) if code in book.categories]
    return book.top_of(category) != COMPLAINT and all(one.silence_confirms for one in line)


def silence_days(book: Book, category: str) -> int:
    """Return after how many working days silence confirms: as the category says, else the nearest one above it."""
    line = (book.categories[code].silence_days for code in book.line_of(category) if code in book.categories)
    return next((days for days in line if days is not None), USUAL_SILENCE_DAYS)


def silence_ends(book: Book, calendar: str, category: str, *, since: datetime) -> datetime | None:
    """Return the end of the last of these working days after `since` by this calendar; None when it opens no more."""
    hours, count = terms.hours_of(book, calendar), silence_days(book, category)
    try:
        return terms.announced_or_plain(hours, lambda wall: businesstime.due_in_days(since, count, wall))[0]
    except businesstime.NeverOpen:
        return None
