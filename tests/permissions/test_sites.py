"""A role that is given for some sites reaches nothing of the others: no page, call, search, export, hint or offer."""

import pytest

from huiyin.base.actor import OPERATOR
from huiyin.cases import acceptance, collaboration, passing, recent
from huiyin.cases.collaboration import Asked
from huiyin.cases.models import Case, Collaboration, Plan
from huiyin.cases.typed import Invalid
from huiyin.channels.models import Account
from huiyin.customers.recognise import Sender
from huiyin.desk import live
from huiyin.dispatch import offer
from huiyin.intake.models import InboxItem
from huiyin.staff import chain, people, sites, standin, viewer
from huiyin.staff.models import Grant, Role, Staff, Team
from tests import given
from tests.given import MONDAY_9, days, hours
from tests.permissions import world
from tests.permissions.crawl import acting_as, asked, exports, searches, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
WORDS = "珊瑚礁咖啡机冒烟"
SENDER = Sender(name="韩梅梅", phone="13955550177")
LIMITED = [("agent", "service"), ("lead", "service"), ("manager", None), ("quality", None)]


@pytest.fixture(autouse=True)
def shop() -> None:
    """A second site, which the account `form` takes in for."""
    name = {"zh": "门店", "en": "Shop"}
    made = sites.save("shop", sites.Wanted(name, "Asia/Shanghai", "en", "office"), by=OPERATOR, at=MONDAY_9)
    Account.objects.filter(code="form").update(site=made)


def somebody(number: str, role: str, team: str | None, *codes: str) -> Staff:
    staff = given.a_person(number, role=role, team=team)
    people.grant(staff, role=role, team=team, at_sites=codes, by=OPERATOR, at=MONDAY_9)
    if role == "lead":
        Team.objects.filter(code=team).update(lead=staff)
    return staff


def at_the_shop() -> Case:
    """A case of the service team that nobody works on, at the site `shop`."""
    return given.a_case(WORDS, channel="form", sender=SENDER, attachments=(given.a_file(),))


@pytest.mark.parametrize(("role", "team"), LIMITED)
@pytest.mark.parametrize("base", ["", "api/"])
def test_no_page_and_no_call_tells_of_a_case_at_another_site(role: str, team: str | None, base: str) -> None:
    anna = somebody("anna", role, team, "main")
    own, foreign = given.a_case(attachments=(given.a_file(),)), at_the_shop()
    client, told, read = acting_as(anna) if base else given.at_desk(anna), [], 0
    for case in (None, own):
        for path, answer in asked(client, case, base):
            told += [path for secret in (foreign.number, WORDS) if secret in text_of(answer)]
            read += answer.status_code == 200
    for path, answer in asked(client, foreign, base):
        if answer.status_code == 200 and (foreign.number in path or WORDS in text_of(answer)):
            told.append(path)
    for words in (WORDS, foreign.number):
        told += [path for path, text in searches(client, words, base) if f"cases/{foreign.number}" in text]
    told += [name for name, text in exports(client, base) if foreign.number in text]
    assert not sorted(set(told))
    assert read > 20
    assert Case.objects.visible_to(given.seen_by(anna)).get() == own


def test_the_same_roles_read_it_once_they_are_given_for_that_site_too() -> None:
    foreign = at_the_shop()
    for role, team in LIMITED:
        anna = somebody(f"anna-{role}", role, team, "shop", "main")
        assert given.at_desk(anna).get(f"/desk/cases/{foreign.number}").status_code == 200
        people.grant(anna, role=role, team=team, by=OPERATOR, at=MONDAY_9)
        assert given.seen_by(anna).scopes[0].sites is None


def test_a_hint_about_another_site_is_heard_by_nobody_whose_role_ends_there() -> None:
    here, both = somebody("anna", "agent", "service", "main"), somebody("bob", "agent", "service")
    foreign = at_the_shop()
    for case in (foreign, given.a_case()):
        addressed = recent.topics_of([case])[case.pk]
        assert addressed == recent.topics_of_new([case])[case.pk]
        assert addressed.isdisjoint(live._topics(here.pk, case.number)) == (case == foreign)
        assert not addressed.isdisjoint(live._topics(both.pk, case.number))
    foreign.about.add(both)
    assert f"person:{here.pk}" not in recent.topics_of([foreign])[foreign.pk]


def test_a_case_is_offered_and_given_to_nobody_whose_role_ends_at_another_site() -> None:
    anna = given.on_duty(somebody("anna", "agent", "service", "main"))
    foreign = at_the_shop()
    assert foreign.handler is None
    assert given.a_case().handler == anna
    with pytest.raises(Invalid):
        passing.reassign(foreign, anna, by=OPERATOR, at=MONDAY_9)
    assert not passing.workers_of(foreign.team, site=foreign.site_id, category=foreign.category, at=MONDAY_9)
    sam = given.on_duty(somebody("sam", "agent", "service", "shop"))
    offer.serve_queue(at=MONDAY_9)
    assert given.fresh(foreign).handler == sam


def test_a_lead_of_one_site_gives_no_work_at_another_and_reads_none_of_its_plans_and_blocked_mail() -> None:
    lena = given.seen_by(somebody("lena", "lead", "service", "main"))
    foreign, team = at_the_shop(), Team.objects.get(code="service")
    assert not passing.gives_work(lena, foreign)
    world.a_plan(Staff.objects.get(number="lena"))
    Plan.objects.update(debtor=None)
    kept = world._blocked(foreign)
    assert Plan.objects.visible_to(lena).exists() and acceptance.may_assign(lena, team)
    assert InboxItem.objects.visible_to(lena).get() == kept
    InboxItem.objects.filter(pk=kept.pk).update(account=Account.objects.get(code="form"))
    assert not InboxItem.objects.visible_to(lena).exists()
    Team.objects.filter(pk=team.pk).update(site=foreign.site_id)
    assert not Plan.objects.visible_to(lena).exists()
    assert not acceptance.may_assign(lena, Team.objects.get(code="service"))


def test_a_department_answers_what_it_is_asked_at_its_own_sites_only() -> None:
    lola = somebody("lola", "collaborator", given.a_team("returns").code, "main")
    alice = given.actor(given.an_agent())
    seen = given.seen_by(lola)
    for case, visible in ((given.a_case(), True), (at_the_shop(), False)):
        asked_for = Asked(Team.objects.get(code="returns"), WORDS, WORDS, MONDAY_9 + hours(4))
        collaboration.ask(case, asked_for, by=alice, at=MONDAY_9)
        request = Collaboration.objects.with_people().get(case=case)
        assert Collaboration.objects.visible_to(seen).filter(pk=request.pk).exists() == visible
        assert bool(collaboration.open_steps([request], seen)[request.pk]) == visible


def test_who_approves_for_one_site_decides_on_nothing_of_another_and_on_no_export_of_all() -> None:
    mona = somebody("mona", "manager", None, "main")
    nils, alice = somebody("nils", "manager", None, "shop"), given.an_agent()
    seen = given.seen_by(mona)
    for case, decides in ((given.a_case(), mona), (at_the_shop(), nils)):
        assert collaboration.approver_of(case, None, at=MONDAY_9) == decides
        Collaboration.objects.create(
            case=case,
            kind=Collaboration.APPROVAL,
            department=case.team,
            asked_by=alice,
            subject=WORDS,
            asked_at=MONDAY_9,
            state=Collaboration.OPEN,
        )
        assert Collaboration.objects.visible_to(seen).filter(case=case).exists() == (decides == mona)
    assert not chain.approvers(at=MONDAY_9)
    people.grant(mona, role="manager", team=None, by=OPERATOR, at=MONDAY_9)
    assert chain.approvers(at=MONDAY_9) == [mona]
    assert Collaboration.objects.visible_to(given.seen_by(mona)).count() == 2


def test_nobody_lends_more_sites_than_they_hold() -> None:
    lena = somebody("lena", "lead", "service", "main")
    bob = given.an_agent("bob")
    team, role = Team.objects.get(code="service"), Role.objects.get(code="lead")
    until = MONDAY_9 + days(1)
    standin.lend(lena, bob, role=role, team=team, until=until, by=given.actor(lena), at=MONDAY_9)
    assert Grant.objects.get(staff=bob, role=role).sites == Grant.objects.get(staff=lena).sites != []


def test_the_site_stands_where_a_role_is_given_read_and_confirmed() -> None:
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    anna = given.an_agent("anna")
    form = {"act": "grant", "role": "agent", "team": "service"}
    refused = root.post("/desk/people/anna", {**form, "sites": "moon"})
    assert (refused.status_code, "moon" in refused.content.decode()) == (422, True)
    assert root.post("/desk/people/anna", {**form, "sites": "shop"}).status_code == 302
    assert "门店" in root.get("/desk/people/anna").content.decode()
    assert any("门店" in sentence for sentence in viewer.in_sentences(anna, named=str, at=MONDAY_9))
    program = given.with_token(given.a_token("all", role="administrator"))
    body = {"role": "agent", "team": "service", "sites": ["main", "shop"]}
    given_now = program.post("/api/v1/people/anna/grants", body, "application/json").json()
    assert given_now["grants"][0]["sites"] == ["main", "shop"]
    body["sites"] = ["moon"]
    assert program.post("/api/v1/people/anna/grants", body, "application/json").status_code == 422
