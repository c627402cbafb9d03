"""API tokens: shown once, kept as a digest, cut down to scopes."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from huiyin.base import audit, tx
from huiyin.base import secrets as keys
from huiyin.base.actor import Actor
from huiyin.staff import viewer
from huiyin.staff.models import Staff, Token
from huiyin.staff.permissions import TOKEN_SCOPES
from huiyin.staff.refusal import Refusal

_USED_EVERY = timedelta(minutes=1)


class UnknownScope(Exception):
    """A scope that does not exist."""


def make(
    staff: Staff,
    scopes: Iterable[str],
    *,
    by: Actor,
    at: datetime,
    channels: Iterable[str] = (),
    expires_at: datetime | None = None,
) -> str:
    """Return a new token for this account, readable this once; `all` stands for every scope.

    Raises UnknownScope, and Refusal when the account is a person or the expiry is over already.
    """
    wanted = set(scopes)
    if "all" in wanted:
        wanted = set(TOKEN_SCOPES)
    if unknown := wanted - set(TOKEN_SCOPES):
        raise UnknownScope(
            f"no scope {', '.join(sorted(unknown))}; there are {', '.join(TOKEN_SCOPES)} and all"
        )
    if staff.kind != "service":
        raise Refusal("not_a_service", who=staff.number)
    if expires_at is not None and expires_at <= at:
        raise Refusal("expiry_past")
    made = f"hy_{secrets.token_urlsafe(32)}"
    with tx.write():
        Token.objects.create(
            staff=staff,
            digest=keys.digest("token", made),
            scopes=sorted(wanted),
            channels=sorted(channels),
            made_at=at,
            expires_at=expires_at,
        )
        audit.write("token.made", f"staff:{staff.number}", by=by, at=at, fields=sorted(wanted))
    return made


def of(staff: Staff) -> list[Token]:
    """Return every token of this account, the newest first; what they are is not kept, only what they may."""
    return list(Token.objects.filter(staff=staff).order_by("-id"))


def revoke(uuid: UUID, *, by: Actor, at: datetime) -> bool:
    """End a token at once; False when there is none of this name that still stands."""
    with tx.write():
        token = Token.objects.select_related("staff").filter(uuid=uuid, revoked_at=None).first()
        if token is None:
            return False
        Token.objects.filter(pk=token.pk).update(revoked_at=at)
        audit.write("token.revoked", f"staff:{token.staff.number}", by=by, at=at, fields=token.scopes)
    forget()
    return True


def revoke_all(staff: Staff, *, by: Actor, at: datetime) -> None:
    """End every token of this account; a second call finds none."""
    for token in Token.objects.filter(staff=staff, revoked_at=None):
        revoke(token.uuid, by=by, at=at)


_held: dict[str, tuple[datetime, viewer.Viewer]] = {}
_HELD_FOR = timedelta(seconds=2)
_HELD_MOST = 1000


def viewer_held(given: str, *, at: datetime) -> viewer.Viewer | None:
    """Return what `viewer_of` returns, asked at most every two seconds: a withdrawn right ends within that time."""
    digest = keys.digest("token", given)
    if (held := _held.get(digest)) and timedelta() <= at - held[0] <= _HELD_FOR:
        return held[1]
    found = viewer_of(given, at=at)
    if len(_held) >= _HELD_MOST:
        _held.clear()
    if found is not None:
        _held[digest] = (at, found)
    return found


def forget() -> None:
    """Drop what is held, when tokens or rights changed in this process."""
    _held.clear()


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
        # Who only reads is served while the store takes no writes; a later use is noted instead.
        with suppress(tx.Busy, tx.Unavailable), tx.write():
            Token.objects.filter(pk=token.pk).update(used_at=at)
    return viewer.of(token.staff, at=at, token_scopes=token.scopes, channels=token.channels)
