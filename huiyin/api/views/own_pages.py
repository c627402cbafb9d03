"""What a person's own pages do, for a program: what they were told, where they were mentioned, their sessions."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.base import clock
from huiyin.cases import mentions
from huiyin.duty.models import given_work_by
from huiyin.notices import tell, words
from huiyin.notices.models import Notice
from huiyin.staff import people, sessions
from huiyin.staff.models import Staff

of_work = Router(auth=Bearer("cases:write"), tags=["people"])
of_sessions = Router(auth=Bearer("admin"), tags=["people"])
Name = Annotated[str, StringConstraints(max_length=40)]


class Shown(BaseModel):
    model_config = ConfigDict(extra="forbid")
    limit: int = Field(50, ge=1, le=200)


class ReadIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ids: list[Name] = Field(min_length=1, max_length=200)


class Kept(BaseModel):
    """`but` is the one session that goes on."""

    model_config = ConfigDict(extra="forbid")
    but: Name = ""


@of_work.get("/{colleague}/notices", response=dict, summary="What somebody was told and has not read")
def list_notices(request: HttpRequest, colleague: str, shown: Query[Shown]) -> dict[str, Any]:
    staff = _at_work(request, colleague)
    found = tell.unread_seen_by(staff.pk, viewer_of(request), limit=shown.limit)
    return {"items": [_notice(one) for one in found]}


@of_work.post("/{colleague}/notices/read", response=dict, summary="Mark what they were told as read")
def read_notices(request: HttpRequest, colleague: str, body: ReadIn) -> dict[str, Any]:
    staff, viewer = _at_work(request, colleague), viewer_of(request)
    marked = tell.read(staff.pk, set(body.ids), viewer=viewer, by=viewer.actor, at=clock.now())
    return {"marked": marked}


@of_work.get("/{colleague}/mentions", response=dict, summary="Where somebody was mentioned")
def list_mentions(request: HttpRequest, colleague: str) -> dict[str, Any]:
    found = mentions.of_person(_at_work(request, colleague).pk, seen_by=viewer_of(request))
    return {
        "items": [
            {
                "id": str(one.uuid),
                "case": one.case.number,
                "by": one.by.number,
                "seq": one.seq,
                "state": one.state,
                "at": stamp(one.at),
                "settled_at": stamp(one.settled_at),
            }
            for one in found
        ]
    }


@of_sessions.get("/{person}/sessions", response=dict, summary="Where somebody is signed in")
def list_sessions(request: HttpRequest, person: str) -> dict[str, Any]:
    return {
        "items": [
            {
                "id": one.ref,
                "signed_in_at": stamp(one.since),
                "seen_at": stamp(one.seen),
                "network": one.network,
                "browser": one.browser,
            }
            for one in sessions.of(_person(person), at=clock.now())
        ]
    }


@of_sessions.delete("/{person}/sessions", response=dict, summary="End every session, or all but one")
def end_sessions(request: HttpRequest, person: str, kept: Query[Kept]) -> dict[str, Any]:
    by = viewer_of(request).actor
    try:
        return {"ended": sessions.end_every(_person(person), by=by, at=clock.now(), but=kept.but)}
    except sessions.Unknown:
        raise Http404 from None


@of_sessions.delete("/{person}/sessions/{session}", response=dict, summary="End one session")
def end_session(request: HttpRequest, person: str, session: str) -> dict[str, Any]:
    if not sessions.end(_person(person), session, by=viewer_of(request).actor, at=clock.now()):
        raise Http404
    return {"ended": 1}


def _at_work(request: HttpRequest, number: str) -> Staff:
    """Return the person, if the account gives work to others where they are; Http404 for all others alike."""
    staff = _person(number)
    if not given_work_by(viewer_of(request), at=clock.now()).filter(pk=staff.pk).exists():
        raise Http404
    return staff


def _person(number: str) -> Staff:
    found = people.one(number)
    if found is None or found.kind != "person":
        raise Http404
    return found


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": tell.ref_of(notice),
        "kind": notice.kind,
        "case": notice.case_number or None,
        "sentence": words.sentence(notice),
        "at": stamp(notice.at),
    }
