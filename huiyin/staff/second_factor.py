"""The second factor: six digits from an app (TOTP, RFC 6238), or one of ten recovery codes when the phone is lost."""

import hmac
import secrets
import unicodedata
from base64 import b32decode, b32encode
from datetime import datetime

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db.models import Q

from huiyin.base import audit, tx
from huiyin.base import secrets as keys
from huiyin.base.actor import Actor
from huiyin.staff import sessions
from huiyin.staff.models import Grant, RecoveryCode, SecondFactor, Staff
from huiyin.staff.refusal import Refusal

STEP_S = 30
DIGITS = 6
RECOVERY_CODES = 10
ISSUER = "Huiyin"
_PURPOSE = "second-factor"
_KEY_BYTES = 20  # as long as SHA-1's digest: RFC 4226, section 4
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is misread
_LETTERS_A_CODE = 10


def is_on(staff: Staff) -> bool:
    """Tell whether this person signs in with a code."""
    return SecondFactor.objects.filter(staff=staff).exists()


def is_required(staff: Staff, *, at: datetime) -> bool:
    """Tell whether a role that the person has at `at` asks for a second factor."""
    lasting = Q(until=None) | Q(until__gt=at)
    return Grant.objects.filter(lasting, staff=staff, role__second_factor=True).exists()


def new_key() -> str:
    """Return a fresh key in base32, as apps take it."""
    return b32encode(secrets.token_bytes(_KEY_BYTES)).decode()


def seal(key: str) -> str:
    """Encrypt a key for storing."""
    return keys.seal(_PURPOSE, key)


def unseal(sealed: str) -> str:
    """Decrypt what `seal` made; raises NotOurs."""
    return keys.unseal(_PURPOSE, sealed)


def picture(key: str, staff: Staff) -> str:
    """Return the key as a QR code, an SVG in a data address: dark on light in either scheme, so that phones read it."""
    code = segno.make(_totp(key).get_provisioning_uri(staff.number, ISSUER), error="m", micro=False)
    return str(code.svg_data_uri(scale=5, light="#fff"))


def turn_on(staff: Staff, key: str, code: str, *, by: Actor, at: datetime) -> list[str]:
    """Ask for a code at every sign-in from now on; return the recovery codes, readable this once.

    A key that the person had is replaced. Raises Refusal when the code does not come from this key.
    """
    step = _step_of(key, _plain(code), at=at)
    if step is None:
        raise Refusal("code_wrong")
    with tx.write():
        told = {"sealed": seal(key), "last_step": step, "since": at}
        _, made = SecondFactor.objects.update_or_create(staff=staff, defaults=told)
        action = "second_factor.turned_on" if made else "second_factor.renewed"
        audit.write(action, f"staff:{staff.number}", by=by, at=at)
        return _recovery_codes(staff)


def new_recovery_codes(staff: Staff, *, by: Actor, at: datetime) -> list[str]:
    """Return ten new recovery codes, readable this once; the old ones are worth nothing from now on."""
    with tx.write():
        audit.write("second_factor.codes_made", f"staff:{staff.number}", by=by, at=at)
        return _recovery_codes(staff)


def codes_left(staff: Staff) -> int:
    """Return how many recovery codes the person has not used."""
    return RecoveryCode.objects.filter(staff=staff).count()


def take(staff: Staff, code: str, *, by: Actor, at: datetime) -> bool:
    """Take a code of the app or a recovery code; each is good once. False when it is wrong or was taken before."""
    plain = _plain(code)
    if len(plain) == _LETTERS_A_CODE:
        with tx.write():
            used, _ = RecoveryCode.objects.filter(digest=_digest(staff, plain)).delete()
            if used:
                audit.write("second_factor.recovery_used", f"staff:{staff.number}", by=by, at=at)
        return bool(used)
    factor = SecondFactor.objects.filter(staff=staff).first()
    step = _step_of(unseal(factor.sealed), plain, at=at) if factor else None
    if step is None:
        return False
    with tx.write():
        # Of two who bring the same code at once, one moves the step on.
        later = SecondFactor.objects.filter(staff=staff, last_step__lt=step)
        return later.update(last_step=step) == 1


def turn_off(staff: Staff, *, by: Actor, at: datetime) -> None:
    """Ask for no code any more; a second call changes nothing. Raises Refusal when a role asks for one."""
    if is_required(staff, at=at):
        raise Refusal("factor_required")
    _remove(staff, "second_factor.turned_off", by=by, at=at)


def take_away(staff: Staff, *, by: Actor, at: datetime) -> bool:
    """Remove the factor of somebody who lost it and end their sessions; False when there was none."""
    with tx.write():
        removed = _remove(staff, "second_factor.taken_away", by=by, at=at)
        if removed:
            sessions.end_every(staff, by=by, at=at)
    return removed


def _remove(staff: Staff, action: str, *, by: Actor, at: datetime) -> bool:
    with tx.write():
        removed, _ = SecondFactor.objects.filter(staff=staff).delete()
        RecoveryCode.objects.filter(staff=staff).delete()
        if removed:
            audit.write(action, f"staff:{staff.number}", by=by, at=at)
    return bool(removed)


def _totp(key: str) -> TOTP:
    # SHA-1 is what every app knows; within HMAC nothing of its weakness matters (RFC 6238, section 1.2).
    return TOTP(b32decode(key), DIGITS, SHA1(), STEP_S)  # noqa: S303


def _step_of(key: str, code: str, *, at: datetime) -> int | None:
    """Return which step the code belongs to: the present one, or a neighbour for a clock that is a little wrong."""
    totp, now = _totp(key), int(at.timestamp()) // STEP_S
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(totp.generate(step * STEP_S), code.encode()):
            return step
    return None


def _plain(code: str) -> str:
    # A Chinese keyboard may write the digits wide.
    return "".join(sign for sign in unicodedata.normalize("NFKC", code).lower() if sign.isalnum())


def _recovery_codes(staff: Staff) -> list[str]:
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_A_CODE)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(staff=staff).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(staff=staff, digest=_digest(staff, one)) for one in codes)
    return [f"{one[:5]}-{one[5:]}" for one in codes]


def _digest(staff: Staff, code: str) -> str:
    # Fifty bits drawn by us and a key outside the database: a slow hash would add nothing.
    return keys.digest("recovery-code", f"{staff.pk}:{code}")
