"""What a message says: category, emotion, what it contains. Values only; nothing is read or written."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from huiyin.engines import classify, extract, keywords
from huiyin.engines.reason import Reason
from huiyin.rules.book import Book

SILENT = "other"


@dataclass(frozen=True, slots=True)
class Understood:
    """`category` is the most exact one decided, or `other` when nothing argued for any."""

    hits: tuple[keywords.Hit, ...]
    category: str
    confidence: float
    emotion: classify.Emotion
    extracted: extract.Extracted
    because: tuple[Reason, ...]


def understand(book: Book, *, subject: str, text: str, at: datetime, zone: str) -> Understood:
    """Return what subject and text say under this rule book; `at` (aware) is what “tomorrow” counts from."""
    whole = f"{subject}\n{text}" if subject else text
    hits = tuple(book.matcher.find(whole))
    classified = classify.classify(
        hits, subject_span=range(len(subject)) if subject else None, parents=book.parents
    )
    return Understood(
        hits=hits,
        category=classified.category or SILENT,
        confidence=classified.confidence,
        emotion=classify.emotion(hits),
        extracted=extract.extract(whole, at=at, zone=ZoneInfo(zone)),
        because=classified.because,
    )
