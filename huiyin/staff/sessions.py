"""Sessions in our own table, so that a person's sessions can be listed and ended."""

import hmac
from collections.abc import Mapping
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
from huiyin.staff import browsers
from huiyin.staff.models import Session, Staff

PROOF_LASTS = timedelta(minutes=10)
HALF_LASTS = timedelta(minutes=10)


class Unknown(Exception):
    """No session of this person has this name."""


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


def begin(request: HttpRequest, staff: Staff, *, at: datetime) -> None:
    """Sign this person in on this browser, under a new session id; they have just shown that it is them."""
    with tx.write():
        request.session.pop("half", None)
        login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
    note_proof(request.session, at=at)


def begin_half(request: HttpRequest, staff: Staff, *, following: str, at: datetime) -> None:
    """Remember under a new session id that this browser knew the password; it reaches nothing before its code.

    Nobody is signed in by it: to every page and stream its visitor is a stranger.
    """
    with tx.write():
        request.session.flush()
        request.session["half"] = [staff.pk, staff.get_session_auth_hash(), following, at.timestamp()]


def half(request: HttpRequest, *, at: datetime) -> tuple[Staff, str] | None:
    """Return who is to bring a code and where they wanted to go; None when nobody is, or too late.

    A password that changed meanwhile ends it too.
    """
    pk, knew, following, began = request.session.get("half") or (0, "", "", 0.0)
    if at.timestamp() - began > HALF_LASTS.total_seconds():
        return None
    staff = Staff.objects.filter(pk=pk, is_active=True).first()
    if staff is None or not hmac.compare_digest(staff.get_session_auth_hash(), knew):
        return None
    return staff, following


def note_proof(session: SessionBase, *, at: datetime) -> None:
    """Remember that the person at this browser has just shown that it is them."""
    session["proved"] = at.timestamp()


def is_proved(session: SessionBase, *, at: datetime) -> bool:
    """Tell whether they showed it within the last ten minutes."""
    proved: float = session.get("proved", 0.0)
    return 0 <= at.timestamp() - proved < PROOF_LASTS.total_seconds()


def is_idle(told: Mapping[str, Any], *, at: datetime) -> bool:
    """Tell whether nobody has worked at this session for longer than the setting allows."""
    seen: float = told.get("seen", at.timestamp())
    return at.timestamp() - seen > settings.HUIYIN.idle_minutes * 60


@dataclass(frozen=True, slots=True)
class Listed:
    """One signed-in browser, as its owner recognises it. `ref` names it without being the key that opens it."""

    ref: str
    since: datetime | None
    seen: datetime | None
    network: str
    browser: str

    @property
    def device(self) -> str:
        """The browser in the reader's words."""
        return browsers.words(self.browser)


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
        ended = [key for key in keys if _is_named(key, ref)]
        if ended:
            Session.objects.filter(pk__in=ended).delete()
            audit.write("session.ended", f"staff:{staff.number}", by=by, at=at)
    return bool(ended)


def end_every(staff: Staff, *, by: Actor, at: datetime, but: str = "") -> int:
    """End every session of this person on purpose, or all but the one of this name, which is recorded.

    Return how many there were. Raises Unknown when there is none of this name: then nothing ended.
    """
    with tx.write():
        standing = Session.objects.filter(staff=staff)
        if but:
            kept = [key for key in standing.values_list("pk", flat=True) if _is_named(key, but)]
            if not kept:
                raise Unknown(but)
            standing = standing.exclude(pk__in=kept)
        ended, _ = standing.delete()
        if ended:
            which = "others" if but else "all"
            audit.write("session.ended", f"staff:{staff.number}", by=by, at=at, fields=[which])
    return ended


def end_others(staff: Staff, *, but: str | None) -> None:
    """End every session of this person but the one of this key."""
    with tx.write():
        Session.objects.filter(staff=staff).exclude(pk=but).delete()


def end_all(staff: Staff) -> int:
    """End every session of this person; return how many there were."""
    with tx.write():
        ended, _ = Session.objects.filter(staff=staff).delete()
    return ended


def _is_named(key: str, ref: str) -> bool:
    return hmac.compare_digest(ref_of(key).encode(), ref.encode())


def _listed(session: Session) -> Listed:
    told = session.get_decoded()

    def moment(name: str) -> datetime | None:
        return datetime.fromtimestamp(told[name], UTC) if name in told else None

    since = moment("signed_in") or moment("began")
    return Listed(ref_of(session.pk), since, moment("seen"), told.get("network", ""), told.get("browser", ""))
