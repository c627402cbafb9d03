"""What is changed about one person by API: a new password, presence, coming back, and roles they lend."""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.views.staff import given_shape, person_shape
from huiyin.base import clock
from huiyin.dispatch import leaving
from huiyin.duty import presence
from huiyin.staff import people, roles, standin, teams
from huiyin.staff.models import Staff
from huiyin.staff.refusal import Refusal

router = Router(auth=Bearer("admin"), tags=["people"])
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PresenceIn(_Body):
    state: Literal["online", "busy", "away", "offline"]


class LendIn(_Body):
    """`to` gets the role until then; `instead_of` says whom they stand in for, when it is not the lender."""

    to: Short
    role: Short
    team: Short
    until: AwareDatetime
    instead_of: Short | None = None


class HandBackIn(_Body):
    to: Short
    role: Short
    team: Short


@router.post("/{person}/password", response=dict, summary="A new one-time password; it is shown this once")
def reset_password(request: HttpRequest, person: str) -> dict[str, Any]:
    number = _person(person).number
    password = people.reset_password(number, by=viewer_of(request).actor, at=clock.now())
    return {"number": number, **given_shape(password, _person(number).password_until)}


@router.post("/{person}/come-back", response=dict, summary="Somebody who left is back, without their roles")
def come_back(request: HttpRequest, person: str) -> dict[str, Any]:
    password = leaving.come_back(_person(person), by=viewer_of(request).actor, at=clock.now())
    back = _person(person)
    return {**person_shape(back), **given_shape(password, back.password_until)}


@router.put("/{person}/presence", response=dict, summary="Say whether somebody may be given work now")
def set_presence(request: HttpRequest, person: str, body: PresenceIn) -> dict[str, Any]:
    staff = _person(person)
    if not staff.is_active:
        raise Refusal("not_active", who=staff.number)
    presence.change(staff, body.state, by=viewer_of(request).actor, at=clock.now())
    return {"number": staff.number, "state": presence.of(staff)}


@router.post("/{person}/lendings", response=dict, summary="Lend a role of this person to a stand-in")
def lend(request: HttpRequest, person: str, body: LendIn) -> dict[str, Any]:
    standin.lend(
        _person(person),
        _colleague(body.to),
        role=roles.named(body.role),
        team=teams.named(body.team),
        until=body.until,
        instead_of=_colleague(body.instead_of) if body.instead_of else None,
        by=viewer_of(request).actor,
        at=clock.now(),
    )
    return person_shape(_colleague(body.to))


@router.post("/{person}/hand-back", response=dict, summary="End a lending from or to this person")
def hand_back(request: HttpRequest, person: str, body: HandBackIn) -> dict[str, Any]:
    at = clock.now()
    for grant in standin.concerning(_person(person), at=at):
        if (grant.staff.number, grant.role.code, str(grant.team and grant.team.code)) == (
            body.to,
            body.role,
            body.team,
        ):
            standin.hand_back(grant, by=viewer_of(request).actor, at=at)
            return person_shape(_colleague(body.to))
    raise Refusal("not_lent")


def _person(number: str) -> Staff:
    found = people.one(number)
    if found is None or found.kind != "person":
        raise Http404
    return found


def _colleague(number: str) -> Staff:
    found = people.one(number)
    if found is None or found.kind != "person":
        raise Refusal("unknown", kind="person", what=number)
    return found
