"""What of other departments is still open on a case, and holds its close."""

from datetime import datetime

from huiyin.cases.entries import Draft
from huiyin.cases.models import Case
from huiyin.cases.models.collaboration import Collaboration, CollaborationQuerySet, Compensation


class OpenRequest(Exception):
    """Other departments still owe something to the case, and no reason was given to go on. Nothing was changed."""

    def __init__(self, subjects: list[str]) -> None:
        super().__init__(f"{len(subjects)} requests are open")
        self.subjects = subjects


def passing_over(case: Case, despite: str) -> list[Draft]:
    """Return the entry that says why the case is finished over open requests, none when there are none.

    Raises OpenRequest when there are some and `despite` gives no reason.
    """
    subjects = list(_pending(case).values_list("subject", flat=True))
    if subjects and not despite.strip():
        raise OpenRequest(subjects)
    return [Draft("collaboration.passed_over", {"count": len(subjects)}, despite.strip())] if subjects else []


def withdraw_all(case: Case, *, at: datetime) -> None:
    """End every open request together with its case; their promises are cancelled with all others."""
    Compensation.objects.filter(approval__in=_pending(case)).update(state=Compensation.REFUSED)
    _pending(case).update(state=Collaboration.WITHDRAWN, ended_at=at)


def _pending(case: Case) -> CollaborationQuerySet:
    return Collaboration.objects.filter(case=case).pending()
