"""Signing in by employee number, slowed and locked against guessing, without letting a stranger lock anyone out."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff import former
from huiyin.staff.models import SignInFailure, Staff

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
NETWORK_TRIES = 20
NETWORK_WINDOW = timedelta(minutes=5)


class Refused(Exception):
    """Number or password is wrong, or the account has ended: the answer is the same for all."""


class Locked(Exception):
    """Too many failures; `minutes` says when it ends."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


def check(number: str, password: str, *, network: str, at: datetime) -> Staff:
    """Return the person whose password this is; raises Refused or Locked. Every try leaves an audit row.

    The lock counts failures of this account from this network, so that a stranger elsewhere cannot lock
    the owner out; a network that tries many accounts is locked as a whole.
    """
    number = number.replace("\x00", "").strip()[:20]  # PostgreSQL takes no NUL
    actor = Actor("staff", number or "-")
    _refuse_locked(number, network, at)
    staff = Staff.objects.filter(number__iexact=number, kind="person").first()
    # An unknown number costs one hash too: the time of the answer tells nothing.
    matches = check_password(password, staff.password if staff else _dummy())
    if staff is None or not staff.is_active or not matches:
        with tx.write():
            SignInFailure.objects.create(number=number.lower(), network=network, at=at)
            audit.write(
                "sign_in.refused", f"staff:{number}", by=actor, at=at, result="refused", network=network
            )
            _record_lock(number, network, by=actor, at=at)
        raise Refused
    with tx.write():
        SignInFailure.objects.filter(number=number.lower(), network=network).delete()
        audit.write("sign_in.accepted", f"staff:{staff.number}", by=actor, at=at, network=network)
        former.end_when_over(staff, by=actor, at=at)
    return staff


def _refuse_locked(number: str, network: str, at: datetime) -> None:
    recent = SignInFailure.objects.filter(number=number.lower(), network=network, at__gt=at - LOCKED_FOR)
    times = list(recent.order_by("-at").values_list("at", flat=True)[:TRIES])
    if len(times) == TRIES:
        raise Locked(_minutes(times[-1] + LOCKED_FOR - at))
    tried = SignInFailure.objects.filter(network=network, at__gt=at - NETWORK_WINDOW)
    times = list(tried.order_by("-at").values_list("at", flat=True)[:NETWORK_TRIES])
    if len(times) == NETWORK_TRIES:
        raise Locked(_minutes(times[-1] + NETWORK_WINDOW - at))


def _record_lock(number: str, network: str, *, by: Actor, at: datetime) -> None:
    # Once a lock, not once a try: guessing must not fill the trail.
    recent = SignInFailure.objects.filter(number=number.lower(), network=network, at__gt=at - LOCKED_FOR)
    if recent.count() == TRIES:
        audit.write("sign_in.locked", f"staff:{number}", by=by, at=at, result="refused", network=network)


def _minutes(left: timedelta) -> int:
    return max(1, -int(-left.total_seconds() // 60))


_made: list[str] = []


def _dummy() -> str:
    if not _made:
        _made.append(make_password("nobody's password"))
    return _made[0]
