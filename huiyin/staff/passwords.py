"""What a password must be (profile “classic” or “modern”), how it is hashed, and how the first one is made."""

import secrets
import string
import threading
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext as _

from huiyin.base.config import MODERN

CLASSIC_AT_LEAST, MODERN_AT_LEAST, AT_MOST = 8, 12, 128
_DIFFERENT_SIGNS = 5
_NEAR_WORD = 4
_OURS = ("huiyin", "回音")
# Rows that fingers run along: any twelve signs of them in a row are no password.
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
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


def faults(password: str, *, number: str, near: Iterable[str] = ()) -> list[str]:
    """Return what is wrong with a new password, in the reader's words; empty when it will do.

    `near` are words of the surroundings that others would try first: the person's name, that of the house.
    """
    if settings.HUIYIN.password_profile == MODERN:
        return _modern(password, (number, *near))
    return _classic(password, number)


def advice() -> str:
    """Say in one sentence what a password must be."""
    if settings.HUIYIN.password_profile == MODERN:
        return _("At least 12 characters: some words that belong together only for you are best.")
    return _("At least 8 characters, with letters, digits and a special character.")


def _classic(password: str, number: str) -> list[str]:
    found = []
    if not CLASSIC_AT_LEAST <= len(password) <= AT_MOST:
        found.append(_("Use 8 to 128 characters."))
    if not any(c.isalpha() for c in password) or not any(c.isdigit() for c in password):
        found.append(_("Use both letters and digits."))
    if not any(c in string.punctuation or not c.isalnum() for c in password):
        found.append(_("Use at least one special character, such as ! or #."))
    if number.lower() in password.lower():
        found.append(_("Leave your employee number out of it."))
    return found


def _modern(password: str, near: Iterable[str]) -> list[str]:
    found, plain = [], password.casefold()
    if not MODERN_AT_LEAST <= len(password) <= AT_MOST:
        found.append(_("Use 12 to 128 characters."))
    if _is_common(plain):
        found.append(_("Many people use this one, or it is easy to guess. Choose another."))
    words = {word.casefold() for words in (*near, *_OURS) for word in (words, *words.split())}
    if any(_is_long_enough(word) and word in plain for word in words):
        found.append(_("Leave your number, your name and the name of the house out of it."))
    return found


def _is_long_enough(word: str) -> bool:
    # Two Chinese characters are a name; two Latin letters are in half of all passwords.
    return len(word) >= (_NEAR_WORD if word.isascii() else 2)


def _is_common(plain: str) -> bool:
    if len(set(plain)) < _DIFFERENT_SIGNS or any(plain in run or plain in run[::-1] for run in _RUNS):
        return True
    half = len(plain) // 2
    # What stands around a known word, or saying it twice, hides nothing.
    cores = {
        plain,
        plain.strip(string.digits + string.punctuation + " "),
        plain.strip(string.punctuation + " "),
    }
    cores |= {plain[:half] if plain[:half] * 2 == plain else plain}
    return not cores.isdisjoint(_common())


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords) | {""}


def first() -> str:
    """Return a one-time password that passes the profile and can be read over the phone."""
    while True:
        made = "-".join("".join(secrets.choice(_READABLE) for _i in range(5)) for _j in range(3))
        if any(c.isdigit() for c in made) and any(c.isalpha() for c in made):
            return made


def unusable(_: Any = None) -> str:
    """Return a stored password that nobody can enter, for service accounts."""
    return "!" + secrets.token_urlsafe(24)
