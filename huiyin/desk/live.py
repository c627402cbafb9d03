"""GET /live/desk: hints to one person's screens. Hints name a case; what may be seen is fetched by the page itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from huiyin.base import clock
from huiyin.base.live import Hub
from huiyin.base.streams import HEADERS, Subscription, stream
from huiyin.cases.models import Case
from huiyin.staff import sessions, viewer
from huiyin.staff.models import Session, Staff

EVENTS = {"case.changed": 1, "notice.made": 1}


class DeskStream:
    """The endpoint, with the hub it feeds from."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("origin", 403)
        session_key = _named(request.cookies.get(settings.SESSION_COOKIE_NAME, ""))
        number = _named(request.query_params.get("case", ""))
        admitted = await sync_to_async(_admit, thread_sensitive=False)(session_key, number)
        if admitted is None:
            return PlainTextResponse("sign in", 401)
        staff_id, topics, subject = admitted
        subscription = self._hub.subscribe(topics, person=f"staff:{staff_id}", subject=subject)
        return StreamingResponse(stream(subscription), headers=dict(HEADERS))


def recheck(open_streams: Sequence[Subscription]) -> Mapping[Subscription, frozenset[str]]:
    """Return the topics each stream may keep; a stream whose session has ended keeps none."""
    try:
        subjects: dict[Subscription, Any] = {one: one.subject for one in open_streams}
        people = {staff_id for _, staff_id, _ in subjects.values()}
        at = clock.now()
        stand = Session.objects.filter(staff__in=people, staff__is_active=True, expire_date__gt=at)
        alive = {sessions.ref_of(one.pk) for one in stand if not sessions.is_idle(one.get_decoded(), at=at)}
        return {
            one: _topics(staff_id, number)
            for one, (ref, staff_id, number) in subjects.items()
            if ref in alive
        }
    finally:
        close_old_connections()


def _named(value: str) -> str:
    """Return the value, or nothing for one that PostgreSQL could not even look for."""
    return "" if "\x00" in value else value


def _admit(session_key: str, number: str) -> tuple[int, frozenset[str], Any] | None:
    try:
        session = (
            Session.objects.filter(pk=session_key, expire_date__gt=clock.now())
            .select_related("staff")
            .first()
        )
        if session is None or session.staff is None or not session.staff.is_active:
            return None
        decoded = session.get_decoded()
        if sessions.is_idle(decoded, at=clock.now()):
            return None
        if str(session.staff_id) != decoded.get(SESSION_KEY) or not decoded.get("scope_confirmed"):
            return None
        # The hub remembers the name of the session, never the key that opens it.
        subject = (sessions.ref_of(session.pk), session.staff.pk, number)
        return session.staff.pk, _topics(session.staff.pk, number), subject
    finally:
        close_old_connections()


def _topics(staff_id: int, number: str) -> frozenset[str]:
    seen = viewer.of(Staff.objects.get(pk=staff_id), at=clock.now())
    topics = {f"person:{staff_id}", *seen.topics}
    if number and Case.objects.visible_to(seen).filter(number=number).exists():
        topics.add(f"case:{number}")
    return frozenset(topics)
