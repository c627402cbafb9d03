"""API tokens: shown once, kept as a digest, cut down to scopes."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from huiyin.base import audit, tx
from huiyin.base import secrets as keys
from huiyin.base.actor import Actor
from huiyin.staff import viewer
from huiyin.staff.models import Staff, Token
from huiyin.staff.permissions import TOKEN_SCOPES

_USED_EVERY = timedelta(minutes=1)


class UnknownScope(Exception):
    """A scope that does not exist."""


def make(
    staff: Staff, scopes: Iterable[str], *, by: Actor, at: datetime, channels: Iterable[str] = ()
) -> str:
    """Return a new token for this account, readable this once; `all` stands for every scope."""
    wanted = set(scopes)
    if "all" in wanted:
        wanted = set(TOKEN_SCOPES)
    if unknown := wanted - set(TOKEN_SCOPES):
        raise UnknownScope(
            f"no scope {', '.join(sorted(unknown))}; there are {', '.join(TOKEN_SCOPES)} and all"
        )
    made = f"hy_{secrets.token_urlsafe(32)}"
    with tx.write():
        Token.objects.create(
            staff=staff,
            digest=keys.digest("token", made),
            scopes=sorted(wanted),
            channels=sorted(channels),
            made_at=at,
        )
        audit.write("token.made", f"staff:{staff.number}", by=by, at=at, fields=sorted(wanted))
    return made


def viewer_of(given: str, *, at: datetime) -> viewer.Viewer | None:
    """Return who holds this token, or None when it is unknown, revoked, expired or its account ended."""
    token = (
        Token.objects.select_related("staff")
        .filter(
            Q(expires_at=None) | Q(expires_at__gt=at), digest=keys.digest("token", given), revoked_at=None
        )
        .first()
    )
    if token is None or not token.staff.is_active:
        return None
    if token.used_at is None or at - token.used_at > _USED_EVERY:
        with tx.write():
            Token.objects.filter(pk=token.pk).update(used_at=at)
    return viewer.of(token.staff, at=at, token_scopes=token.scopes, channels=token.channels)
