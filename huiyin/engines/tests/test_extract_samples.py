"""How much of what is marked in invented messages is found, and how much else."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.engines import extract

ZONE = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 3, 11, 10, 30, tzinfo=ZONE)
SAMPLES = Path(__file__).parent / "extract_samples"
MARK = re.compile(r"⟦(\w+)\|([^⟧]+)⟧")
KINDS = {"order": "order_number", "id": "id_number"}
Span = tuple[str, int, int]


def messages() -> Iterator[tuple[str, set[Span]]]:
    """Yield each message without its marks, and what they mark."""
    for file in sorted(SAMPLES.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield unmarked(line.replace("\\n", "\n"))


def unmarked(line: str) -> tuple[str, set[Span]]:
    text, spans, copied = "", set(), 0
    for mark in MARK.finditer(line):
        text += line[copied : mark.start()]
        kind = KINDS.get(mark.group(1), mark.group(1))
        spans.add((kind, len(text), len(text) + len(mark.group(2))))
        text += mark.group(2)
        copied = mark.end()
    return text + line[copied:], spans


def found_in(text: str) -> set[Span]:
    found = extract.extract(text, at=WEDNESDAY, zone=ZONE).spans()
    return {(item.kind, item.start, item.end) for item in found}


@pytest.fixture(scope="module")
def outcome() -> tuple[list[str], list[str], int, int]:
    """What was wrongly found, what was missed, and how many were found and marked."""
    wrong, missed, found_count, marked_count = [], [], 0, 0
    for text, marked in messages():
        found = found_in(text)
        wrong += [f"{kind} {text[start:end]!r} in {text!r}" for kind, start, end in found - marked]
        missed += [f"{kind} {text[start:end]!r} in {text!r}" for kind, start, end in marked - found]
        found_count += len(found)
        marked_count += len(marked)
    return wrong, missed, found_count, marked_count


def test_there_are_enough_messages_to_measure_by():
    assert len(list(messages())) >= 250


def test_at_least_99_of_100_findings_are_right_to_the_character(outcome):
    wrong, _, found, _ = outcome
    assert len(wrong) <= 0.01 * found, "\n".join(wrong)


def test_at_least_99_of_100_marked_pieces_are_found(outcome):
    _, missed, _, marked = outcome
    assert len(missed) <= 0.01 * marked, "\n".join(missed)
