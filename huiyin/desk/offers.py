"""What the desk proposes on a case's page, each to be taken in one click."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from huiyin.cases import owing, told
from huiyin.cases.models import Case, Promise


def proposal(
    case: Case, said: Sequence[dict[str, Any]], promises: Iterable[Promise], *, at: datetime
) -> dict[str, str] | None:
    """Return the promise that our last answer names and nobody has recorded since, as the form takes it, else None.

    `said` are the rows of the timeline, as the viewer may read them; no query.
    """
    answer = next((row for row in reversed(said) if row["kind"] == "message.sent" and row["text"]), None)
    if answer is None or not case.is_open:
        return None
    if any(not promise.policy and promise.started_at >= answer["at"] for promise in promises):
        return None
    found = owing.proposed(answer["text"], case, at=answer["at"])
    if found is None or found.due is None or found.due <= at:
        return None
    return {
        "kind": found.kind,
        "name": told.promise_name(found.kind),
        "due_at": localtime(found.due).strftime("%Y-%m-%dT%H:%M"),
        "due": told.moment(found.due),
        "text": found.about,
    }
