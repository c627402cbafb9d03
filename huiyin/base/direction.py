"""Signs that turn the direction of what follows them: in a title they would turn the whole row that shows it."""

import re

_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def unturned(text: str) -> str:
    """Return the text without signs that turn its direction; letters written from right to left stay as they are."""
    return _TURNING.sub("", text)
