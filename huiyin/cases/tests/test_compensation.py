"""What a customer is given beyond what was owed: limits by role, approvals above them, and no way round them."""

from contextlib import suppress
from decimal import Decimal

import pytest

from huiyin.base import tx
from huiyin.cases import collaboration, compensation, lifecycle, pending
from huiyin.cases.compensation import Proposal
from huiyin.cases.models import Case, Collaboration, Compensation, Entry
from huiyin.cases.moves import MoveNotAllowed, Stale
from huiyin.cases.typed import Invalid
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9
from tests.together import at_once

pytestmark = pytest.mark.django_db


def a_manager(number: str = "max") -> Staff:
    return given.a_person(number, role="manager", team=None)


def proposed(case: Case, by: Staff, value: str, kind: str = "coupon") -> Compensation:
    wanted = Proposal(kind, Decimal(value), "物流延误三天")
    return compensation.propose(Case.objects.get(pk=case.pk), wanted, by=given.actor(by), at=MONDAY_9)


def test_within_the_limit_of_the_role_it_is_granted_at_once_and_recorded() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    made = proposed(case, alice, "20")
    assert (made.state, made.approval) == ("granted", None)
    entry = Entry.objects.get(case=case, kind="compensation.granted")
    assert entry.payload == {"compensation": str(made.uuid), "kind": "coupon", "value": "20.00"}


def test_above_the_limit_it_waits_for_a_manager() -> None:
    alice, max_ = given.an_agent(), a_manager()
    case = given.a_case(handler=alice, status="open")
    made = proposed(case, alice, "20.01")
    assert made.state == "proposed" and made.approval is not None
    assert (made.approval.kind, made.approval.assignee) == ("approval", max_)
    assert Collaboration.objects.visible_to(given.seen_by(max_)).get() == made.approval


def test_small_sums_of_one_kind_add_up_to_the_limit_and_not_over_it() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    a_manager()
    case = given.a_case(handler=alice, status="open")
    states = [proposed(case, by, "9").state for by in (alice, bob, alice)]
    assert states == ["granted", "granted", "proposed"]


def test_a_role_without_a_limit_for_the_kind_always_asks() -> None:
    alice = given.an_agent()
    a_manager()
    assert proposed(given.a_case(handler=alice, status="open"), alice, "0.01", "gift").state == "proposed"


@pytest.mark.parametrize(
    ("verb", "state"), [("approve", "granted"), ("refuse", "refused"), ("withdraw", "refused")]
)
def test_the_decision_settles_the_compensation(verb: str, state: str) -> None:
    alice, max_ = given.an_agent(), a_manager()
    made = proposed(given.a_case(handler=alice, status="open"), alice, "200")
    assert made.approval is not None
    by = alice if verb == "withdraw" else max_
    compensation.decide(made.approval, verb, by=given.actor(by), at=MONDAY_9, version=1, text="请按标准")
    made.refresh_from_db()
    assert (made.state, made.approval.is_pending) == (state, False)


def test_a_decision_is_taken_once() -> None:
    alice, max_ = given.an_agent(), a_manager()
    made = proposed(given.a_case(handler=alice, status="open"), alice, "200")
    assert made.approval is not None
    compensation.decide(made.approval, "approve", by=given.actor(max_), at=MONDAY_9, version=1)
    with pytest.raises(Stale):
        compensation.decide(made.approval, "refuse", by=given.actor(max_), at=MONDAY_9, version=1, text="不")
    with pytest.raises(MoveNotAllowed):
        compensation.decide(made.approval, "approve", by=given.actor(max_), at=MONDAY_9, version=None)
    made.refresh_from_db()
    assert made.state == "granted"


def test_nobody_decides_on_their_own_proposal() -> None:
    max_, mia = a_manager(), a_manager("mia")
    made = proposed(given.a_case(handler=max_, status="open"), max_, "9000", "refund")
    assert made.approval is not None and made.approval.assignee == mia
    with pytest.raises(compensation.OwnProposal):
        compensation.decide(made.approval, "approve", by=given.actor(max_), at=MONDAY_9, version=1)


def test_a_request_is_not_approved_and_an_approval_is_not_answered() -> None:
    alice, max_ = given.an_agent(), a_manager()
    made = proposed(given.a_case(handler=alice, status="open"), alice, "200")
    assert made.approval is not None
    for verb in ("accept", "answer", "return", "finish"):
        with pytest.raises(MoveNotAllowed):
            collaboration.act(made.approval, verb, by=given.actor(max_), at=MONDAY_9, version=1, text="好")


def test_an_open_approval_holds_the_close_and_ends_with_a_void_case() -> None:
    alice = given.an_agent()
    a_manager()
    case = given.a_case(handler=alice, status="open")
    made = proposed(case, alice, "200")
    with pytest.raises(pending.OpenRequest):
        lifecycle.move(given.fresh(case), "resolve", by=given.actor(alice), at=MONDAY_9, text="好了")
    lifecycle.move(given.fresh(case), "void", by=given.actor(alice), at=MONDAY_9, reason="spam")
    made.refresh_from_db()
    assert made.state == "refused"


@pytest.mark.parametrize("value", ["0", "-1", "1.005", "NaN", "Infinity", "1E+30"])
def test_only_a_sum_of_money_is_a_value(value: str) -> None:
    alice = given.an_agent()
    with pytest.raises(Invalid):
        proposed(given.a_case(handler=alice, status="open"), alice, value)


def test_above_the_limit_without_anybody_to_approve_nothing_is_written() -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    with pytest.raises(Invalid):
        proposed(case, alice, "200")
    assert not case.compensations.exists() and not case.collaborations.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_proposals_at_once_never_grant_more_than_the_limit() -> None:
    alice = given.an_agent()
    a_manager()
    case = given.a_case(handler=alice, status="open")
    made = at_once([lambda: _asked_until_heard(case, alice, "3")] * 50)
    assert all(isinstance(one, Compensation) for one in made), made
    granted = [one for one in made if one.state == "granted"]
    assert (len(granted), case.compensations.filter(state="granted").count()) == (6, 6)  # 6 × 3 ≤ 20 < 7 × 3


def _asked_until_heard(case: Case, by: Staff, value: str) -> Compensation:
    """Propose as a client does that is told to try again: fifty at one gate may be busy for longer than one waits."""
    while True:
        with suppress(tx.Busy):
            return proposed(case, by, value)
