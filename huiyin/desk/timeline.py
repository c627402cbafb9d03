"""The timeline of a case as the desk shows it."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import bodies, told
from huiyin.cases.models import Case, Entry
from huiyin.rules import words as reasons


def timeline_rows(case: Case, *, plain: bool) -> list[dict[str, Any]]:
    """Return every entry that staff may read, oldest first: four queries, however long."""
    entries = list(case.entries.exclude(audience="supervision").order_by("seq"))
    words = bodies.of(case, plain=plain)
    names = told.names_of(entries)
    return [_row(case, entry, words.get(entry.seq, bodies.Words()), names) for entry in entries]


def _row(case: Case, entry: Entry, words: bodies.Words, names: Any) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "who": _who(case, entry, names),
        "by": entry.by_kind,
        "at": entry.at,
        "sentence": told.sentence(entry, names),
        "text": words.text,
        "masked": words.masked,
        "is_message": entry.kind in ("message.received", "message.sent", "greeting.sent"),
        "is_public": entry.audience == "customer",
        "because": [reasons.sentence(reason) for reason in entry.payload.get("because", ())],
        "files": entry.payload.get("files", ()),
    }


def _who(case: Case, entry: Entry, names: Any) -> str:
    if entry.by_kind == "customer":
        return str(case.customer.name) if case.customer else _("Customer")
    if entry.by_kind == "staff":
        return str(names.get(entry.by_ref, entry.by_ref))
    return _("System")
