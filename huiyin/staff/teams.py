"""The team tree: who leads, who stands in, which functions a team serves. Retired, never deleted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from huiyin.base import audit, configured, tx
from huiyin.base.actor import Actor
from huiyin.staff.models import Site, Staff, Team
from huiyin.staff.refusal import Refusal

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
FUNCTION = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a team shall be; people by employee number, teams and sites by code, `name` in zh and en.

    `calendar` is the code of one (`rules.calendars.named`); empty: the site's.
    """

    name: Mapping[str, str]
    site: str
    parent: str = ""
    lead: str = ""
    deputies: Sequence[str] = ()
    contact: str = ""
    functions: Sequence[str] = field(default_factory=list)
    supervision: bool = False
    is_default: bool = False
    calendar: str = ""


def everything() -> list[Team]:
    """Return every team with its people, each below its parent: two queries."""
    rows = list(
        Team.objects.select_related("site", "parent", "lead", "contact")
        .prefetch_related("deputies")
        .order_by("code")
    )

    def below(parent: int | None) -> list[Team]:
        return [found for team in rows if team.parent_id == parent for found in (team, *below(team.pk))]

    return below(None)


def save(code: str, wanted: Wanted, *, by: Actor, at: datetime) -> Team:
    """Make the team or change it; a second call changes nothing. Raises Refusal.

    One team is the supervision and one the default: marking another takes the mark from the one before.
    """
    if not CODE.fullmatch(code):
        raise Refusal("code_bad")
    functions = _functions(wanted)
    with tx.write():
        # All rows: two changes at once must not close a ring between them.
        teams = {team.code: team for team in Team.objects.select_for_update().order_by("pk")}
        team = teams.get(code) or Team(code=code)
        before = _told(team) if team.pk else {}
        _place(team, wanted, teams)
        _refuse_taken(functions, team, teams)
        team.name, team.functions = names(wanted.name), functions
        team.calendar = wanted.calendar
        team.lead, team.contact = person(wanted.lead), person(wanted.contact)
        _mark(team, wanted)
        team.save()
        team.deputies.set([found for number in wanted.deputies if (found := person(number))])
        after = _told(team)
        changed = sorted(name for name in after if before.get(name) != after[name])
        if changed:
            action = "team.changed" if before else "team.made"
            audit.write(action, f"team:{code}", by=by, at=at, fields=changed)
        if team.calendar != before.get("calendar", ""):
            configured.bump()  # what runs is reckoned anew
    return team


def retire(team: Team, *, by: Actor, at: datetime) -> None:
    """End a team that nothing stands below; its cases stay as they are. A second call changes nothing."""
    with tx.write():
        if team.is_default:
            raise Refusal("default_needed")
        if Team.objects.filter(parent=team, retired_at=None).exists():
            raise Refusal("has_children")
        if Team.objects.filter(pk=team.pk, retired_at=None).update(retired_at=at, supervision=False):
            audit.write("team.retired", f"team:{team.code}", by=by, at=at)


def restore(team: Team, *, by: Actor, at: datetime) -> None:
    """Take a retired team back into use; a second call changes nothing."""
    with tx.write():
        if Team.objects.filter(pk=team.pk).exclude(retired_at=None).update(retired_at=None):
            audit.write("team.restored", f"team:{team.code}", by=by, at=at)


def by_name() -> dict[str, Team]:
    """Return the teams in use by what packs may call them: a function that they serve, or their code, which wins."""
    standing = list(Team.objects.filter(retired_at=None).order_by("id"))
    serving = {function: team for team in standing for function in team.functions}
    return serving | {team.code: team for team in standing}


def named(code: str) -> Team:
    """Return the team of this code; raises Refusal."""
    found = Team.objects.filter(code=code).first()
    if found is None:
        raise Refusal("unknown", kind="team", what=code)
    return found


def calendar_of(code: str) -> str:
    """Return the calendar of the team of this code; nothing when it has none of its own, or is not there."""
    return Team.objects.filter(code=code).values_list("calendar", flat=True).first() or ""


def names(given: Mapping[str, str]) -> dict[str, str]:
    """Return a name in both languages; raises Refusal when one is missing."""
    name = {language: given.get(language, "").strip()[:60] for language in ("zh", "en")}
    if not all(name.values()):
        raise Refusal("names_missing")
    return name


def person(number: str) -> Staff | None:
    """Return who has this number, None when it is empty; raises Refusal when nobody who works here has it."""
    if not number.strip():
        return None
    found = Staff.objects.filter(number__iexact=number.strip(), kind="person").first()
    if found is None:
        raise Refusal("unknown", kind="person", what=number)
    if not found.is_active:
        raise Refusal("not_active", who=found.number)
    return found


def _place(team: Team, wanted: Wanted, teams: Mapping[str, Team]) -> None:
    site = Site.objects.filter(code=wanted.site).first()
    if site is None:
        raise Refusal("unknown", kind="site", what=wanted.site)
    parent = teams.get(wanted.parent)
    if wanted.parent and parent is None:
        raise Refusal("unknown", kind="team", what=wanted.parent)
    if parent is not None and parent.retired_at is not None:
        raise Refusal("retired", what=parent.code)
    by_id = {one.pk: one for one in teams.values()}
    step = parent
    while step is not None and team.pk is not None:
        if step.pk == team.pk:
            raise Refusal("cycle")
        step = by_id.get(step.parent_id or 0)
    team.site, team.parent = site, parent


def _mark(team: Team, wanted: Wanted) -> None:
    if team.is_default and not wanted.is_default:
        raise Refusal("default_needed")
    others = Team.objects.exclude(pk=team.pk)
    if wanted.supervision:
        others.update(supervision=False)
    if wanted.is_default:
        others.update(is_default=False)
    team.supervision, team.is_default = wanted.supervision, wanted.is_default


def _functions(wanted: Wanted) -> list[str]:
    found = sorted({function.strip() for function in wanted.functions if function.strip()})
    if not all(FUNCTION.fullmatch(function) for function in found):
        raise Refusal("function_bad")
    return found


def _refuse_taken(functions: Sequence[str], team: Team, teams: Mapping[str, Team]) -> None:
    for other in teams.values():
        if other.pk != team.pk and other.retired_at is None:
            for function in set(functions) & set(other.functions):
                raise Refusal("function_taken", function=function, team=other.code)


def _told(team: Team) -> dict[str, object]:
    return {
        "name": team.name,
        "site": team.site_id,
        "parent": team.parent_id,
        "lead": team.lead_id,
        "deputies": sorted(team.deputies.values_list("pk", flat=True)),
        "contact": team.contact_id,
        "functions": team.functions,
        "supervision": team.supervision,
        "is_default": team.is_default,
        "calendar": team.calendar,
    }
