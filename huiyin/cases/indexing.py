"""Putting what was said into the search index: in batches after the fact, so that no intake waits for it.

Personal values are left out, and so is what only supervision may read. What is erased must be taken out in the same
transaction: `forget`.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from huiyin.base import tx
from huiyin.cases.models import Case, Entry, EntryBody, SearchMark, SearchRow
from huiyin.engines import searchwords

MARK = "entries"
BATCH = 300
# An entry whose number was skipped may still be committed: transactions are ended long before this.
WAITED_FOR = timedelta(minutes=10)
MISSING_KEPT = 2000
BITS = 20
Place = tuple[int, int]
_MASKED = re.compile(r"[\w.@+-]*\*{2,}[\w.@+-]*", re.ASCII)


def place_of(case: int, seq: int) -> int:
    """Return the place of an entry in the order of the index; 0 stands for the case itself."""
    return case << BITS | seq


def entry_at(place: int) -> Place:
    """Return the case's row and the entry's number."""
    return place >> BITS, place & ((1 << BITS) - 1)


def index_some(*, at: datetime) -> int:
    """Index the next entries in a transaction of its own; return how many were looked at, 0 when all are in.

    Any number of workers may call it: a batch that another has just done is left alone.
    """
    mark = SearchMark.objects.filter(pk=MARK).first() or SearchMark(name=MARK)
    waiting = [number for number, _ in mark.missing]
    asked = Entry.objects.values_list("pk", "case_id", "seq", "kind", "audience", named=True)
    late = list(asked.filter(pk__in=waiting)) if waiting else []
    new = list(asked.filter(pk__gt=mark.upto).order_by("pk")[:BATCH])
    entries = [*late, *new]
    if not entries and not _outwaited(mark, at):
        return 0
    said = {(e.case_id, e.seq) for e in entries if e.audience != "supervision"}
    # Of what was taken out of an entry later, the rest is put in again.
    said |= _readable(_redacted([e.pk for e in entries if e.kind == "entry.redacted"]))
    # Whatever happens to a case as a whole may have changed its title.
    whole = {e.case_id for e in entries if e.kind.startswith(("case.", "entry.")) or e.seq == 1}
    words = _words(said) | _titles(whole)
    rows = {place: " ".join(searchwords.stored(text)) for place, text in words.items()}
    with tx.write():
        locked, _ = SearchMark.objects.select_for_update().get_or_create(pk=MARK)
        if (locked.upto, locked.missing) != (mark.upto, mark.missing):
            return len(entries)
        # What was erased or changed since it was read does not come in by this way.
        now = _words(said, lock=True) | _titles(whole)
        _put({place: rows[place] for place, text in now.items() if words.get(place) == text})
        SearchRow.objects.filter(
            place__in=[place_of(*one) for one in said if place_of(*one) not in now]
        ).delete()
        locked.upto = new[-1].pk if new else mark.upto
        locked.missing = _missing(mark, {e.pk for e in entries}, locked.upto, at)
        locked.save()
    return len(entries)


def forget(case: Case | int, seq: int) -> None:
    """Take the words of one entry out of the index, in the running transaction; a second call changes nothing."""
    with tx.write():
        pk = case if isinstance(case, int) else case.pk
        SearchRow.objects.filter(place=place_of(pk, seq)).delete()


def index_again(case: Case, seq: int) -> None:
    """Put one entry that staff may read and its case's title in as they stand now, in the running transaction."""
    with tx.write():
        forget(case, seq)
        rows = _words({(case.pk, seq)}) | _titles([case.pk])
        _put({place: " ".join(searchwords.stored(text)) for place, text in rows.items()})


def forget_cases(cases: Iterable[int]) -> None:
    """Take everything said in these cases out, in the running transaction; their numbers are still found."""
    with tx.write():
        for case in cases:
            SearchRow.objects.filter(place__range=(place_of(case, 0), place_of(case + 1, 0) - 1)).delete()
            for place, text in _titles([case]).items():
                _put({place: " ".join(searchwords.stored(text))})


def _put(rows: dict[int, str]) -> None:
    SearchRow.objects.filter(place__in=list(rows)).delete()
    SearchRow.objects.bulk_create(
        SearchRow(place=place, tokens=tokens) for place, tokens in rows.items() if tokens
    )


def _words(places: Collection[Place], *, lock: bool = False) -> dict[int, str]:
    found = EntryBody.objects.filter(
        case__in={case for case, _ in places}, seq__in={seq for _, seq in places}
    )
    if lock:
        found = found.select_for_update()
    return {
        place_of(case, seq): without_spans(text, spans)
        for case, seq, text, spans in found.values_list("case_id", "seq", "text", "spans")
        if (case, seq) in places and text
    }


def _redacted(entries: Sequence[int]) -> set[Place]:
    """Return the entries that these others took words out of."""
    found = Entry.objects.filter(pk__in=entries).values_list("case_id", "payload") if entries else ()
    return {(case, payload["seq"]) for case, payload in found}


def _readable(places: set[Place]) -> set[Place]:
    if not places:
        return set()
    cases, numbers = {case for case, _ in places}, {seq for _, seq in places}
    found = Entry.objects.filter(case__in=cases, seq__in=numbers).exclude(audience="supervision")
    return places & set(found.values_list("case_id", "seq"))


def _titles(cases: Iterable[int]) -> dict[int, str]:
    found = Case.objects.filter(pk__in=list(cases)).values_list("pk", "number", "title")
    # What is left of a masked value would still tell its last digits.
    return {place_of(pk, 0): f"{number} {_MASKED.sub(' ', title)}" for pk, number, title in found}


def without_spans(text: str, spans: Sequence[Sequence[object]]) -> str:
    """Return the text without the personal values found in it."""
    for _, start, end in sorted(spans, key=lambda span: -int(str(span[1]))):
        text = f"{text[: int(str(start))]} {text[int(str(end)) :]}"
    return text


def _missing(mark: SearchMark, found: Collection[int], upto: int, at: datetime) -> list[tuple[int, float]]:
    since = (at - WAITED_FOR).timestamp()
    waited = [(number, missed) for number, missed in mark.missing if number not in found and missed > since]
    gaps = (n for n in range(mark.upto + 1, upto) if n not in found)
    # The first run on what was there before begins at the first entry, whatever its number.
    first = [] if mark.upto == 0 else [(number, at.timestamp()) for number in gaps]
    return [*waited, *first][-MISSING_KEPT:]


def _outwaited(mark: SearchMark, at: datetime) -> bool:
    return any(missed <= (at - WAITED_FOR).timestamp() for _, missed in mark.missing)
