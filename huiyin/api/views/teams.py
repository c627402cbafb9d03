"""Sites, teams and roles by API: what stands, and saving each by its code."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from huiyin.api.auth import Bearer, viewer_of
from huiyin.base import clock
from huiyin.dispatch import leaving
from huiyin.rules import calendars
from huiyin.staff import roles, sites, teams
from huiyin.staff.models import Role, Site, Team

router = Router(auth=Bearer("admin"), tags=["people"])
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Name(_Body):
    zh: Short
    en: Short


class SiteIn(_Body):
    name: Name
    zone: Short
    language: Literal["zh-hans", "en"]
    calendar: Short
    keep_customers_days: int | None = Field(None, ge=sites.KEPT_AT_LEAST_DAYS, le=36500)


class TeamIn(_Body):
    name: Name
    site: Short
    parent: Short = ""
    lead: Short = ""
    deputies: list[Short] = Field(default_factory=list, max_length=20)
    contact: Short = ""
    functions: list[Short] = Field(default_factory=list, max_length=50)
    supervision: bool = False
    is_default: bool = False
    calendar: Short | None = None


class RoleIn(_Body):
    name: Name
    permissions: list[Short] = Field(max_length=100)
    reach: Short
    second_factor: bool | None = None


@router.get("/sites", response=dict, summary="Sites")
def list_sites(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_site(site) for site in sites.everything()]}


@router.put("/sites/{site}", response=dict, summary="Make or change a site")
def save_site(request: HttpRequest, site: str, body: SiteIn) -> dict[str, Any]:
    stands = {one.code: one.keep_customers_days for one in sites.everything()}
    # Who does not speak of it (an older program) does not switch it off.
    wanted = sites.Wanted(**{"keep_customers_days": stands.get(site), **body.model_dump(exclude_unset=True)})
    return _site(sites.save(site, wanted, by=viewer_of(request).actor, at=clock.now()))


@router.get("/teams", response=dict, summary="The team tree, parents first")
def list_teams(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_team(team) for team in teams.everything()]}


@router.put("/teams/{team}", response=dict, summary="Make or change a team")
def save_team(request: HttpRequest, team: str, body: TeamIn) -> dict[str, Any]:
    # Who does not speak of a calendar (an older program) leaves the team its own.
    calendar = teams.calendar_of(team) if body.calendar is None else calendars.named(body.calendar)
    wanted = teams.Wanted(**{**body.model_dump(), "calendar": calendar})
    return _team(teams.save(team, wanted, by=viewer_of(request).actor, at=clock.now()))


@router.post("/teams/{team}/retire", response=dict, summary="Retire a team without open cases")
def retire_team(request: HttpRequest, team: str) -> dict[str, Any]:
    leaving.retire_team(teams.named(team), by=viewer_of(request).actor, at=clock.now())
    return _team(teams.named(team))


@router.post("/teams/{team}/restore", response=dict, summary="Take a retired team back into use")
def restore_team(request: HttpRequest, team: str) -> dict[str, Any]:
    teams.restore(teams.named(team), by=viewer_of(request).actor, at=clock.now())
    return _team(teams.named(team))


@router.get("/roles", response=dict, summary="Roles with their rights")
def list_roles(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_role(role) for role in roles.everything()]}


@router.put("/roles/{role}", response=dict, summary="Make or change a role")
def save_role(request: HttpRequest, role: str, body: RoleIn) -> dict[str, Any]:
    name, by = body.name.model_dump(), viewer_of(request).actor
    asked = body.second_factor  # who does not speak of it (an older program) leaves it as it is
    saved = roles.save(role, name, body.permissions, body.reach, by=by, at=clock.now(), second_factor=asked)
    return _role(saved)


@router.post("/roles/{role}/retire", response=dict, summary="End a role that nobody has")
def retire_role(request: HttpRequest, role: str) -> dict[str, Any]:
    roles.retire(roles.named(role), by=viewer_of(request).actor, at=clock.now())
    return {"code": role, "retired": True}


def _site(site: Site) -> dict[str, Any]:
    return {
        "code": site.code,
        "name": site.name,
        "zone": site.zone,
        "language": site.language,
        "calendar": site.calendar,
        "keep_customers_days": site.keep_customers_days,
    }


def _team(team: Team) -> dict[str, Any]:
    return {
        "code": team.code,
        "name": team.name,
        "site": team.site.code,
        "parent": team.parent.code if team.parent else None,
        "lead": team.lead.number if team.lead else None,
        "deputies": [deputy.number for deputy in team.deputies.all()],
        "contact": team.contact.number if team.contact else None,
        "functions": team.functions,
        "supervision": team.supervision,
        "is_default": team.is_default,
        "calendar": team.calendar or None,
        "retired": team.retired_at is not None,
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "code": role.code,
        "name": role.name,
        "permissions": role.permissions,
        "reach": role.reach,
        "second_factor": role.second_factor,
    }
