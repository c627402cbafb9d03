"""Erasing words from an entry for good: a number that should not have been written, or all it says.

The entry stays with the keyed digest of what it said, which proves the words to who still has them. Whatever else
keeps the words says so with `also`, so that one call empties every place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from huiyin.base import audit, files, tx
from huiyin.base.actor import Actor
from huiyin.base.models import Blob
from huiyin.cases import bodies, entries, indexing
from huiyin.cases.changing import lock
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, DraftText, Entry, EntryBody
from huiyin.cases.typed import Invalid, checked
from huiyin.customers import saying

BLACK = "▇▇▇"
PASSAGES_LIMIT = 20
Passages = tuple[str, ...]
Also = Callable[[Case, int, Passages], None]
_ALSO: list[Also] = []


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to go from one entry: passages, the personal values found in it, or the whole; and files, by id.

    `personal` is for who reads the entry masked and so cannot name what is to go.
    """

    seq: int
    passages: Passages = ()
    whole: bool = False
    personal: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a redaction would leave, masked. `elsewhere` are other entries of the case that say the same words."""

    text: str
    places: int
    files: int
    elsewhere: tuple[int, ...]


def also(place: Also) -> None:
    """Let a redaction empty this place too; it is called in the transaction, with the case, the entry's number and
    the words that go. It may be called again for words that are gone already."""
    if place not in _ALSO:
        _ALSO.append(place)


def preview(case: Case, wanted: Wanted, *, at: datetime) -> Preview:
    """Return what the redaction would leave; writes nothing. Raises Invalid."""
    body, passages = _found(case, wanted)
    others = EntryBody.objects.filter(case=case).exclude(seq=wanted.seq).order_by("seq")
    elsewhere = [one.seq for one in others if any(passage in one.text for passage in passages)]
    places = sum(body.text.count(passage) for passage in passages) if body else 0
    left = without(body.text, passages) if body else ""
    shown = bodies.masked(left, bodies.personal_spans(left, at=at))
    return Preview(shown, places, len(wanted.files), tuple(elsewhere))


def redact(case: Case, wanted: Wanted, *, reason: str, by: Actor, at: datetime) -> Entry:
    """Erase the words and files for good; the caller has checked the right. It cannot be undone.

    A second call finds nothing to erase. Raises Invalid (`passages`, `files`: not_found or missing; `reason`).
    """
    reason = checked(reason, field="reason", limit=200)
    with tx.write():
        lock(case, None)
        body, passages = _found(case, wanted)
        if body is not None and passages:
            body.text = without(body.text, passages)
            body.spans = bodies.personal_spans(body.text, at=at)
            body.save(update_fields=["text", "spans"])
        names = _remove_files(case, wanted)
        _everywhere_else(case, wanted, passages + names)
        indexing.index_again(case, wanted.seq)
        told = {"seq": wanted.seq, "whole": wanted.whole, "files": len(wanted.files)}
        (entry,) = entries.append(case, [Draft("entry.redacted", told)], by=by, at=at)
        fields = [*(["text"] if passages else []), *(["files"] if wanted.files else [])]
        why = saying.without_personal(reason, at=at, also=passages)
        target = f"case:{case.number}.{wanted.seq}"
        audit.write("entry.redacted", target, by=by, at=at, fields=fields, reason=why)
    return entry


def _found(case: Case, wanted: Wanted) -> tuple[EntryBody | None, Passages]:
    body = EntryBody.objects.filter(case=case, seq=wanted.seq).first()
    given = tuple(dict.fromkeys(part.strip() for part in wanted.passages if part.strip()))
    if wanted.personal and body is not None:
        given += tuple(body.text[int(a) : int(b)] for _, a, b in body.spans)
    if len(given) > PASSAGES_LIMIT:
        raise Invalid(passages="too_many")
    if not (given or wanted.whole or wanted.files):
        raise Invalid(passages="missing")
    if set(wanted.files) - set(_files_of(case, wanted.seq)):
        raise Invalid(files="not_found")
    if wanted.whole:
        given = (body.text,) if body is not None and body.text not in ("", BLACK) else ()
        if not given and not wanted.files:
            raise Invalid(passages="not_found")
        return body, given
    if given and (body is None or not all(part in body.text for part in given)):
        raise Invalid(passages="not_found")
    # The longer first: one passage may hold another.
    return body, tuple(sorted(given, key=len, reverse=True))


def without(text: str, passages: Passages) -> str:
    """Return the text with each passage blackened."""
    for passage in passages:
        text = text.replace(passage, BLACK)
    return text


def _everywhere_else(case: Case, wanted: Wanted, passages: Passages) -> None:
    """Empty what was made from the entry's words: the title, unsent drafts, and what other packages keep."""
    title = Case.objects.values_list("title", flat=True).get(pk=case.pk)
    case.title = BLACK if wanted.whole and wanted.seq == 1 else _title_without(title, passages)
    Case.objects.filter(pk=case.pk).exclude(title=case.title).update(title=case.title)
    for draft in DraftText.objects.filter(case=case):
        left = without(draft.text, passages)
        if left != draft.text:
            DraftText.objects.filter(pk=draft.pk).update(text=left)
    for place in _ALSO:
        place(case, wanted.seq, passages)


def _title_without(title: str, passages: Passages) -> str:
    for passage in passages:
        words = " ".join(passage.split())
        title = title.replace(words, BLACK)
        # A title is cut: its end may hold the beginning of a passage.
        begun = next((n for n in range(len(words) - 1, 3, -1) if title.endswith(words[:n])), 0)
        if begun:
            title = title[:-begun] + BLACK
    return title


def _files_of(case: Case, seq: int) -> list[str]:
    payload: Any = Entry.objects.filter(case=case, seq=seq).values_list("payload", flat=True).first() or {}
    return [str(file["id"]) for file in payload.get("files", ())]


def _remove_files(case: Case, wanted: Wanted) -> Passages:
    """Delete the files, and return the names that they had: names tell as much as words do."""
    if not wanted.files:
        return ()
    names = []
    entry = Entry.objects.get(case=case, seq=wanted.seq)
    for file in entry.payload["files"]:
        if file["id"] in wanted.files:
            names.append(str(file["name"]))
            file["name"] = BLACK
    Entry.objects.filter(pk=entry.pk).update(payload=entry.payload)
    gone: Sequence[Blob] = list(Blob.objects.filter(uuid__in=wanted.files, subject=f"case:{case.number}"))
    Blob.objects.filter(pk__in=[blob.pk for blob in gone]).delete()
    for blob in gone:
        tx.after_commit(partial(files.path_of(blob.uuid).unlink, missing_ok=True))
    return tuple(names)
