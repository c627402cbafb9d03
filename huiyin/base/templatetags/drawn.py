"""What pages draw again and again, drawn once: icons, moments as people write them, and what is the same for all."""

from datetime import datetime
from functools import cache, lru_cache

from django import template
from django.template import loader
from django.utils import dateformat
from django.utils.timezone import localtime
from django.utils.translation import get_language
from lucide.templatetags import lucide as drawing

from huiyin.base import again, pictures, uploads

register = template.Library()


@register.simple_tag
def lucide(name: str, size: int = 24) -> str:
    """Return the icon of this name as inline SVG."""
    return _icon(str(name), size)


@register.simple_tag
def once(template: str) -> str:
    """Return a template that asks for nothing of the page around it, drawn once in each language."""
    return _once(template, get_language())


@register.simple_tag
def countdown(due: datetime, late: bool, look: str = "") -> str:
    """Return the time that is left until a moment, or since; `look` is a class more."""
    return _countdown(localtime(due), bool(late), look, get_language())


@register.simple_tag(takes_context=True)
def typed_words(context: template.Context) -> str:
    """Return what somebody typed into the form that this page refuses, or nothing."""
    kept = again.of(context["request"], sends=False)
    return kept["words"] if kept else ""


@register.filter
def is_picture(name: str) -> bool:
    """Tell whether a file calls itself a picture, so that a small one is worth asking for."""
    return pictures.is_named_so(name)


@register.filter
def why_refused(code: str) -> str:
    """Return why a file was not kept, in the reader's words."""
    return str(uploads.WHY.get(code, code))


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


@cache
def _once(template: str, language: str | None) -> str:
    return loader.render_to_string(template)


# Of 24 rows in a list each has one, and the same stand in it again with each refresh.
@lru_cache(maxsize=2048)
def _countdown(due: datetime, late: bool, look: str, language: str | None) -> str:
    return loader.render_to_string("ui/_countdown.html", {"due": due, "late": late, "look": look})


@lru_cache(maxsize=4096)
def _moment(local: datetime, pattern: str, language: str | None) -> str:
    # The same due times are shown again with each refresh of a list.
    return dateformat.format(local, pattern)
