"""Who is given a case, and who never."""

from datetime import datetime

import pytest

from huiyin.base.actor import CLOCK
from huiyin.cases import lifecycle
from huiyin.cases.models import AgentLoad, Case, Entry
from huiyin.dispatch import offer
from huiyin.duty import presence
from huiyin.staff.models import Grant, Staff
from tests import given
from tests.given import MONDAY_9, days, minutes

pytestmark = pytest.mark.django_db


def go(staff: Staff, state: str, at: datetime = MONDAY_9) -> None:
    presence.change(staff, state, by=given.actor(staff), at=at)


def test_nobody_on_duty_means_the_queue_with_the_reason() -> None:
    case = given.a_case()
    assert case.handler is None
    assert Entry.objects.get(case=case, kind="case.queued").payload["because"][0]["code"] == "nobody_free"


@pytest.mark.parametrize("state", ["busy", "away", "offline"])
def test_only_who_is_online_is_given_work(state: str) -> None:
    alice = given.on_duty(given.an_agent())
    go(alice, state)
    assert given.a_case().handler is None


def test_work_goes_to_the_team_of_the_case_only() -> None:
    _, bob, charlie = given.alice_bob_charlie()
    given.on_duty(charlie)
    assert given.a_case().handler is None
    given.on_duty(bob)
    assert given.a_case().handler == bob


def test_two_people_share_what_comes() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    given.on_duty(alice)
    given.on_duty(bob)
    handlers = [given.a_case(at=MONDAY_9 + minutes(n)).handler for n in range(4)]
    assert handlers.count(alice) == handlers.count(bob) == 2


def test_who_has_left_or_lost_the_role_is_given_nothing() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    given.on_duty(alice)
    given.on_duty(bob)
    Staff.objects.filter(pk=alice.pk).update(is_active=False)
    Grant.objects.filter(staff=bob).update(until=MONDAY_9 - days(1))
    assert given.a_case().handler is None


def test_the_queue_is_served_by_what_breaks_next() -> None:
    later, sooner = given.a_case(at=MONDAY_9 + minutes(9)), given.a_case()
    alice = given.on_duty(given.an_agent())
    AgentLoad.objects.filter(staff=alice).update(cap=0.5)
    assert offer.serve_queue(at=MONDAY_9 + minutes(10)) == 1
    assert (given.fresh(sooner).handler, given.fresh(later).handler) == (alice, None)


def test_a_case_is_never_offered_to_somebody_it_is_about() -> None:
    case = given.a_case()
    alice = given.on_duty(given.an_agent())
    case.about.add(alice)
    assert offer.serve_queue(at=MONDAY_9) == 0


def test_a_case_that_somebody_took_meanwhile_stays_with_them_and_the_others_are_served() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    taken, other = given.a_case(), given.a_case(at=MONDAY_9 + minutes(1))
    given.on_duty(bob)
    seen = list(Case.objects.queued().by_next_promise())
    lifecycle.move(given.fresh(taken), "accept", by=given.actor(alice), at=MONDAY_9)
    assert offer.give(seen, at=MONDAY_9 + minutes(2)) == 1
    assert (given.fresh(taken).handler, given.fresh(other).handler) == (alice, bob)


def test_a_case_that_ended_meanwhile_stops_nobody_else_from_being_served() -> None:
    _, bob, _ = given.alice_bob_charlie()
    ended, other = given.a_case(), given.a_case(at=MONDAY_9 + minutes(1))
    given.on_duty(bob)
    seen = list(Case.objects.queued().by_next_promise())
    lifecycle.move(given.fresh(ended), "void", by=CLOCK, at=MONDAY_9, reason="spam")
    assert offer.give(seen, at=MONDAY_9 + minutes(2)) == 1
    assert given.fresh(other).handler == bob
