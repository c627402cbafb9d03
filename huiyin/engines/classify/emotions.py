"""How upset a customer sounds, from emotion words."""

from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.engines.classify.evidence import certainty, gather
from huiyin.engines.keywords import Hit
from huiyin.engines.reason import Reason

# From calm to the gravest; later ones win over earlier ones when both are heard.
EMOTIONS = ("calm", "worried", "disappointed", "angry", "threatening")
UPSET = frozenset({"disappointed", "angry", "threatening"})


@dataclass(frozen=True, slots=True)
class Emotion:
    """The gravest emotion heard, how strong (0 to 1), and which words told."""

    code: str
    strength: float
    because: tuple[Reason, ...]

    @property
    def is_upset(self) -> bool:
        """Whether the person who answers should be offered calming words."""
        return self.code in UPSET


def emotion(hits: Sequence[Hit]) -> Emotion:
    """Return the gravest emotion that a hit's effect "emotion" names; calm when none does.

    Strength = 1 − 2^−(sum of the weights of its words). A code outside EMOTIONS counts as the
    mildest but calm, so a local word list never hides a graver one.
    """
    evidence = [item for item in gather(hits, "emotion") if item.value != "calm"]
    if not evidence:
        return Emotion("calm", 0.0, (Reason("no_emotion_words"),))
    gravest = max((item.value for item in evidence), key=_gravity)
    heard = [item for item in evidence if item.value == gravest]
    because = tuple(
        Reason(
            "emotion_word", {"matched": item.hit.matched, "emotion": gravest, "phrase": item.hit.phrase.code}
        )
        for item in heard
    )
    return Emotion(gravest, certainty(sum(item.score for item in heard)), because)


def _gravity(code: str) -> tuple[int, str]:
    return (EMOTIONS.index(code) if code in EMOTIONS else 0, code)
