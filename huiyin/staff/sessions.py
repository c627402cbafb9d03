"""Sessions in our own table, so that a person's sessions can be listed and ended."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest

from huiyin.base import audit, clock, secrets, tx
from huiyin.base.actor import Actor
from huiyin.staff.models import Session, Staff


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        # However busy, a session ends: its age counts from its first row, not from the last request.
        began = datetime.fromtimestamp(data.setdefault("began", clock.now().timestamp()), UTC)
        session = cast("Session", super().create_model_instance(data))
        session.expire_date = min(session.expire_date, began + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        session.staff_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        return session

    def save(self, must_create: bool = False) -> None:
        with tx.write():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        with tx.write():
            super().delete(session_key)


def begin(request: HttpRequest, staff: Staff) -> None:
    """Sign this person in on this browser, under a new session id."""
    with tx.write():
        login(request, staff, backend="django.contrib.auth.backends.ModelBackend")


@dataclass(frozen=True, slots=True)
class Listed:
    """One signed-in browser, as its owner recognises it. `ref` names it without being the key that opens it."""

    ref: str
    since: datetime | None
    seen: datetime | None
    network: str
    browser: str


def describe(session: SessionBase, *, network: str, browser: str, at: datetime) -> None:
    """Write into a session just begun where it began, so that its owner can tell it from others."""
    session["signed_in"] = at.timestamp()
    session["network"], session["browser"] = network, browser[:160]


def ref_of(session_key: str) -> str:
    """Return the public name of a session."""
    return secrets.digest("session", session_key)[:24]


def of(staff: Staff, *, at: datetime) -> list[Listed]:
    """Return the sessions of this person that still stand, the newest first."""
    found = [_listed(session) for session in Session.objects.filter(staff=staff, expire_date__gt=at)]
    return sorted(found, key=lambda one: (one.since or at, one.ref), reverse=True)


def end(staff: Staff, ref: str, *, by: Actor, at: datetime) -> bool:
    """End one session of this person; False when there is none of this name."""
    with tx.write():
        keys = list(Session.objects.filter(staff=staff).values_list("pk", flat=True))
        ended = [key for key in keys if hmac.compare_digest(ref_of(key), ref)]
        if ended:
            Session.objects.filter(pk__in=ended).delete()
            audit.write("session.ended", f"staff:{staff.number}", by=by, at=at)
    return bool(ended)


def end_every(staff: Staff, *, by: Actor, at: datetime) -> int:
    """End every session of this person on purpose, which is recorded; return how many there were."""
    with tx.write():
        ended = end_all(staff)
        if ended:
            audit.write("session.ended", f"staff:{staff.number}", by=by, at=at, fields=["all"])
    return ended


def end_all(staff: Staff) -> int:
    """End every session of this person; return how many there were."""
    with tx.write():
        ended, _ = Session.objects.filter(staff=staff).delete()
    return ended


def _listed(session: Session) -> Listed:
    told = session.get_decoded()

    def moment(name: str) -> datetime | None:
        return datetime.fromtimestamp(told[name], UTC) if name in told else None

    since = moment("signed_in") or moment("began")
    return Listed(ref_of(session.pk), since, moment("seen"), told.get("network", ""), told.get("browser", ""))
