"""Nobody keeps a case that they may not work on: refiled, or a right was withdrawn, whatever stopped in between."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import translation

from huiyin.automation import schedule
from huiyin.base.actor import OPERATOR
from huiyin.cases import assigning, editing, lifecycle, merging, relieving, told
from huiyin.cases.models import Case, Collaboration, Entry, Promise
from huiyin.staff import people
from huiyin.staff.models import Agreement, Grant, Role, Site, Staff
from tests import given
from tests.given import MONDAY_9, minutes

pytestmark = pytest.mark.django_db


def limited(staff: Staff, *categories: str) -> Staff:
    Grant.objects.filter(staff=staff).update(categories=list(categories))
    return staff


def kinds(case: Case) -> list[str]:
    return list(Entry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))


def relieved(case: Case) -> list[dict[str, str]]:
    return [row.payload for row in Entry.objects.filter(case=case, kind="case.relieved").order_by("seq")]


def refiled(case: Case, category: str, by: Staff) -> Case:
    editing.edit(given.fresh(case), {"category": category}, by=given.actor(by), at=MONDAY_9)
    return given.fresh(case)


def test_a_case_refiled_beyond_its_handlers_categories_goes_to_the_queue_and_the_owner_still_sees_it() -> (
    None
):
    alice, lena = limited(given.an_agent("alice"), "after_sales"), given.a_lead()
    case = given.a_case(handler=alice, status="open")
    now = refiled(case, "price", lena)
    assert (now.handler, now.owner, now.status) == (None, alice, "open")
    assert kinds(case)[-2:] == ["case.relieved", "case.queued"]
    assert relieved(case) == [{"who": "alice", "why": "category"}]
    entry = Entry.objects.get(case=case, kind="case.relieved")
    with translation.override("en"):
        sentence = told.sentence(entry, told.names_of([entry]))
    assert sentence == "took the case off alice 同事, who does not work in this category"
    assert Case.objects.visible_to(given.seen_by(alice)).filter(pk=case.pk).exists()
    owed = Promise.objects.filter(case=case, kind="resolution", state="running")
    assert list(owed.values_list("debtor", flat=True)) == [None]


def test_who_works_there_next_is_given_it_from_the_queue() -> None:
    alice, lena = limited(given.an_agent("alice"), "after_sales"), given.a_lead()
    bob = given.on_duty(given.an_agent("bob"))
    case = given.a_case(handler=alice, status="open")
    refiled(case, "price", lena)
    given.work_done(at=MONDAY_9)
    assert given.fresh(case).handler == bob


@pytest.mark.parametrize("category", ["repair", "price"])
def test_a_handler_who_works_in_the_new_category_keeps_the_case(category: str) -> None:
    alice = given.an_agent("alice")
    if category == "repair":
        limited(alice, "after_sales")  # with all below it
    case = given.a_case(handler=alice, status="open")
    assert refiled(case, category, alice).handler == alice
    assert relieved(case) == []


def test_a_solved_case_stays_solved_and_a_waiting_one_waits_without_its_handler() -> None:
    lena = given.a_lead()
    alice = limited(given.an_agent("alice"), "after_sales")
    for status in ("waiting", "resolved"):
        case = given.a_case(handler=alice, status=status)
        now = refiled(case, "price", lena)
        assert (now.status, now.handler) == (status, None)


def _sites(alice: Staff) -> None:
    other = Site.objects.create(code="north", name={"zh": "北", "en": "North"}, calendar="office")
    Grant.objects.filter(staff=alice).update(sites=[other.pk])


WAYS: dict[str, tuple[Callable[[Staff], object], str]] = {
    "withdrawn": (
        lambda alice: people.withdraw(alice, role="agent", team="service", by=OPERATOR, at=MONDAY_9),
        "right",
    ),
    "run out": (lambda alice: Grant.objects.filter(staff=alice).update(until=MONDAY_9), "right"),
    "categories": (lambda alice: limited(alice, "pre_sales"), "category"),
    "sites": (_sites, "right"),
    "role": (lambda alice: Role.objects.filter(code="agent").update(permissions=["case.read"]), "right"),
}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_lost_the_right_is_relieved_within_a_minute_whatever_stopped_in_between(way: str) -> None:
    alice = given.an_agent("alice")
    cases = [given.a_case(handler=alice, status="open") for _ in range(3)]
    lose, why = WAYS[way]
    lose(alice)  # and here everything stops: nothing but the change itself was written
    assert relieving.sweep(at=MONDAY_9, limit=1) == 1  # and once more after the first case
    schedule.put_due({}, at=MONDAY_9 + minutes(1))
    given.work_done(at=MONDAY_9 + minutes(1))
    for case in cases:
        assert (given.fresh(case).handler, relieved(case)) == (None, [{"who": "alice", "why": why}])
    assert relieving.sweep(at=MONDAY_9 + minutes(2)) == 0


def test_an_account_that_ended_without_its_work_being_moved_leaves_nothing_behind() -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    handled, owned = given.a_case(handler=alice, status="open"), given.a_case(handler=alice, status="open")
    lifecycle.assign(given.fresh(owned), bob, (), by=given.actor(bob), at=MONDAY_9)
    Staff.objects.filter(pk=alice.pk).update(is_active=False)
    assert relieving.sweep(at=MONDAY_9, limit=1) == 1
    assert relieving.sweep(at=MONDAY_9) == 1
    assert (given.fresh(handled).handler, given.fresh(handled).owner) == (None, None)
    assert (given.fresh(owned).handler, given.fresh(owned).owner) == (bob, None)
    assert not Promise.objects.owed_by(alice.pk).exists()
    assert not Collaboration.objects.pending().filter(assignee=alice).exists()
    assert relieving.sweep(at=MONDAY_9) == 0


def test_a_missing_signature_takes_nobodys_work_away() -> None:
    alice = given.an_agent("alice")
    case = given.a_case(handler=alice, status="open")
    Agreement.objects.update(version="another")
    assert not given.seen_by(alice).may("case.work")
    assert relieving.sweep(at=MONDAY_9) == 0
    assert given.fresh(case).handler == alice


def test_what_a_lead_assigned_stays_theirs_to_decide() -> None:
    alice, lena = given.an_agent("alice"), given.a_lead()
    due = MONDAY_9 + timedelta(days=1)
    wanted = assigning.Given(alice, alice.grants.get().team, "巡检", "看一遍", due)
    task = assigning.assign(wanted, by=given.actor(lena), at=MONDAY_9)
    limited(alice, "pre_sales")
    assert relieving.sweep(at=MONDAY_9) == 0
    assert given.fresh(task.case).handler == alice


def test_a_merge_undone_does_not_give_a_case_back_to_who_lost_the_right_meanwhile() -> None:
    alice, lena = given.an_agent("alice"), given.a_lead()
    into = given.a_case(handler=lena, status="open")
    case = given.a_case(handler=alice, status="open")
    Case.objects.filter(pk=case.pk).update(customer=into.customer)
    merging.merge(given.fresh(case), into, by=given.actor(lena), at=MONDAY_9)
    limited(alice, "pre_sales")
    merging.unmerge(given.fresh(case), by=given.actor(lena), at=MONDAY_9 + minutes(5))
    assert given.fresh(case).handler is None and relieved(case)[0]["why"] == "category"
