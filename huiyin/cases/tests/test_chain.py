"""The way up: however teams stand, each step reaches another person who may see the case, and nobody it is about."""

import random
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.base import tx
from huiyin.base.actor import OPERATOR
from huiyin.cases import escalation, promises
from huiyin.cases.models import Case, Entry, Promise
from huiyin.notices.models import Notice
from huiyin.staff import chain
from huiyin.staff.models import Grant, Role, Site, Staff, Team
from tests import given
from tests.given import MONDAY_9, hours

pytestmark = pytest.mark.django_db
TREES = 40


def broke(case: Case, *, at: datetime) -> None:
    """Let the solution be promised once more and fall due."""
    with tx.write():
        promises.keep(case, ["resolution"], by=OPERATOR, at=at)
        promises.open_again(case, ["resolution"], at=at)
        owed = Promise.objects.filter(case=case, state="running")
        owed.update(due_at=at, next_at=at, warnings=[])
        promises.refresh(case)
    assert promises.act_on_due(at=at) == 1


def raised(case: Case) -> list[str]:
    rows = Entry.objects.filter(case=case, kind="case.escalated").order_by("seq")
    return [row.payload["to"] for row in rows]


def only_the_solution(case: Case) -> Case:
    Promise.objects.filter(case=case).exclude(kind="resolution").delete()
    with tx.write():
        promises.refresh(case)
    return given.fresh(case)


def test_what_breaks_climbs_from_lead_to_manager_to_general_manager_and_then_the_lead_hears_of_it() -> None:
    alice, lena = given.an_agent("alice"), given.a_lead("lena")
    given.a_person("max", role="manager", team=None)
    gina = given.a_person("gina", role="general_manager", team=None)
    case = only_the_solution(given.a_case(handler=alice, status="open"))
    for hour in range(1, 6):
        broke(case, at=MONDAY_9 + hours(hour))
        given.work_done(at=MONDAY_9 + hours(hour))
    assert (raised(case), given.fresh(case).escalation_level) == (["lena", "max", "gina"], 3)
    late = Notice.objects.filter(kind="promise.broken")
    assert (late.filter(staff=lena).count(), late.filter(staff=gina).count()) == (2, 0)
    assert list(escalation.raised_to(given.seen_by(gina))) == [case]


def test_by_hand_and_by_the_clock_a_case_climbs_one_way() -> None:
    alice, _ = given.an_agent("alice"), given.a_lead("lena")
    given.a_person("max", role="manager", team=None)
    case = only_the_solution(given.a_case(handler=alice, status="open"))
    escalation.by_hand(case, "请协助", by=given.actor(alice), at=MONDAY_9)
    broke(case, at=MONDAY_9 + hours(1))
    assert raised(case) == ["lena", "max"]


def test_each_step_reaches_another_person_who_may_see_the_case_however_the_teams_stand() -> None:
    people = [given.an_agent(f"p{n}") for n in range(8)]
    other = Site.objects.create(code="north", name={"zh": "北", "en": "North"}, calendar="office")
    case = only_the_solution(given.a_case(status="open"))  # after-sales
    lengths = set()
    for seed in range(TREES):
        with given.undone():
            _grow(random.Random(seed), people, case, other)
            expected = _expected(given.fresh(case))
            lengths.add(len(expected))
            for hour in range(1, len(expected) + 3):
                broke(case, at=MONDAY_9 + hours(hour))
            assert raised(case) == expected, seed
    assert lengths >= {0, 1, 2, 3, 4}  # the trees are not all of a kind


@pytest.mark.parametrize("teams", [2, 30])
def test_the_chain_of_all_teams_is_read_in_three_questions(teams: int) -> None:
    for n in range(teams):
        given.a_lead(f"lead{n}", team=given.a_team(f"team{n}", parent="service").code)
    with CaptureQueriesContext(connection) as queries:
        chain.read(at=MONDAY_9)
    assert len(queries) == 3


def _grow(chance: random.Random, people: list[Staff], case: Case, other: Site) -> None:
    Staff.objects.filter(pk__in=[one.pk for one in people]).update(is_active=True)
    for one in people:
        if chance.random() < 0.2:
            Staff.objects.filter(pk=one.pk).update(is_active=False)
    teams: list[Team] = []
    for n in range(chance.randint(1, 5)):
        above = chance.choice([*teams, None]) if n else None
        team = Team.objects.create(
            code=f"t{n}", name={"zh": "组", "en": "Team"}, site=case.site, parent=above
        )
        team.lead = chance.choice([*people, None])
        team.save()
        team.deputies.set(chance.sample(people, chance.randint(0, 2)))
        teams.append(team)
    Grant.objects.filter(staff__in=people).delete()
    for one in people:
        _grant(chance, one, case.site_id, other)
    Case.objects.filter(pk=case.pk).update(
        team=chance.choice(teams), handler=chance.choice([*people, None]), escalation_level=0
    )
    case.about.set(chance.sample(people, chance.randint(0, 2)))


def _grant(chance: random.Random, staff: Staff, home: int, other: Site) -> None:
    role = chance.choice(["agent", "lead", "manager", "general_manager"])
    Grant.objects.create(
        staff=staff,
        role=Role.objects.get(code=role),
        team=chance.choice([Team.objects.get(code="service"), None]) if role != "general_manager" else None,
        sites=chance.choice([[], [], [other.pk], [home, other.pk]]),
        categories=chance.choice([[], [], ["pre_sales"], ["after_sales"]]),
        until=chance.choice([None, None, MONDAY_9, MONDAY_9 + hours(99)]),
    )


def _expected(case: Case) -> list[str]:
    """The chain written down slowly: one team, one person, one question after another."""
    line: list[Staff] = []
    team: Team | None = case.team
    while team is not None:
        deputies = team.deputies.filter(is_active=True).order_by("pk")
        acting = team.lead if team.lead and team.lead.is_active else deputies.first()
        line += [acting] if acting else []
        team = Team.objects.get(pk=team.parent_id) if team.parent_id else None
    for works in (True, False):
        for one in Staff.objects.filter(is_active=True).order_by("number"):
            mine = [g for g in _grants_of(one) if g.team_id is None and "approve" in g.role.permissions]
            ranks = ["case.work" not in g.role.permissions for g in mine if _at(g, case)]
            line += [one] if ranks and min(ranks) is not works else []
    about = set(case.about.all())
    found: list[str] = []
    for one in line:
        reading = [g for g in _grants_of(one) if "case.read" in g.role.permissions]
        sees = not reading or any(_at(g, case) and _of(g, case) for g in reading)
        if sees and one not in about and one.pk != case.handler_id and one.number not in found:
            found.append(one.number)
    return found


def _grants_of(staff: Staff) -> list[Grant]:
    return [g for g in Grant.objects.filter(staff=staff) if g.until is None or g.until > MONDAY_9 + hours(20)]


def _at(grant: Grant, case: Case) -> bool:
    return not grant.sites or case.site_id in grant.sites


def _of(grant: Grant, case: Case) -> bool:
    # The category of the case, a computer that does not start, lies below after-sales.
    return not grant.categories or "after_sales" in grant.categories
