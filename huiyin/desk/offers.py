"""What the desk proposes on a case's page, each to be taken or set aside in one click."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from huiyin.cases import owing, told
from huiyin.cases.models import Case, Promise


def proposals(
    case: Case, said: Sequence[dict[str, Any]], promises: Iterable[Promise], *, at: datetime
) -> list[dict[str, Any]]:
    """Return the promises that our last answer names and nobody has recorded or set aside since, as forms take them.

    `said` are the rows of the timeline, as the viewer may read them; no query on the case.
    """
    answer = next((row for row in reversed(said) if row["kind"] == "message.sent" and row["text"]), None)
    if answer is None or not case.is_open:
        return []
    since = [one for one in promises if not one.policy and one.started_at >= answer["at"]]
    settled = {one.kind for one in since} | {one.about for one in since}
    settled |= {
        row["promise"] for row in said if row["kind"] == "promise.set_aside" and row["seq"] > answer["seq"]
    }
    found = owing.proposed(answer["text"], case, at=answer["at"])
    return [
        _form(one, one.due, answer["seq"])
        for one in found
        if one.due is not None and one.due > at and not {one.kind, one.about} & settled
    ]


def _form(made: owing.Made, due: datetime, seq: int) -> dict[str, Any]:
    return {
        "seq": seq,
        "kind": made.kind,
        "name": told.promise_name(made.kind),
        "due_at": localtime(due).strftime("%Y-%m-%dT%H:%M"),
        "due": formats.date_format(localtime(due), _("j M, H:i")),
        "text": made.about,
    }
