"""The passwords that a person chose before: how old the present one is, and which may not come back.

Both are off unless `HUIYIN_PASSWORD_DAYS` and `HUIYIN_PASSWORD_HISTORY` ask for them. Only digests are kept.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db.models import QuerySet

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff.models import FormerPassword, Staff


def remember(staff: Staff, *, at: datetime) -> None:
    """Keep the digest that the person has just chosen, and as many before it as the setting asks for.

    The newest is always kept: from it the age counts, also when a maximum is set only later.
    """
    with tx.write():
        FormerPassword.objects.create(staff=staff, encoded=staff.password, at=at)
        kept = _latest(staff)[: max(1, settings.HUIYIN.password_history)]
        FormerPassword.objects.filter(staff=staff).exclude(pk__in=[one.pk for one in kept]).delete()


def had(staff: Staff, password: str) -> bool:
    """Tell whether this was one of the last passwords; costs one hash for each that is remembered."""
    remembered = _latest(staff)[: settings.HUIYIN.password_history]
    return any(check_password(password, one.encoded) for one in remembered)


def end_when_over(staff: Staff, *, by: Actor, at: datetime) -> None:
    """Make the person choose anew when the present password is older than allowed; a second call changes nothing.

    A password from before ages were kept counts from the day the person joined.
    """
    days = settings.HUIYIN.password_days
    if not days or staff.must_change_password:
        return
    latest = _latest(staff).first() or FormerPassword(staff=staff, encoded=staff.password, at=staff.joined_at)
    if at - latest.at > timedelta(days=days):
        with tx.write():
            latest.save()
            staff.must_change_password = True
            staff.save(update_fields=["must_change_password"])
            audit.write("password.aged", f"staff:{staff.number}", by=by, at=at)


def is_given(staff: Staff) -> bool:
    """Tell whether the present password was given to the person, so that others may know it."""
    latest = _latest(staff).first()
    return latest is None or latest.encoded != staff.password


def _latest(staff: Staff) -> QuerySet[FormerPassword]:
    return FormerPassword.objects.filter(staff=staff).order_by("-id")
