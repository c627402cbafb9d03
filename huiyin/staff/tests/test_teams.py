import pytest

from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.staff import roles, sites, teams
from huiyin.staff.models import Team
from tests import given
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NAME = {"zh": "退货组", "en": "Returns"}


def save(code: str, **wanted: object) -> Team:
    return teams.save(
        code, teams.Wanted(**{"name": NAME, "site": "main", **wanted}), by=OPERATOR, at=given.MONDAY_9
    )


def test_a_team_has_a_lead_deputies_a_contact_and_functions() -> None:
    for number in ("lena", "dora", "carl"):
        given.an_agent(number)
    save(
        "returns", parent="service", lead="lena", deputies=("dora",), contact="carl", functions=["logistics"]
    )
    made = Team.objects.get(code="returns")
    assert (made.lead.number, made.contact.number, made.functions) == ("lena", "carl", ["logistics"])
    assert [deputy.number for deputy in made.deputies.all()] == ["dora"]


def test_a_team_never_stands_below_itself_however_far() -> None:
    save("a", parent="service")
    save("b", parent="a")
    save("c", parent="b")
    with refused("cycle"):
        save("a", parent="c")
    with refused("cycle"):
        save("a", parent="a")


def test_saving_the_same_again_changes_nothing_and_writes_no_audit() -> None:
    save("returns", functions=["logistics"])
    before = AuditRow.objects.count()
    save("returns", functions=["logistics"])
    assert AuditRow.objects.count() == before


def test_the_audit_names_what_changed_and_never_the_value() -> None:
    save("returns")
    save("returns", functions=["logistics"])
    row = AuditRow.objects.latest("id")
    assert (row.action, row.object, row.fields) == ("team.changed", "team:returns", ["functions"])


def test_one_team_is_the_supervision_and_one_the_default() -> None:
    save("returns", supervision=True, is_default=True)
    assert list(Team.objects.filter(supervision=True).values_list("code", flat=True)) == ["returns"]
    assert list(Team.objects.filter(is_default=True).values_list("code", flat=True)) == ["returns"]
    with refused("default_needed"):
        save("returns")


def test_a_function_belongs_to_one_team() -> None:
    save("returns", functions=["logistics"])
    with refused("function_taken"):
        save("warehouse", functions=["logistics"])


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"name": {"zh": "退货组", "en": " "}}, "names_missing"),
        ({"site": "moon"}, "unknown"),
        ({"lead": "nobody"}, "unknown"),
        ({"parent": "nowhere"}, "unknown"),
        ({"functions": ["Logistics!"]}, "function_bad"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(wanted: dict[str, object], code: str) -> None:
    with refused(code):
        save("returns", **wanted)


def test_somebody_who_left_leads_nothing() -> None:
    gone = given.an_agent("gone")
    gone.is_active = False
    gone.save()
    with refused("not_active"):
        save("returns", lead="gone")


def test_a_team_with_teams_below_it_is_not_retired_and_comes_back_when_it_was() -> None:
    upper, lower = save("upper"), save("lower", parent="upper")
    with refused("has_children"):
        teams.retire(upper, by=OPERATOR, at=given.MONDAY_9)
    teams.retire(lower, by=OPERATOR, at=given.MONDAY_9)
    with refused("retired"):
        save("another", parent="lower")
    teams.restore(lower, by=OPERATOR, at=given.MONDAY_9)
    assert Team.objects.get(code="lower").retired_at is None


def test_the_tree_is_told_parents_first() -> None:
    save("b", parent="service")
    save("a", parent="b")
    codes = [team.code for team in teams.everything()]
    assert codes.index("service") < codes.index("b") < codes.index("a")


def test_a_site_needs_a_zone_that_exists() -> None:
    wanted = sites.Wanted(name=NAME, zone="Asia/Nowhere", language="en", calendar="office")
    with refused("zone_unknown"):
        sites.save("shop", wanted, by=OPERATOR, at=given.MONDAY_9)
    good = sites.Wanted(name=NAME, zone="Asia/Hong_Kong", language="en", calendar="office")
    assert sites.save("shop", good, by=OPERATOR, at=given.MONDAY_9).zone == "Asia/Hong_Kong"


def test_a_role_is_made_of_the_closed_list_of_rights() -> None:
    made = roles.save("night", NAME, ["case.work", "case.read"], "own", by=OPERATOR, at=given.MONDAY_9)
    assert made.permissions == ["case.read", "case.work"]
    with refused("permission_unknown"):
        roles.save("night", NAME, ["case.everything"], "own", by=OPERATOR, at=given.MONDAY_9)


def test_a_changed_role_holds_for_everybody_who_has_it_at_once() -> None:
    alice = given.an_agent("alice")
    roles.save("agent", NAME, ["case.read"], "own", by=OPERATOR, at=given.MONDAY_9)
    assert not given.seen_by(alice).may("case.work")
    fields = AuditRow.objects.latest("id").fields
    assert "-case.work" in fields
    assert "-case.read" not in fields


def test_a_role_that_somebody_has_is_not_retired() -> None:
    given.an_agent("alice")
    with refused("role_in_use"):
        roles.retire(roles.named("agent"), by=OPERATOR, at=given.MONDAY_9)
    roles.retire(roles.named("quality"), by=OPERATOR, at=given.MONDAY_9)
    with refused("unknown"):
        roles.named("quality")
