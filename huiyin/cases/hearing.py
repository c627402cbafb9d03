"""What a later message of a customer says beyond its words: a threat, that it is solved, or nothing but thanks."""

import unicodedata
from datetime import datetime

import re2  # type: ignore[import-untyped] # the package ships no types

from huiyin.base.actor import INTAKE
from huiyin.cases import entries, solved_words
from huiyin.cases.changing import change
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case
from huiyin.engines import classify
from huiyin.rules import book as rulebook
from huiyin.rules import words

THREATENING = "threatening"
SOLVED, THANKS = "solved", "thanks"
# In linear time: the same letters can be read as words in many ways.
_THANKS = re2.compile(
    r"(?:谢谢|多谢|感谢|谢了|谢|辛苦了|辛苦|好的|好滴|好嘞|收到|明白了|明白|知道了|没问题|搞定了|解决了|可以了"
    r"|您|你|们|啦|了|哈|哦|噢|呢|嗯|非常|太|十分|帮忙|帮助|的"
    r"|thankyou|thanks|thank|thx|okay|ok|great|perfect|gotit|much|very|so|all|you|a|lot|for|your|the|help)+"
)
_KINDLY = re2.compile(
    r"谢|辛苦|好的|好滴|好嘞|收到|明白|知道了|没问题|搞定了|解决了|可以了|thank|thx|ok|great|perfect|gotit"
)
_SIGNS = str.maketrans(dict.fromkeys("👍🙏👌", "谢谢"))


def heard(text: str) -> classify.Emotion:
    """Return how upset these words sound under the present rules: one small query."""
    return classify.emotion(tuple(rulebook.current().matcher.find(text)))


def threats(emotion: classify.Emotion) -> list[Draft]:
    """Return the entry that a threat or an improper demand leaves, which raises the case; none for other words."""
    if emotion.code != THREATENING:
        return []
    return [Draft("threat.heard", {"because": words.stored(emotion.because)})]


def take_in(case: Case, locked: Case, emotion: classify.Emotion, *, at: datetime) -> None:
    """Let the case say how upset its customer has become, in the transaction of their words.

    A mere worry changes nothing, and nobody calms down by what they write; a colleague may say otherwise. `locked` is
    the row as `lock` returned it.
    """
    order = classify.EMOTIONS
    before = order.index(locked.emotion) if locked.emotion in order else 0
    if not emotion.is_upset or order.index(emotion.code) <= before:
        return
    told = [{"field": "emotion", "old": locked.emotion, "new": emotion.code}]
    change(case, locked, {"emotion": emotion.code}, at=at)
    # Who goes on with the locked row in this transaction finds it as it is now.
    locked.emotion, locked.version = emotion.code, case.version
    entries.append(case, [Draft("case.changed", {"changes": told})], by=INTAKE, at=at)


def meant(first: Draft, locked: Case) -> str:
    """Return SOLVED for words that confirm a result which was told, THANKS for mere thanks, else nothing.

    Whoever sends a file has more to say. Said of a closed case, it opens nothing again either.
    """
    if first.payload.get("files"):
        return ""
    told = locked.status in (Case.RESOLVED, Case.CLOSED) and solved_words.says_solved(first.text)
    if told and locked.status == Case.RESOLVED and locked.family == "service":
        return SOLVED
    return THANKS if told or only_thanks(first.text) else ""


def only_thanks(text: str) -> bool:
    """Say whether these words thank and nothing else: they open nothing again."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_SIGNS)
    letters = "".join(c for c in folded if unicodedata.category(c)[0] in "LN")
    return bool(_KINDLY.search(letters)) and _THANKS.fullmatch(letters) is not None
