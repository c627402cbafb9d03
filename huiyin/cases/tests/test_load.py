"""How much each person carries: exact at every step."""

from decimal import Decimal

import pytest

from huiyin.base.actor import DISPATCH
from huiyin.cases import lifecycle, load
from huiyin.cases.models import AgentLoad
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9

pytestmark = pytest.mark.django_db
HALF = Decimal("0.5")


def carried(staff: Staff) -> Decimal:
    return AgentLoad.objects.get(staff=staff).load


@pytest.mark.parametrize(
    ("status", "load_"),
    [("new", HALF), ("open", HALF), ("waiting", 0), ("resolved", 0), ("closed", 0), ("void", 0)],
)
def test_only_new_and_open_cases_weigh_on_their_handler(status: str, load_: Decimal) -> None:
    alice = given.an_agent()
    given.a_case(handler=alice, status=status)
    assert carried(alice) == load_


def test_handing_a_case_over_moves_its_weight() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    lifecycle.assign(case, bob, (), by=given.actor(alice), at=MONDAY_9)
    assert (carried(alice), carried(bob)) == (0, HALF)


def test_giving_a_case_to_who_has_it_already_changes_no_weight() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice)
    lifecycle.assign(case, alice, (), by=given.actor(alice), at=MONDAY_9)
    assert carried(alice) == HALF


def test_the_system_gives_nothing_to_who_is_full_and_a_person_may() -> None:
    alice = given.on_duty(given.an_agent())
    AgentLoad.objects.filter(staff=alice).update(cap=HALF)
    given.a_case()
    queued = given.a_case()
    assert carried(alice) == HALF and queued.handler is None
    assert not lifecycle.assign(queued, alice, (), by=DISPATCH, at=MONDAY_9)
    assert lifecycle.assign(queued, alice, (), by=given.actor(alice), at=MONDAY_9)
    assert carried(alice) == 1


def test_a_chat_weighs_one_and_anything_else_a_half() -> None:
    alice = given.on_duty(given.an_agent())
    given.a_case(channel="chat")
    assert carried(alice) == 1
    given.a_case()
    assert carried(alice) == Decimal("1.5")


@pytest.mark.tampers
def test_verify_names_a_load_that_is_not_the_sum_of_its_cases() -> None:
    alice = given.an_agent()
    given.a_case(handler=alice)
    AgentLoad.objects.filter(staff=alice).update(load=3)
    (line,) = load.wrong()
    assert "alice" in line
