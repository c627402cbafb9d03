"""What deciding costs once the phrases are found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from huiyin.engines import classify, keywords
from huiyin.engines.classify import EMOTION_PHRASES, Signals
from huiyin.engines.keywords import Phrase

PARENTS = {"after_sales": None, "hardware_fault": "after_sales", "refund": "after_sales", "complaint": None}
PHRASES = [
    Phrase("fault", "无法开机", weight=3, effects={"category": "hardware_fault"}),
    Phrase("refund", "退款", effects={"category": "refund"}),
    Phrase("smoke", "冒烟", effects={"category": "hardware_fault", "priority": "urgent"}),
    *EMOTION_PHRASES,
]
MATCHER = keywords.compile(PHRASES)
TEXT = "退款！手机无法开机，冒烟了，你们就是骗子，我很失望，要找律师"
HITS = MATCHER.find(TEXT)
SIGNALS = Signals(HITS, "vip", earlier_complaint=True, emotion="angry", burst=False)
NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
TIMES = [NOON - timedelta(seconds=7 * number) for number in range(1_000)]


def burst() -> object:
    return classify.is_burst(TIMES, NOON, window=timedelta(minutes=30), usual_per_hour=40, at_least=5)


CASES: list[tuple[str, Callable[[], object]]] = [
    ("find, classify, prioritise, emotion", lambda: whole()),
    ("classify, 6 hits", lambda: classify.classify(HITS, parents=PARENTS)),
    ("prioritise, 6 hits", lambda: classify.prioritise(SIGNALS, category="refund", defaults={})),
    ("emotion, 6 hits", lambda: classify.emotion(HITS)),
    ("is_burst, 1,000 times", burst),
]


def whole() -> object:
    hits = MATCHER.find(TEXT)
    decided = classify.classify(hits, parents=PARENTS)
    feeling = classify.emotion(hits)
    signals = Signals(hits, None, earlier_complaint=False, emotion=feeling.code, burst=False)
    return classify.prioritise(signals, category=decided.category, defaults={})
