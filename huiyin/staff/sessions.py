"""Sessions in our own table, so that a person's sessions can be listed and ended."""

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from huiyin.base import tx
from huiyin.staff.models import Session, Staff


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = cast("Session", super().create_model_instance(data))
        session.staff_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        return session


def end_all(staff: Staff) -> int:
    """End every session of this person; return how many there were."""
    with tx.write():
        ended, _ = Session.objects.filter(staff=staff).delete()
    return ended
