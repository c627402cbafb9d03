"""Which cases management has to look at: as their category says, or the stage that they have come to."""

from huiyin.rules.book import Book

ALWAYS, URGENT, COMPENSATION = "always", "urgent", "compensation"


def wanted_on(book: Book, category: str) -> frozenset[str]:
    """Return on which conditions such a case is raised: those of the category and of every one above it."""
    line = (book.categories[code] for code in book.line_of(category) if code in book.categories)
    return frozenset(condition for one in line for condition in one.needs_management)


def wanted_at_once(book: Book, category: str, priority: str) -> bool:
    """Say whether a case of this category and priority is raised whatever else becomes of it."""
    conditions = wanted_on(book, category)
    return ALWAYS in conditions or (URGENT in conditions and priority == URGENT)


def wanted_for_compensation(book: Book, category: str) -> bool:
    """Say whether such a case is raised when more is asked for than a role may grant by itself."""
    return COMPENSATION in wanted_on(book, category)


def wanted_at_stage(book: Book, procedure: str, stage: str) -> bool:
    """Say whether a case that comes to this stage is raised; not for what a changed pack no longer has."""
    stages = book.procedures[procedure].stages if procedure in book.procedures else ()
    return any(one.needs_management for one in stages if one.key == stage)
