"""Setting up accounts."""

import secrets as random
from datetime import datetime
from urllib.parse import urlsplit

from huiyin.base import audit, secrets, tx
from huiyin.base.actor import Actor
from huiyin.channels import deliver
from huiyin.channels.models import Account


class Unknown(Exception):
    """No account has this code."""


class BadAddress(Exception):
    """The address cannot be called."""


def everything() -> list[Account]:
    """Return the accounts in use, by code."""
    return list(Account.objects.filter(retired_at=None).order_by("code"))


def set_callback(code: str, url: str, *, by: Actor, at: datetime) -> str | None:
    """Set where this account's answers are delivered (empty: nowhere); return the new signing secret, shown once.

    Each call makes another secret. Raises Unknown or BadAddress.
    """
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username):
        raise BadAddress(
            "Write an http or https address without a user name, for example https://shop.example.com/hook"
        )
    secret = random.token_urlsafe(32) if url else None
    with tx.write():
        sealed = secrets.seal("callback", secret) if secret else ""
        if not Account.objects.filter(code=code, retired_at=None).update(
            callback_url=url, callback_secret=sealed
        ):
            raise Unknown(code)
        audit.write("channel.callback_set", f"channel:{code}", by=by, at=at, fields=["callback_url"])
    deliver.forget()
    return secret


def set_signing(code: str, *, on: bool, by: Actor, at: datetime) -> str | None:
    """Let messages of this account come in signed, or no more; return the new secret, shown once.

    Each call makes another secret, and the one before is worth nothing from then on. Raises Unknown.
    """
    secret = random.token_urlsafe(32) if on else None
    with tx.write():
        sealed = secrets.seal("inbound", secret) if secret else ""
        if not Account.objects.filter(code=code, retired_at=None).update(signing_secret=sealed):
            raise Unknown(code)
        fields = ["signing_secret"]
        result = "ok" if on else "off"
        audit.write("channel.signing_set", f"channel:{code}", by=by, at=at, fields=fields, result=result)
    return secret
