"""A phrase to look for, a place where it was found, and why one is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from huiyin.engines.reason import Reason

LONGEST_PHRASE = 200
LONGEST_PATTERN = 500
HEAVIEST = 100


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text or a pattern to look for, and what finding it says.

    `excludes` are longer texts: where one of them covers the phrase, the phrase does not count.
    `effects` name what a hit argues for, such as {"category": "hardware_fault"}.
    """

    code: str
    text: str
    is_pattern: bool = False
    excludes: tuple[str, ...] = ()
    weight: int = 1
    effects: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Hit:
    """A phrase at `start`–`end` (code points) of the original text; `matched` is that piece."""

    phrase: Phrase
    start: int
    end: int
    matched: str


class PhraseError(ValueError):
    """A phrase was refused when built. `reason.code` says why; `reason.params["phrase"]` is its code."""

    def __init__(self, code: str, phrase: Phrase, **params: str | int) -> None:
        self.reason = Reason(code, {"phrase": phrase.code, "text": phrase.text, **params})
        detail = ", ".join(f"{name} {value!r}" for name, value in params.items())
        super().__init__(f"phrase {phrase.code!r} {phrase.text!r}: {code} {detail}".rstrip())
