"""Signing in by employee number, slowed and locked against guessing, without letting a stranger lock anyone out.

Whoever has a second factor signs in with `check` and then `check_code`. `prove` is the same asked of who is in already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import QuerySet

from huiyin.base import audit, tx
from huiyin.base.actor import Actor
from huiyin.staff import devices, former, one_time, second_factor
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


class RunOut(Refused):
    """The password is the one that was given, and its time is over: only who knew it is told so."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Locked(Exception):
    """Too many failures; `seconds` and `minutes` say when the next try is looked at."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(left)
        self.seconds = max(1, -int(-left.total_seconds() // 1))
        self.minutes = -(-self.seconds // 60)


def check(number: str, password: str, *, network: str, at: datetime, device: str = "") -> Staff:
    """Return the person whose password this is; raises Refused, RunOut or Locked. Every try leaves an audit row.

    The lock counts failures of this account from this network, so that a stranger elsewhere cannot lock
    the owner out; a network that tries many accounts is locked as a whole. On a device that the owner is known
    on (`device` is what `devices.brought` gave) only its own failures count. With a second factor the right
    password is half of it: the failures stay counted until the code is right too.
    """
    number = number.replace("\x00", "").strip()[:20]  # PostgreSQL takes no NUL
    staff = Staff.objects.filter(number__iexact=number, kind="person").first()
    one = _Try(number, network, _counted(staff, network, device, at=at), Actor("staff", number or "-"), at)
    _refuse_locked(one)
    # An unknown number costs one hash too: the time of the answer tells nothing.
    matches = check_password(password, staff.password if staff else _dummy())
    if staff is None or not staff.is_active or not matches:
        _refuse(one, "sign_in.refused")
    if one_time.has_run_out(staff, at=at):
        _refuse_given(staff, one)
    if second_factor.is_on(staff):
        audit.write("sign_in.half", f"staff:{staff.number}", by=one.by, at=at, network=network)
        return staff
    _accept(staff, one)
    return staff


def check_code(staff: Staff, code: str, *, network: str, at: datetime, device: str = "") -> None:
    """Take the second half of a sign-in; raises Refused or Locked. Every try leaves an audit row."""
    actor = Actor("staff", staff.number)
    one = _Try(staff.number, network, _counted(staff, network, device, at=at), actor, at)
    _refuse_locked(one, by_code=True)
    if not staff.is_active or not second_factor.take(staff, code, by=actor, at=at):
        _refuse(one, "sign_in.refused", of_code=True)
    _accept(staff, one)


def prove(staff: Staff, password: str, code: str, *, network: str, at: datetime, device: str = "") -> None:
    """Have the person who is signed in show again that it is them; raises Refused or Locked, counted as at sign-in.

    With a second factor it takes both; what was wrong is not told.
    """
    actor = Actor("staff", staff.number, staff.pk)
    one = _Try(staff.number, network, _counted(staff, network, device, at=at), actor, at)
    with_code = second_factor.is_on(staff)
    _refuse_locked(one, by_code=with_code)
    if not check_password(password, staff.password):
        _refuse(one, "proof.refused")
    if with_code and not second_factor.take(staff, code, by=actor, at=at):
        _refuse(one, "proof.refused", of_code=True)
    with tx.write():
        _forget(one)
        audit.write("proof.given", f"staff:{staff.number}", by=actor, at=at, network=network)


@dataclass(frozen=True, slots=True)
class _Try:
    """One try: the network it came from, and what its failures are counted under."""

    number: str
    network: str
    counted: str
    by: Actor
    at: datetime

    def failures(self) -> QuerySet[SignInFailure]:
        """Return the failures of this account that are counted with this try."""
        return SignInFailure.objects.filter(number=self.number.lower(), network=self.counted)


def _counted(staff: Staff | None, network: str, device: str, *, at: datetime) -> str:
    return (devices.known(staff, device, at=at) if staff and device else None) or network


def _accept(staff: Staff, one: _Try) -> None:
    with tx.write():
        _forget(one)
        audit.write("sign_in.accepted", f"staff:{staff.number}", by=one.by, at=one.at, network=one.network)
        former.end_when_over(staff, by=one.by, at=one.at)


def _forget(one: _Try) -> None:
    one.failures().delete()


def _refuse(one: _Try, action: str, *, of_code: bool = False, fields: Sequence[str] = ()) -> NoReturn:
    told = SignInFailure(number=one.number.lower(), network=one.counted, at=one.at, of_code=of_code)
    with tx.write():
        told.save()
        _write_refused(one, action, fields=["code"] if of_code else list(fields))
        _record_lock(one)
    raise Refused


def _refuse_given(staff: Staff, one: _Try) -> NoReturn:
    # Counted like any failure: whoever knows an old password learns nothing more by trying it often.
    try:
        _refuse(one, "sign_in.refused", fields=["ran_out"])
    except Refused:
        assert staff.password_until is not None
        raise RunOut(staff.password_until) from None


def _refuse_locked(one: _Try, *, by_code: bool = False) -> None:
    at = one.at
    recent = one.failures().filter(at__gt=at - LOCKED_FOR)
    times = list(recent.order_by("-at").values_list("at", flat=True)[:TRIES])
    if len(times) == TRIES:
        raise Locked(times[-1] + LOCKED_FOR - at)
    if len(times) >= SLOWED_FROM:
        again = times[0] + timedelta(seconds=2 ** (len(times) - SLOWED_FROM))
        if at < again:
            raise Locked(again - at)
    tried = SignInFailure.objects.filter(network=one.counted, at__gt=at - NETWORK_WINDOW)
    times = list(tried.order_by("-at").values_list("at", flat=True)[:NETWORK_TRIES])
    if len(times) == NETWORK_TRIES:
        raise Locked(times[-1] + NETWORK_WINDOW - at)
    if by_code:
        of_code = SignInFailure.objects.filter(number=one.number.lower(), of_code=True)
        guessed = of_code.filter(at__gt=at - LOCKED_FOR)
        times = list(guessed.order_by("-at").values_list("at", flat=True)[:CODE_TRIES])
        if len(times) == CODE_TRIES:
            raise Locked(times[-1] + LOCKED_FOR - at)


def _record_lock(one: _Try) -> None:
    # Once a lock, not once a try: guessing must not fill the trail.
    if one.failures().filter(at__gt=one.at - LOCKED_FOR).count() == TRIES:
        _write_refused(one, "sign_in.locked", fields=[])


def _write_refused(one: _Try, action: str, *, fields: list[str]) -> None:
    audit.write(
        action,
        f"staff:{one.number}",
        by=one.by,
        at=one.at,
        fields=fields,
        result="refused",
        network=one.network,
    )


_made: list[str] = []


def _dummy() -> str:
    if not _made:
        _made.append(make_password("nobody's password"))
    return _made[0]
