"""How a case is finished, as its page shows it in one panel; no query."""

from typing import Any

from huiyin.cases import told
from huiyin.cases.kinds_finishing import HOW, OUTCOMES
from huiyin.cases.models import Case
from huiyin.rules.book import Book
from huiyin.rules.finishing import wants_evidence


def of(case: Case, book: Book) -> dict[str, Any]:
    """Return the goal, whether evidence is asked for, what the customer says, and how the case was closed."""
    return {
        "goal": told.goal_name(case.goal, book),
        "needs_evidence": wants_evidence(book, case.category),
        "outcome": OUTCOMES.get(case.outcome, ""),
        "closed": HOW.get(case.closed_loop, ""),
    }
