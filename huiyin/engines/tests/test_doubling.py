"""Text made to exhaust a reader: sixteen times as long costs about sixteen times as much, whoever reads it.

Work that grows with the square would cost 256 times as much. Time of the processor is compared with itself, the least
of several tries, so that a busy machine changes nothing.
"""

import gc
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from huiyin.engines import extract, keywords, language, mail, placeholders, searchwords
from huiyin.engines.keywords import Phrase

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 11, 10, 30, tzinfo=ZONE)
PACK = Path(__file__).parents[3] / "packs" / "general" / "language.yaml"
SHORT, LONG = 4_000, 64_000
# 2.5 for each of four doublings; what is too short to measure is no danger either.
AT_MOST, NOTHING_S, TRIES = 2.5**4, 0.02, 5

RULES = language.rules(yaml.safe_load(PACK.read_text("utf-8"))["rules"])
MATCHER = keywords.compile(
    [
        Phrase("nested", "(a+)+$", is_pattern=True),
        Phrase("either", "(a|aa|@)+b", is_pattern=True),
        Phrase("apart", "退.{0,20}款.{0,20}吗", is_pattern=True),
        Phrase("plain", "退款", excludes=("不退款",)),
    ]
)
READERS: dict[str, Callable[[str], object]] = {
    "rules": MATCHER.find,
    "extraction": lambda text: extract.extract(text, at=AT, zone=ZONE),
    "language": lambda text: language.check(text, RULES),
    "words to search by": searchwords.stored,
    "places of what was searched": lambda text: searchwords.spans(text, text[:40]),
    "a list of addresses": lambda text: mail.parse(f"To: {text}\nCc: {text}\n\nx".encode()),
    "a subject": lambda text: mail.parse(f"Subject: {text}\n\nx".encode()),
    "a mail": lambda text: mail.parse(f"\n{text}".encode()),
    "a page by mail": lambda text: mail.parse(f"Content-Type: text/html\n\n{text}".encode()),
    "a template": lambda text: placeholders.parse(text[: placeholders.MAX_LENGTH], {"name"}),
}
PIECES = (
    "a",
    "a@",
    "1-",
    "<a ",
    "(\\",
    '"a", ',
    "3点到",
    "路一号",
    "13900000001",
    "退款",
    "\n> ",
    "a\u0301",
    "=?utf-8?Q?",
)


@pytest.mark.parametrize("reader", READERS)
def test_a_text_of_sixteen_times_the_length_costs_about_sixteen_times_the_work(reader: str) -> None:
    read, slow = READERS[reader], []
    read("warm")
    for piece in PIECES:
        short, long = (piece * (length // len(piece)) for length in (SHORT, LONG))
        costs = [_cost(read, short), _cost(read, long)]
        for _ in range(TRIES):
            if costs[1] <= AT_MOST * costs[0] + NOTHING_S:
                break
            costs = [min(costs[0], _cost(read, short)), min(costs[1], _cost(read, long))]
        else:
            slow.append(f"{piece!r}: {costs[0]:.4f} s, then {costs[1]:.4f} s")
    assert not slow


def test_what_grows_with_the_square_would_be_seen() -> None:
    def pairs(text: str) -> int:
        return sum(1 for _ in text[::32] for _ in text[::32])

    assert _cost(pairs, "a" * LONG) > AT_MOST * _cost(pairs, "a" * SHORT) + NOTHING_S


def _cost(read: Callable[[str], object], text: str) -> float:
    gc.disable()  # looking for garbage goes through all that the other tests left
    try:
        began = time.process_time()
        read(text)
        return time.process_time() - began
    finally:
        gc.enable()
