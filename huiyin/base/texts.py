"""Texts in two languages, as packs and settings carry them: `{zh, en}`."""

from collections.abc import Mapping
from typing import Annotated

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, StringConstraints

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Text(BaseModel):
    """A text in both languages; a shipped pack that lacks one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: _Words
    en: _Words


def in_words(text: Mapping[str, str], language: str | None = None) -> str:
    """Return the text in `language`, else in that of the reader of this moment."""
    return text["zh" if (language or get_language() or "zh").startswith("zh") else "en"]
