"""What finding phrases costs: 5,000 phrases, 2,000 of them patterns, short and long messages; and building."""

import random
from collections.abc import Callable

from huiyin.engines import keywords
from huiyin.engines.keywords import Phrase

RANDOM = random.Random(7)
CHARACTERS = "".join(chr(code) for code in range(0x4E00, 0x5200))


def row(length: int) -> str:
    return "".join(RANDOM.choices(CHARACTERS + "，。 a", k=length))


def word() -> str:
    return "".join(RANDOM.choices(CHARACTERS, k=RANDOM.randint(2, 6)))


PLAIN = [Phrase(f"p{number}", word(), weight=2, effects={"category": "refund"}) for number in range(5_000)]
PATTERNS = [Phrase(f"r{number}", f"{word()}.{{0,8}}{word()}", is_pattern=True) for number in range(2_000)]
FIVE_THOUSAND = keywords.compile(PLAIN)
MIXED = keywords.compile(PLAIN[:3_000] + PATTERNS)
CHAT, LETTER = row(60) + PLAIN[3].text, row(2_000) + PLAIN[3].text
MAIL = LETTER.replace("，", "\r\n").replace("。", "\ufe0f")

CASES: list[tuple[str, Callable[[], object]]] = [
    ("find, 5,000 phrases, 60 characters", lambda: FIVE_THOUSAND.find(CHAT)),
    ("find, 5,000 phrases, 2,000 characters", lambda: FIVE_THOUSAND.find(LETTER)),
    ("find, 5,000 phrases, 2,000 characters that fold", lambda: FIVE_THOUSAND.find(MAIL)),
    ("find, 3,000 phrases + 2,000 patterns, 60", lambda: MIXED.find(CHAT)),
    ("find, 3,000 phrases + 2,000 patterns, 2,000", lambda: MIXED.find(LETTER)),
    ("compile, 5,000 phrases", lambda: keywords.compile(PLAIN)),
    ("compile, 3,000 phrases + 2,000 patterns", lambda: keywords.compile(PLAIN[:3_000] + PATTERNS)),
    ("normalise, 2,000 characters", lambda: keywords.normalise(LETTER)),
]
