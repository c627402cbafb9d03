"""Characters that would let a message lie to a screen, a log or a parser are taken out here."""

import re

# Line and paragraph separators end a header line somewhere; the rest is invisible or reverses text.
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def one_line(text: str) -> str:
    """Return a header value fit for one line: no breaks, controls, hidden or text-turning characters."""
    return " ".join(_BREAKS.sub(" ", _UNSEEN.sub("", text)).split())


def body(text: str) -> str:
    """Return body text with `\\n` as the only line end and without controls or text-turning characters."""
    return _TURNING.sub("", _NOT_TEXT.sub("", _NEWLINES.sub("\n", text)))


def markup(text: str) -> str:
    """Return markup that can be stored and encoded: only NUL and lone surrogates are removed."""
    return re.sub(r"[\x00\ud800-\udfff]", "", text)
