"""A role that is given for some categories reaches these with what lies below them, and nothing else."""

from typing import Any

import pytest

from huiyin.base.actor import OPERATOR
from huiyin.cases import indexing, recent
from huiyin.cases.models import Case
from huiyin.desk import live
from huiyin.dispatch import offer
from huiyin.intake.models import InboxItem
from huiyin.staff import people, sites
from huiyin.staff.models import Staff
from huiyin.staff.refusal import Refusal
from tests import given
from tests.given import MONDAY_9
from tests.permissions import world
from tests.permissions.crawl import acting_as, searches

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PRICE, FAULT = "这款投影仪多少钱", "投影仪突然无法开机"
ROLES = [("agent", "service"), ("lead", "service"), ("manager", None), ("quality", None)]


def limited(role: str = "agent", team: str | None = "service", *codes: str, at_sites: Any = ()) -> Staff:
    staff = given.a_person("anna", role=role, team=team)
    given_for = codes or ("pre_sales",)
    people.grant(
        staff, role=role, team=team, categories=given_for, at_sites=at_sites, by=OPERATOR, at=MONDAY_9
    )
    return staff


def both() -> tuple[Case, Case]:
    """A case below pre-sales and one that is none, nobody working on either."""
    within, beyond = given.a_case(PRICE), given.a_case(FAULT)
    assert (within.category, beyond.category) == ("price", "hardware_fault")
    return within, beyond


@pytest.mark.parametrize(("role", "team"), ROLES)
def test_pages_calls_and_searches_hold_what_lies_below_the_category_and_no_other(
    role: str, team: str | None
) -> None:
    anna, (within, beyond) = limited(role, team), both()
    while indexing.index_some(at=MONDAY_9):
        pass
    assert Case.objects.visible_to(given.seen_by(anna)).get() == within
    for base, client in (("", given.at_desk(anna)), ("api/", acting_as(anna))):
        address = "desk/cases" if not base else "api/v1/cases"
        assert client.get(f"/{address}/{within.number}").status_code == 200
        assert client.get(f"/{address}/{beyond.number}").status_code == 404
        told = [text for _, text in searches(client, "投影仪", base)]
        assert any(f"cases/{within.number}" in text or within.number in text for text in told)
        assert not any(beyond.number in text for text in told)


@pytest.mark.parametrize("at_sites", [(), ("main",)])
def test_a_hint_about_another_category_is_not_heard(at_sites: tuple[str, ...]) -> None:
    assert [site.code for site in sites.everything()] == ["main"]
    anna, (within, beyond) = limited(at_sites=at_sites), both()
    for case in (within, beyond):
        addressed = recent.topics_of_new([case])[case.pk]
        assert addressed.isdisjoint(live._topics(anna.pk, case.number)) == (case == beyond)
        case.about.add(given.an_agent(f"other-{case.pk}"))
        assert (f"person:{anna.pk}" in recent.topics_of([case])[case.pk]) == (case == within)


def test_nothing_of_another_category_is_offered() -> None:
    anna = given.on_duty(limited())
    within, beyond = both()
    offer.serve_queue(at=MONDAY_9)
    assert (given.fresh(within).handler, given.fresh(beyond).handler) == (anna, None)
    people.grant(anna, role="agent", team="service", categories=["after_sales"], by=OPERATOR, at=MONDAY_9)
    offer.serve_queue(at=MONDAY_9)
    assert given.fresh(beyond).handler == anna


def test_what_was_kept_aside_is_shown_by_category_too() -> None:
    anna, (_, beyond) = limited("lead"), both()
    kept = world._blocked(beyond)
    InboxItem.objects.filter(pk=kept.pk).update(category="price")
    assert InboxItem.objects.visible_to(given.seen_by(anna)).get() == kept
    InboxItem.objects.filter(pk=kept.pk).update(category="hardware_fault")
    assert not InboxItem.objects.visible_to(given.seen_by(anna)).exists()


def test_it_is_said_in_words_before_work_begins() -> None:
    desk = given.at_desk(limited("agent", "service", "pre_sales", "complaint"))
    assert "客服一组（仅限投诉建议、售前咨询）" in desk.get("/scope").content.decode()


def test_a_category_that_there_is_not_is_refused_on_the_page_and_by_api() -> None:
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    anna = limited()
    form = {"act": "grant", "role": "agent", "team": "service", "categories": "presales"}
    assert root.post("/desk/people/anna", form).status_code == 422
    program = given.with_token(given.a_token("admin"))
    body = {"role": "agent", "team": "service", "categories": ["presales"]}
    answer = program.post("/api/v1/people/anna/grants", given.as_json(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown")
    assert str(Refusal("unknown", kind="category", what="presales"))
    assert anna.grants.get().categories == ["pre_sales"]
