"""Words that people typed: cleaned, and refused when they are missing or too long."""

TEXT_LIMIT = 20_000
REASON_CHARS = 500


class Invalid(Exception):
    """What was given cannot be used; `fields` names each field with a stable code. Nothing was changed."""

    def __init__(self, **fields: str) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code in fields.items()))
        self.fields = fields


def checked(text: str, *, field: str = "text", limit: int = TEXT_LIMIT) -> str:
    """Return the words as they are kept. Raises Invalid (`missing`, `too_long`)."""
    text = text.replace("\x00", "").strip()  # PostgreSQL keeps no NUL
    if not text:
        raise Invalid(**{field: "missing"})
    if len(text) > limit:
        raise Invalid(**{field: "too_long"})
    return text
