"""What a password must be (profile “classic”), how it is hashed, and how the first one is made."""

import secrets
import string
import threading
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _

_at_once = threading.BoundedSemaphore(
    2
)  # each hash takes 19 MiB and a core: a flood of sign-ins must not take all
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes, two at a time."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _at_once:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _at_once:
            return super().verify(password, encoded)


def faults(password: str, *, number: str) -> list[str]:
    """Return what is wrong with a new password, in the reader's words; empty when it will do."""
    found = []
    if not 8 <= len(password) <= 128:
        found.append(_("Use 8 to 128 characters."))
    if not any(c.isalpha() for c in password) or not any(c.isdigit() for c in password):
        found.append(_("Use both letters and digits."))
    if not any(c in string.punctuation or not c.isalnum() for c in password):
        found.append(_("Use at least one special character, such as ! or #."))
    if number.lower() in password.lower():
        found.append(_("Leave your employee number out of it."))
    return found


def first() -> str:
    """Return a one-time password that passes the profile and can be read over the phone."""
    while True:
        made = "-".join("".join(secrets.choice(_READABLE) for _i in range(5)) for _j in range(3))
        if any(c.isdigit() for c in made) and any(c.isalpha() for c in made):
            return made


def unusable(_: Any = None) -> str:
    """Return a stored password that nobody can enter, for service accounts."""
    return "!" + secrets.token_urlsafe(24)
