"""What a form or an address carries, read without trust."""

MOST_DIGITS = 9


def whole(text: str | None, *, most_digits: int = MOST_DIGITS) -> int | None:
    """Return the whole number that is written, and None for all else: a figure such as ², or one beyond the store."""
    written = text or ""
    return int(written) if written.isdecimal() and len(written) <= most_digits else None
