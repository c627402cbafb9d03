"""How long a password that was given to somebody is good; they choose their own before that, or ask for another."""

from datetime import datetime, timedelta

from django.conf import settings

from huiyin.staff.models import Staff

ANEW = timedelta(minutes=30)


def until_first(at: datetime) -> datetime:
    """Return until when the password of somebody new is good."""
    return at + timedelta(hours=settings.HUIYIN.first_password_hours)


def until_anew(at: datetime) -> datetime:
    """Return until when a password given in place of another is good."""
    return at + ANEW


def has_run_out(staff: Staff, *, at: datetime) -> bool:
    """Tell whether the present password was given and is good no more; those given before ends were kept have none."""
    until = staff.password_until
    return staff.must_change_password and until is not None and at > until
