"""Whom a note can name so that they read it: colleagues who may see the case, found while one types."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q, QuerySet

from huiyin.cases import naming, watching
from huiyin.cases.models import Case, Watcher
from huiyin.staff.models import Grant, Role, Staff, Team
from huiyin.staff.viewer import Viewer

AT_MOST = 8
TRIED = 24


@dataclass(frozen=True, slots=True)
class Colleague:
    """`word` names them behind an @: their name, or their number when another colleague is called the same."""

    number: str
    name: str
    word: str


def seeing(case: Case, typed: str, viewer: Viewer, *, at: datetime) -> list[Colleague]:
    """Return at most eight people who may see the case, by the beginning of their number or a part of their name.

    Never the viewer. Whoever might see it is chosen in one query, and each of them is then asked about for certain.
    """
    typed = typed.replace("\x00", "").strip()[: naming.LONGEST]
    people = (
        _at_work().filter(Q(number__istartswith=typed) | Q(name__icontains=typed)).exclude(pk=viewer.staff_id)
    )
    likely = people.filter(_near(case, at)).order_by("number")[:TRIED]
    found = list(islice((one for one in likely if watching.sees(case, one, at=at)), AT_MOST))
    called = Counter(_at_work().filter(name__in={one.name for one in found}).values_list("name", flat=True))
    return [Colleague(one.number, one.name, _word(one, called)) for one in found]


def _near(case: Case, at: datetime) -> Q:
    """Keep everybody who might see the case, and few others: their role still has to say so."""
    reading = [
        role.pk
        for role in Role.objects.all()
        if "case.read" in role.permissions and (role.reach != "own" or case.handler_id is None)
    ]
    holds = Grant.objects.filter(Q(until=None) | Q(until__gt=at), role__in=reading)
    holds = holds.filter(Q(team=None) | Q(team__in=_above(case.team_id)))
    followers = Watcher.objects.filter(case=case).values("staff")
    own = [pk for pk in (case.owner_id, case.handler_id) if pk]
    return Q(pk__in=own) | Q(pk__in=followers) | Q(pk__in=holds.values("staff"))


def _above(team: int) -> Sequence[int]:
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    line: list[int] = []
    here: int | None = team
    while here is not None and here not in line:
        line.append(here)
        here = parents.get(here)
    return line


def _at_work() -> QuerySet[Staff]:
    return Staff.objects.filter(kind="person", is_active=True)


def _word(person: Staff, called: Counter[str]) -> str:
    is_clear = called[person.name] == 1 and len(person.name) <= naming.LONGEST
    return person.name if is_clear else person.number
