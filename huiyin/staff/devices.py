"""Devices that people have signed in on: there a lock counts only their own failures, not those of the network.

A signed cookie says so, and nothing is stored: it holds for its person until they have another password or second
factor, or leave. It opens nothing. On a shared device it knows the last five people.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from huiyin.base import secrets as keys
from huiyin.staff.models import SecondFactor, Staff

LASTS = timedelta(days=180)
PEOPLE = 5
_PURPOSE = "known-device"
_BETWEEN = "."  # in no token


def brought(request: HttpRequest) -> str:
    """Return what the browser brought to show that it is known; it may be anything."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def known(staff: Staff, brought: str, *, at: datetime) -> str | None:
    """Return the name that this person's failures are counted under on this device; None when it is not known."""
    stamp = _stamp(staff)
    for told_stamp, since, name in _read(brought):
        if told_stamp == stamp and staff.is_active and at.timestamp() - int(since) < LASTS.total_seconds():
            return f"device {name}"
    return None


def remember(request: HttpRequest, response: HttpResponse, staff: Staff, *, at: datetime) -> None:
    """Have the browser keep that this person signed in fully on it; each call gives the device another name."""
    mine = ":".join((_stamp(staff), str(int(at.timestamp())), secrets.token_hex(8)))
    others = [":".join(told) for told in _read(brought(request)) if told[0] != _stamp(staff)]
    tokens = [keys.token(_PURPOSE, text) for text in (mine, *others[: PEOPLE - 1])]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, _BETWEEN.join(tokens), max_age=LASTS, samesite="Lax", httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _read(brought: str) -> list[tuple[str, str, str]]:
    found = []
    for given in brought.split(_BETWEEN)[:PEOPLE]:
        try:
            stamp, since, name = keys.read_token(_PURPOSE, given).split(":")
        except keys.NotOurs:
            continue
        found.append((stamp, since, name))
    return found


def _stamp(staff: Staff) -> str:
    # Who it is and how they sign in, as a digest: an internal id never leaves.
    factor = SecondFactor.objects.filter(staff=staff).values_list("sealed", flat=True).first() or ""
    return keys.digest(_PURPOSE, f"{staff.pk}:{staff.get_session_auth_hash()}:{factor}")[:32]
