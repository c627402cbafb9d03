"""What was said in a case, as its customer reads it: part by part from its newest end."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from huiyin.base import files
from huiyin.base.facts import Audience
from huiyin.base.models import Blob
from huiyin.cases import bodies, recalling, told
from huiyin.cases.models import Case, Entry

SHOWN = 50
WITH_FILES = ("message.received", "message.sent")


def of(case: Case, *, before: int | None = None) -> dict[str, Any]:
    """Return the newest rows, or the last before the entry `before`, oldest first, and where earlier ones end.

    Three queries at most, however long the case is.
    """
    theirs = case.entries.filter(audience=Audience.CUSTOMER).exclude(kind=recalling.RECALLED)
    if before is not None:
        theirs = theirs.filter(seq__lt=before)
    found = list(theirs.order_by("-seq")[: SHOWN + 1])
    shown = found[:SHOWN][::-1]
    recalled = recalling.recalled_of(case)
    words = bodies.of_these(case, [entry.seq for entry in shown if not _is_hidden(entry, recalled)])
    return {
        "timeline": [_row(entry, words.get(entry.seq, ""), recalled) for entry in shown],
        "earlier_from": shown[0].seq if len(found) > SHOWN else None,
        "before": before,
    }


def file_of(case: Case, uuid: UUID) -> Blob | None:
    """Return a file that the customer may have: one that goes with words they read, not taken back."""
    recalled, wanted = recalling.recalled_of(case), str(uuid)
    told = case.entries.filter(audience=Audience.CUSTOMER, kind__in=WITH_FILES).values_list("seq", "payload")
    is_theirs = any(
        seq not in recalled and any(file["id"] == wanted for file in payload.get("files", ()))
        for seq, payload in told
    )
    return files.find(uuid) if is_theirs else None


def place(given: str) -> int | None:
    """Return the entry before which the story is asked for; None for its newest part and for what is no number."""
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _row(entry: Entry, words: str, recalled: set[int]) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "mine": entry.by_kind == "customer",
        "who": _("You") if entry.by_kind == "customer" else _("Customer service"),
        "sentence": told.sentence(entry),
        "is_recalled": entry.seq in recalled,
        "text": words,
        "files": [] if entry.seq in recalled else entry.payload.get("files", []),
        "at": entry.at,
    }


def _is_hidden(entry: Entry, recalled: set[int]) -> bool:
    # That it is open again is for the customer; why a colleague opened it is not.
    return entry.seq in recalled or (entry.kind == "case.reopened" and entry.by_kind == "staff")
