"""Keys and what is made with them: one key per purpose, derived (HKDF-SHA256) from the installation's secret."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class NotOurs(Exception):
    """The token or sealed text was not made here for this purpose, or was changed."""


@cache
def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, purpose.encode()).derive(secret.encode())


def digest(purpose: str, text: str) -> str:
    """Return a keyed digest (HMAC-SHA256, hex): equal for equal texts, telling nothing of the text."""
    return hmac.new(_key(settings.SECRET_KEY, purpose), text.encode(), hashlib.sha256).hexdigest()


def token(purpose: str, text: str) -> str:
    """Return `text` with a signature of 160 bits, safe in an address; `read_token` gives the text back."""
    signature = hmac.new(_key(settings.SECRET_KEY, purpose), text.encode(), hashlib.sha256).digest()[:20]
    return urlsafe_b64encode(text.encode() + signature).rstrip(b"=").decode()


def read_token(purpose: str, given: str) -> str:
    """Return the text of a token made for this purpose; raises NotOurs."""
    try:
        raw = urlsafe_b64decode(given + "=" * (-len(given) % 4))
        text = raw[:-20].decode()
    except ValueError:
        raise NotOurs(purpose) from None
    # Comparing the whole token, not only the signature: one text has one spelling.
    if len(raw) <= 20 or not hmac.compare_digest(token(purpose, text).encode(), given.encode()):
        raise NotOurs(purpose)
    return text


def seal(purpose: str, text: str) -> str:
    """Encrypt `text` (AES-256-GCM) for storing; each call gives another result."""
    nonce = os.urandom(12)
    return urlsafe_b64encode(
        nonce + AESGCM(_key(settings.SECRET_KEY, purpose)).encrypt(nonce, text.encode(), None)
    ).decode()


def unseal(purpose: str, sealed: str) -> str:
    """Decrypt what `seal` made; raises NotOurs when the key is another or the text was changed."""
    try:
        raw = urlsafe_b64decode(sealed)
        return AESGCM(_key(settings.SECRET_KEY, purpose)).decrypt(raw[:12], raw[12:], None).decode()
    except (ValueError, InvalidTag):
        raise NotOurs(purpose) from None
