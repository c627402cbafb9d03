"""The words of entries, as the reader may see them: personal values in them masked unless they may be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from huiyin.base.personal import mask
from huiyin.cases.models import Case, Entry, EntryBody
from huiyin.engines import extract

_SPANS = {"phones": "phone", "emails": "email", "id_numbers": "id_number", "addresses": "address"}


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in an entry; empty when it has no words or they were erased."""

    text: str = ""
    masked: bool = False


def of(case: Case, *, plain: bool, among: Sequence[Entry] | None = None) -> dict[int, Words]:
    """Return the words of each entry of the case by its number, or only of those `among`, which are in order.

    `plain` only for who may read personal values.
    """
    found = EntryBody.objects.filter(case=case)
    if among is not None:
        found = found.filter(seq__range=(among[0].seq, among[-1].seq)) if among else found.none()
    return {body.seq: Words(body.text) if plain else _hidden(body) for body in found}


def of_these(case: Case, numbers: Sequence[int]) -> dict[int, str]:
    """Return the words of the entries with these numbers in plain, for whom the case belongs to; one query."""
    found = EntryBody.objects.filter(case=case, seq__in=numbers)
    return dict(found.values_list("seq", "text"))


def personal_spans(text: str, *, at: datetime) -> list[tuple[str, int, int]]:
    """Return `(kind, start, end)` of each personal value found in the text, in order."""
    return spans_of(extract.extract(text, at=at, zone=ZoneInfo(settings.TIME_ZONE)))


def spans_of(extracted: extract.Extracted) -> list[tuple[str, int, int]]:
    """Return the same of what was extracted already."""
    return sorted(
        (kind, found.start, found.end) for name, kind in _SPANS.items() for found in getattr(extracted, name)
    )


def _hidden(body: EntryBody) -> Words:
    return Words(masked(body.text, body.spans), bool(body.spans))


def masked(text: str, spans: Sequence[Sequence[object]]) -> str:
    """Return the text with each span `(kind, start, end)` replaced by its mask."""
    for kind, start, end in sorted(spans, key=lambda span: -int(str(span[1]))):
        a, b = int(str(start)), int(str(end))
        text = text[:a] + mask(str(kind), text[a:b]) + text[b:]
    return text
