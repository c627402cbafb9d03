"""What a later message of a customer says beyond its words: a threat, or nothing but thanks."""

import re
import unicodedata

from huiyin.cases.entries import Draft
from huiyin.engines import classify
from huiyin.rules import book as rulebook
from huiyin.rules import words

THREATENING = "threatening"
_THANKS = re.compile(
    r"(?:谢谢|多谢|感谢|谢了|谢|辛苦了|辛苦|好的|好滴|好嘞|收到|明白了|明白|知道了|没问题|搞定了|解决了|可以了"
    r"|您|你|们|啦|了|哈|哦|噢|呢|嗯|非常|太|十分|帮忙|帮助|的"
    r"|thankyou|thanks|thank|thx|okay|ok|great|perfect|gotit|much|very|so|all|you|a|lot|for|your|the|help)+"
)
_KINDLY = re.compile(
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


def only_thanks(text: str) -> bool:
    """Say whether these words thank and nothing else: they open nothing again."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_SIGNS)
    letters = "".join(c for c in folded if unicodedata.category(c)[0] in "LN")
    return bool(_KINDLY.search(letters)) and _THANKS.fullmatch(letters) is not None
