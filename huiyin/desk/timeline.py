"""The timeline of a case as the desk shows it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import bodies, completing, contacts, recalling, timeline, told
from huiyin.cases.kinds_contacts import CONTACT_CHANNELS, CONTACT_OUTCOMES
from huiyin.cases.models import Case, Entry
from huiyin.rules import words as reasons
from huiyin.staff.viewer import Viewer

# What nobody may overlook is never folded.
ALARMS = ("promise.broken", "case.escalated", "case.disputed")


SHOWN = 100


def timeline_rows(
    case: Case,
    *,
    viewer: Viewer,
    plain: bool,
    at: datetime,
    before: int | None = None,
) -> list[dict[str, Any]]:
    """Return the newest entries that the viewer may read, or those before a number, oldest first: six queries at most.

    Each row says whether they may still take it back.
    """
    entries = timeline.stretch(case, viewer, before=before, limit=SHOWN)
    words = bodies.of(case, plain=plain, among=entries)
    names = told.names_of(entries)
    recalled = recalling.recalled_of(case)
    begun = _contacts(entries)
    rows = []
    for entry in entries:
        row = _row(case, entry, words.get(entry.seq, bodies.Words()), names)
        row["contact"] = begun.get(entry.seq)
        row["is_recalled"] = entry.seq in recalled
        may = recalling.may(case.channel_kind, entry, by=viewer.actor, at=at)
        row["may_recall"] = may and entry.seq not in recalled
        rows.append(row)
    return rows


def blocks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows in the shapes in which they are shown: what nobody said is folded, run by run."""
    found: list[dict[str, Any]] = []
    for row in rows:
        shape = _shape(row)
        if shape == "steps" and found and found[-1]["shape"] == "steps":
            found[-1]["rows"].append(row)
        else:
            found.append({"shape": shape, "rows": [row]})
    return [
        {
            **block,
            "last": block["rows"][-1],
            "more": len(block["rows"]) - 1,
            "unfolds": len(block["rows"]) > 1
            or bool(block["rows"][0]["because"] or block["rows"][0]["reason"]),
        }
        for block in found
    ]


def _contacts(entries: list[Entry]) -> dict[int, dict[str, Any]]:
    """Return what stands where a call or chat session began, by the number of that entry: one query, or none."""
    return {
        seq: {
            "no": one.no,
            "kind": one.channel_kind,
            "channel": CONTACT_CHANNELS.get(one.channel_kind, one.channel_kind),
            "answered_at": one.answered_at,
            "person": str(one.person.name) if one.person else "",
            "ended_at": one.ended_at,
            "outcome": CONTACT_OUTCOMES.get(one.outcome, ""),
        }
        for seq, one in contacts.begun_in(entries).items()
    }


def _shape(row: dict[str, Any]) -> str:
    if row["contact"]:
        return "contact"
    if row["text"] or row["is_message"]:
        return "said"
    return "alarm" if row["kind"] in ALARMS else "steps"


def _row(case: Case, entry: Entry, words: bodies.Words, names: Any) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "who": _who(case, entry, names),
        "by": entry.by_kind,
        "ref": entry.by_ref,
        "at": entry.at,
        "sentence": told.sentence(entry, names),
        "text": words.text,
        "masked": words.masked,
        "is_message": entry.kind in ("message.received", "message.sent", "greeting.sent"),
        "promise": entry.payload.get("promise", ""),
        "is_public": entry.audience == "customer",
        "needs": entry.payload.get("needs", ()) if entry.kind == completing.ASKED else (),
        "reason": _reason(entry),
        "because": [reasons.sentence(reason) for reason in entry.payload.get("because", ())],
        "files": entry.payload.get("files", ()),
    }


def _reason(entry: Entry) -> str:
    given = str(entry.payload.get("reason", ""))
    if entry.kind != "case.resumed":
        return given
    known = {"message": _("the customer wrote"), "scheduled": _("the set time has come")}
    return known.get(given, given)


def _who(case: Case, entry: Entry, names: Any) -> str:
    if entry.by_kind == "customer":
        return str(case.customer.name) if case.customer else _("Customer")
    if entry.by_kind == "staff":
        return str(names.get(entry.by_ref, entry.by_ref))
    return _("System")
