"""The words of entries, as the reader may see them: personal values in them masked unless they may be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.base.personal import mask
from huiyin.cases.models import Case, EntryBody


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in an entry; empty when it has no words or they were erased."""

    text: str = ""
    masked: bool = False


def of(case: Case, *, plain: bool) -> dict[int, Words]:
    """Return the words of each entry of the case by its number; `plain` only for who may read personal values."""
    return {
        body.seq: Words(body.text) if plain else _hidden(body) for body in EntryBody.objects.filter(case=case)
    }


def _hidden(body: EntryBody) -> Words:
    return Words(masked(body.text, body.spans), bool(body.spans))


def masked(text: str, spans: Sequence[Sequence[object]]) -> str:
    """Return the text with each span `(kind, start, end)` replaced by its mask."""
    for kind, start, end in sorted(spans, key=lambda span: -int(str(span[1]))):
        a, b = int(str(start)), int(str(end))
        text = text[:a] + mask(str(kind), text[a:b]) + text[b:]
    return text
