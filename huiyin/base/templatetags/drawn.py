"""What a page of the desk draws a hundred times, drawn once: icons, and moments as people write them."""

from datetime import datetime
from functools import cache, lru_cache

from django import template
from django.utils import dateformat
from django.utils.timezone import localtime
from django.utils.translation import get_language
from lucide.templatetags import lucide as drawing

register = template.Library()


@register.simple_tag
def lucide(name: str, size: int = 24) -> str:
    """Return the icon of this name as inline SVG."""
    return _icon(str(name), size)


@register.filter
def stamp(at: datetime) -> str:
    """Return a moment as programs read it, with the offset of its zone."""
    return localtime(at).isoformat()


@register.filter
def moment(at: datetime, pattern: str) -> str:
    """Return a moment as the reader writes it; the pattern comes translated, as for `date`."""
    return _moment(localtime(at), str(pattern), get_language())


@cache
def _icon(name: str, size: int) -> str:
    return drawing.lucide(name, size=size)


@lru_cache(maxsize=4096)
def _moment(local: datetime, pattern: str, language: str | None) -> str:
    # The same due times are shown again with each refresh of a list.
    return dateformat.format(local, pattern)
