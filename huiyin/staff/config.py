"""The staff section of a pack: roles, and the teams that a new organisation starts with."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

from huiyin.base import tx
from huiyin.base.configured import Merged, bump, merge
from huiyin.base.texts import Text
from huiyin.staff import confidentiality
from huiyin.staff.models import Agreement, Role, Site, Team
from huiyin.staff.permissions import PERMISSIONS


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RolePart(_Part):
    name: Text
    permissions: tuple[str, ...]
    reach: Literal["own", "team", "all", "none"]

    @field_validator("permissions")
    @classmethod
    def _known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(given) - set(PERMISSIONS):
            raise ValueError(f"no permission {', '.join(sorted(unknown))}")
        return given


class TeamPart(_Part):
    name: Text
    parent: str | None = None
    supervision: bool = False
    is_default: bool = False
    calendar: str = ""


class AgreementPart(_Part):
    version: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    text: Text


class Section(_Part):
    agreement: AgreementPart | None = None
    roles: dict[str, RolePart] = {}
    teams: dict[str, TeamPart] = {}


def apply(section: Section, *, origin: str, at: datetime, zone: str, language: str) -> Merged:
    """Merge the roles and the agreement; make the first site and the teams where they are missing.

    An organisation edits its own teams.
    """
    rows = {code: part.model_dump(mode="json") for code, part in section.roles.items()}
    with tx.write():
        done = merge(Role, rows, origin=origin, at=at)
        if section.agreement is not None:
            words = {confidentiality.CODE: section.agreement.model_dump(mode="json")}
            agreed = merge(Agreement, words, origin=origin, at=at)
            done.created += agreed.created
            done.changed += agreed.changed
        if section.teams and not Site.objects.exists():
            name = {"zh": "客户服务", "en": "Customer service"}
            Site.objects.create(code="main", name=name, zone=zone, language=language, calendar="office")
        for code, part in section.teams.items():
            parent = Team.objects.get(code=part.parent) if part.parent else None
            team, made = Team.objects.get_or_create(
                code=code,
                defaults={
                    "name": part.name.model_dump(),
                    "site": Site.objects.order_by("id")[0],
                    "parent": parent,
                    "supervision": part.supervision,
                    "is_default": part.is_default,
                    "calendar": part.calendar,
                },
            )
            if made:
                done.created.append(team.code)
                if part.calendar:
                    bump()
    return done
