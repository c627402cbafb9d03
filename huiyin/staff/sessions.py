"""Sessions in our own table, so that a person's sessions can be listed and ended."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from huiyin.base import clock, tx
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


def end_all(staff: Staff) -> int:
    """End every session of this person; return how many there were."""
    with tx.write():
        ended, _ = Session.objects.filter(staff=staff).delete()
    return ended
