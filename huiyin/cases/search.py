"""Finding cases by words: numbers by any part, titles, and what was said, the newest case first.

Only what the viewer may see is looked at, so nothing else can show itself in a result, a count or a cursor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Func

from huiyin.cases import bodies, sameness
from huiyin.cases.indexing import BITS, entry_at, place_of
from huiyin.cases.models import Case, CaseQuerySet, Entry, EntryBody
from huiyin.engines import searchwords
from huiyin.staff.viewer import Viewer

PLACES = 100
FILTERED = 2000
BEFORE_CHARS, AFTER_CHARS = 24, 90


class TooShort(Exception):
    """Nothing can be found by so little: two Chinese characters, two letters or a number of four are needed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage; a hit is one of the words that were looked for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found, and the passage in which the words stand: of its title, or of entry `seq`, masked."""

    case: Case
    seq: int
    passage: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cases; `before` continues after it, None when there are no more."""

    hits: tuple[Hit, ...]
    before: int | None


def find(typed: str, viewer: Viewer | None, *, before: int | None = None, limit: int = 20) -> Found:
    """Return the newest cases in whose number, title or one entry all the words stand. Raises TooShort.

    Four queries, however much there is. `before` is that of the page before.
    """
    places = _places(typed, viewer, before=before)
    newest: dict[int, int] = {}
    for place in places:
        newest.setdefault(entry_at(place)[0], place)
    shown = list(newest)[:limit]
    more = len(newest) > limit or len(places) == PLACES
    hits = _hits([newest[case] for case in shown], typed, viewer)
    return Found(tuple(hits), place_of(shown[-1], 0) if more and shown else None)


def containing(rows: CaseQuerySet, typed: str, viewer: Viewer | None) -> CaseQuerySet:
    """Keep the cases in which the words stand; of very many, those of the newest places. Raises TooShort.

    One query at once, for the places.
    """
    places = _places(typed, viewer, limit=FILTERED)
    return rows.filter(pk__in={entry_at(place)[0] for place in places})


# What is typed comes into a statement as a parameter only; these are put together from our own words.
_MATCHING = {
    "sqlite": "SELECT rowid AS place FROM cases_search_tokens "
    "WHERE cases_search_tokens MATCH %s AND rowid < %s ORDER BY rowid DESC",
    "postgresql": "SELECT place FROM cases_searchrow "
    "WHERE tokens @@ %s::tsquery AND place < %s ORDER BY place DESC",
}
_SEEN = {
    # The visible is asked for match by match, so that it ends with the page, however much there is.
    "sqlite": "SELECT found.place FROM (MATCHING) AS found WHERE EXISTS (VISIBLE) "
    "ORDER BY found.place DESC LIMIT %s",
    # Materialised: the planner would else read the newest rows one by one until a rare word comes.
    "postgresql": "WITH found AS MATERIALIZED (MATCHING) SELECT found.place FROM found WHERE EXISTS (VISIBLE) "
    "ORDER BY found.place DESC LIMIT %s",
}
_CASE = Func(template=f"found.place >> {BITS}", output_field=BigIntegerField())


def _places(
    typed: str, viewer: Viewer | None, *, before: int | None = None, limit: int = PLACES
) -> list[int]:
    sql, given = _matching(typed, before)
    seen = Case.objects.visible_to(viewer).near(viewer).filter(pk=_CASE).values("pk")
    try:
        visible, right = seen.query.sql_with_params()
    except EmptyResultSet:
        return []
    asked = _SEEN[connection.vendor].replace("MATCHING", sql).replace("VISIBLE", visible)
    with connection.cursor() as cursor:
        cursor.execute(asked, (*given, *right, limit))
        return [row[0] for row in cursor.fetchall()]


def _matching(typed: str, before: int | None) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that gives the places where the words stand, newest first, as `place`."""
    wanted = searchwords.wanted(typed)
    if not wanted:
        raise TooShort
    end = place_of(1 << 40, 0) if before is None else before
    if connection.vendor == "postgresql":
        query = " & ".join(f"'{one.token}'{':*' if one.begins else ''}" for one in wanted)
    else:
        query = " AND ".join(f'"{one.token}"{"*" if one.begins else ""}' for one in wanted)
    return _MATCHING[connection.vendor], (query, end)


def _hits(places: Sequence[int], typed: str, viewer: Viewer | None) -> list[Hit]:
    at = [entry_at(place) for place in places]
    seen = Case.objects.visible_to(viewer).with_people().filter(pk__in=[case for case, _ in at])
    cases = {case.pk: case for case in seen}
    sameness.fill(list(cases.values()), viewer)
    said = _said([place for place in at if place[1]])
    hits = []
    for pk, seq in at:
        if pk in cases:
            text = said.get((pk, seq), "") if seq else f"{cases[pk].number} {cases[pk].title}"
            hits.append(Hit(cases[pk], seq, passage(text, typed)))
    return hits


def _said(places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return what stands in these entries as anybody who sees the case may read it: masked, nothing of supervision."""
    cases, numbers = {case for case, _ in places}, {seq for _, seq in places}
    read = Entry.objects.filter(case__in=cases, seq__in=numbers).exclude(audience="supervision")
    readable = set(read.values_list("case_id", "seq"))
    return {
        (body.case_id, body.seq): bodies.masked(body.text, body.spans)
        for body in EntryBody.objects.filter(case__in=cases, seq__in=numbers)
        if (body.case_id, body.seq) in readable
    }


def passage(text: str, typed: str) -> tuple[Piece, ...]:
    """Return the part of the text around the first of the typed words, cut where they begin and end."""
    text = " ".join(text.split())
    found = searchwords.spans(text, typed)
    start = max(0, found[0][0] - BEFORE_CHARS) if found else 0
    end = min(len(text), (found[0][1] if found else 0) + AFTER_CHARS)
    pieces, at = [Piece("…")] if start else [], start
    for a, b in found:
        if b <= end:
            pieces += [Piece(text[at:a]), Piece(text[a:b], is_hit=True)]
            at = b
    pieces += [Piece(text[at:end]), Piece("…" if end < len(text) else "")]
    return tuple(piece for piece in pieces if piece.text)
