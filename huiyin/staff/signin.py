"""Signing in by employee number, slowed and locked against guessing, without letting a stranger lock anyone out.

Whoever has a second factor signs in with `check` and then `check_code`. `prove` is the same asked of who is in already.
"""

from datetime import datetime, timedelta
from typing import NoReturn

from django.contrib.auth.hashers import check_password, make_password

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff import former, second_factor
from huiyin.staff.models import SignInFailure, Staff

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
SLOWED_FROM = 2
NETWORK_TRIES = 20
NETWORK_WINDOW = timedelta(minutes=5)
# Whoever guesses codes knows the password and may come from many networks; the owner is to change it then.
CODE_TRIES = 10


class Refused(Exception):
    """Number, password or code is wrong, or the account has ended: the answer is the same for all."""


class Locked(Exception):
    """Too many failures; `seconds` and `minutes` say when the next try is looked at."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(left)
        self.seconds = max(1, -int(-left.total_seconds() // 1))
        self.minutes = -(-self.seconds // 60)


def check(number: str, password: str, *, network: str, at: datetime) -> Staff:
    """Return the person whose password this is; raises Refused or Locked. Every try leaves an audit row.

    The lock counts failures of this account from this network, so that a stranger elsewhere cannot lock
    the owner out; a network that tries many accounts is locked as a whole. With a second factor the right
    password is half of it: the failures stay counted until the code is right too.
    """
    number = number.replace("\x00", "").strip()[:20]  # PostgreSQL takes no NUL
    actor = Actor("staff", number or "-")
    _refuse_locked(number, network, at)
    staff = Staff.objects.filter(number__iexact=number, kind="person").first()
    # An unknown number costs one hash too: the time of the answer tells nothing.
    matches = check_password(password, staff.password if staff else _dummy())
    if staff is None or not staff.is_active or not matches:
        _refuse(number, "sign_in.refused", network=network, by=actor, at=at)
    if second_factor.is_on(staff):
        audit.write("sign_in.half", f"staff:{staff.number}", by=actor, at=at, network=network)
        return staff
    _accept(staff, "sign_in.accepted", network=network, by=actor, at=at)
    return staff


def check_code(staff: Staff, code: str, *, network: str, at: datetime) -> None:
    """Take the second half of a sign-in; raises Refused or Locked. Every try leaves an audit row."""
    actor = Actor("staff", staff.number)
    _refuse_locked(staff.number, network, at, by_code=True)
    if not staff.is_active or not second_factor.take(staff, code, by=actor, at=at):
        _refuse(staff.number, "sign_in.refused", network=network, by=actor, at=at, of_code=True)
    _accept(staff, "sign_in.accepted", network=network, by=actor, at=at)


def prove(staff: Staff, password: str, code: str, *, network: str, at: datetime) -> None:
    """Have the person who is signed in show again that it is them; raises Refused or Locked, counted as at sign-in.

    With a second factor it takes both; what was wrong is not told.
    """
    actor = Actor("staff", staff.number, staff.pk)
    with_code = second_factor.is_on(staff)
    _refuse_locked(staff.number, network, at, by_code=with_code)
    if not check_password(password, staff.password):
        _refuse(staff.number, "proof.refused", network=network, by=actor, at=at)
    if with_code and not second_factor.take(staff, code, by=actor, at=at):
        _refuse(staff.number, "proof.refused", network=network, by=actor, at=at, of_code=True)
    with tx.write():
        _forget(staff.number, network)
        audit.write("proof.given", f"staff:{staff.number}", by=actor, at=at, network=network)


def _accept(staff: Staff, action: str, *, network: str, by: Actor, at: datetime) -> None:
    with tx.write():
        _forget(staff.number, network)
        audit.write(action, f"staff:{staff.number}", by=by, at=at, network=network)
        former.end_when_over(staff, by=by, at=at)


def _forget(number: str, network: str) -> None:
    SignInFailure.objects.filter(number=number.lower(), network=network).delete()


def _refuse(
    number: str, action: str, *, network: str, by: Actor, at: datetime, of_code: bool = False
) -> NoReturn:
    fields = ["code"] if of_code else []
    with tx.write():
        SignInFailure.objects.create(number=number.lower(), network=network, at=at, of_code=of_code)
        audit.write(action, f"staff:{number}", by=by, at=at, fields=fields, result="refused", network=network)
        _record_lock(number, network, by=by, at=at)
    raise Refused


def _refuse_locked(number: str, network: str, at: datetime, *, by_code: bool = False) -> None:
    recent = SignInFailure.objects.filter(number=number.lower(), network=network, at__gt=at - LOCKED_FOR)
    times = list(recent.order_by("-at").values_list("at", flat=True)[:TRIES])
    if len(times) == TRIES:
        raise Locked(times[-1] + LOCKED_FOR - at)
    if len(times) >= SLOWED_FROM:
        again = times[0] + timedelta(seconds=2 ** (len(times) - SLOWED_FROM))
        if at < again:
            raise Locked(again - at)
    tried = SignInFailure.objects.filter(network=network, at__gt=at - NETWORK_WINDOW)
    times = list(tried.order_by("-at").values_list("at", flat=True)[:NETWORK_TRIES])
    if len(times) == NETWORK_TRIES:
        raise Locked(times[-1] + NETWORK_WINDOW - at)
    if by_code:
        guessed = SignInFailure.objects.filter(number=number.lower(), of_code=True, at__gt=at - LOCKED_FOR)
        times = list(guessed.order_by("-at").values_list("at", flat=True)[:CODE_TRIES])
        if len(times) == CODE_TRIES:
            raise Locked(times[-1] + LOCKED_FOR - at)


def _record_lock(number: str, network: str, *, by: Actor, at: datetime) -> None:
    # Once a lock, not once a try: guessing must not fill the trail.
    recent = SignInFailure.objects.filter(number=number.lower(), network=network, at__gt=at - LOCKED_FOR)
    if recent.count() == TRIES:
        audit.write("sign_in.locked", f"staff:{number}", by=by, at=at, result="refused", network=network)


_made: list[str] = []


def _dummy() -> str:
    if not _made:
        _made.append(make_password("nobody's password"))
    return _made[0]
