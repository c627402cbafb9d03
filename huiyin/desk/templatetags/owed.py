"""What breaks next in a case, wherever a case is shown."""

from datetime import datetime

from django import template

from huiyin.base import clock
from huiyin.base.templatetags.drawn import countdown
from huiyin.cases.models import NEVER

register = template.Library()


@register.simple_tag
def owed(next_due: datetime | None) -> str:
    """Return the time that is left until the next promise of a case breaks; nothing when none runs."""
    if not next_due or next_due >= NEVER:
        return ""
    return countdown(next_due, next_due <= clock.now())
