"""People by API, for who manages them: the list, joining, roles, leaving, sessions, and the import of a file."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.api.shapes import stamp
from huiyin.base import clock
from huiyin.dispatch import leaving
from huiyin.rules import categories
from huiyin.staff import importing, people, second_factor, sites
from huiyin.staff.models import Staff

router = Router(auth=Bearer("admin"), tags=["people"])
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filters(_Body):
    text: Short = ""
    cursor: Short = ""
    limit: int = Field(50, ge=1, le=200)


class JoinIn(_Body):
    number: Short
    name: Short
    role: Short
    team: Short | None = None
    language: Literal["zh-hans", "en"] = "zh-hans"
    seniority: int = Field(1, ge=0, le=100)


class PersonIn(_Body):
    """What is left out stays as it is."""

    name: Short | None = None
    language: Literal["zh-hans", "en"] | None = None
    seniority: int | None = Field(None, ge=0, le=100)


class GrantIn(_Body):
    role: Short
    team: Short | None = None
    categories: list[Short] = Field(default_factory=list, max_length=100)
    sites: list[Short] = Field(default_factory=list, max_length=100)
    until: AwareDatetime | None = None


class WithdrawIn(_Body):
    role: Short
    team: Short | None = None


class LeaveIn(_Body):
    to: Short | None = None
    to_queue: bool = False
    customers_to: Short | None = None
    customers_to_nobody: bool = False


class ImportIn(_Body):
    text: str = Field(max_length=200_000)
    dry_run: bool = True


@router.get("", response=dict, summary="People by number")
def list_people(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    found = people.found(filters.text, after=filters.cursor, limit=filters.limit + 1)
    page = found[: filters.limit]
    following = page[-1].number if len(found) > filters.limit else None
    return {"items": [person_shape(staff) for staff in page], "next_cursor": following}


@router.post("", response={201: dict}, summary="Somebody joins; the one-time password is shown this once")
def join(request: HttpRequest, body: JoinIn) -> Status[dict[str, Any]]:
    staff, password = people.join(
        body.number,
        body.name,
        role=body.role,
        team=body.team,
        seniority=body.seniority,
        language=body.language,
        by=viewer_of(request).actor,
        at=clock.now(),
    )
    return Status(201, {**person_shape(_person(staff.number)), **given_shape(password, staff.password_until)})


@router.post("/import", response=dict, summary="Try a CSV of people, or import all of it")
def import_people(request: HttpRequest, body: ImportIn) -> dict[str, Any]:
    raw = body.text.encode()
    if not body.dry_run:
        joined = importing.join_all(raw, by=viewer_of(request).actor, at=clock.now())
        return {"joined": [{"number": one.number, **given_shape(one.password, one.until)} for one in joined]}
    return {
        "lines": [
            {
                "line": line.line,
                "number": line.number,
                "faults": [fault_shape(fault) for fault in line.faults],
            }
            for line in importing.preview(raw)
        ]
    }


@router.get("/{person}", response=dict, summary="One person")
def read_person(request: HttpRequest, person: str) -> dict[str, Any]:
    return person_shape(_person(person))


@router.patch("/{person}", response=dict, summary="Change what is written about a person")
def describe(request: HttpRequest, person: str, body: PersonIn) -> dict[str, Any]:
    staff = _person(person)
    stands = {"name": staff.name, "language": staff.language, "seniority": staff.seniority}
    wanted: dict[str, Any] = {**stands, **body.model_dump(exclude_none=True)}
    people.describe(staff, **wanted, by=viewer_of(request).actor, at=clock.now())
    return person_shape(_person(person))


@router.post("/{person}/grants", response=dict, summary="Give a role")
def grant(request: HttpRequest, person: str, body: GrantIn) -> dict[str, Any]:
    people.grant(
        _person(person),
        role=body.role,
        team=body.team,
        categories=categories.named(body.categories),
        at_sites=body.sites,
        until=body.until,
        by=viewer_of(request).actor,
        at=clock.now(),
    )
    return person_shape(_person(person))


@router.post("/{person}/withdraw", response=dict, summary="Take a role away")
def withdraw(request: HttpRequest, person: str, body: WithdrawIn) -> dict[str, Any]:
    by = viewer_of(request).actor
    people.withdraw(_person(person), role=body.role, team=body.team, by=by, at=clock.now())
    return person_shape(_person(person))


@router.post("/{person}/leave", response=dict, summary="End the account; open work is moved in the same step")
def leave(request: HttpRequest, person: str, body: LeaveIn) -> dict[str, Any]:
    heirs = leaving.Heirs(
        to=_person(body.to) if body.to else None,
        to_queue=body.to_queue,
        customers=_person(body.customers_to) if body.customers_to else None,
        customers_of_nobody=body.customers_to_nobody,
    )
    moved = leaving.leave(_person(person), heirs, by=viewer_of(request).actor, at=clock.now())
    told = {"moved_cases": moved.cases, "moved_customers": moved.customers}
    return {**person_shape(_person(person)), **told}


@router.delete("/{person}/second-factor", response=dict, summary="Take a lost second factor away")
def take_factor_away(request: HttpRequest, person: str) -> dict[str, Any]:
    by = viewer_of(request).actor
    return {"removed": second_factor.take_away(_person(person), by=by, at=clock.now())}


def person_shape(staff: Staff) -> dict[str, Any]:
    """Return a person as the API tells them; never a password or a session."""
    places = sites.of(staff.grants.all())
    return {
        "number": staff.number,
        "name": staff.name,
        "language": staff.language,
        "seniority": staff.seniority,
        "is_active": staff.is_active,
        "joined_at": stamp(staff.joined_at),
        "grants": [
            {
                "role": grant.role.code,
                "team": grant.team.code if grant.team else None,
                "categories": grant.categories,
                "sites": [places[site].code for site in grant.sites],
                "until": stamp(grant.until),
                "lent": grant.lent_by_id is not None,
            }
            for grant in staff.grants.all()
        ],
    }


def given_shape(password: str, until: datetime | None) -> dict[str, Any]:
    """Return a password that was given to somebody and until when it is good; it is told this once."""
    return {"one_time_password": password, "one_time_password_until": stamp(until)}


def fault_shape(fault: Any) -> dict[str, Any]:
    return {"code": fault.code, "params": fault.params, "detail": str(fault)}


def _person(number: str) -> Staff:
    found = people.one(number)
    if found is None or found.kind != "person":
        raise Http404
    return found
