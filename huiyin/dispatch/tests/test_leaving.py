from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from huiyin.base import tx
from huiyin.base.live import Hub
from huiyin.base.models import AuditRow
from huiyin.cases import lifecycle
from huiyin.cases.models import AgentLoad, Case, Entry, Promise
from huiyin.customers import dedication
from huiyin.customers.models import Customer
from huiyin.desk import live
from huiyin.dispatch import leaving, offer
from huiyin.duty import presence
from huiyin.staff import people, tokens
from huiyin.staff.models import Grant, Session, Site, Staff, Team
from huiyin.staff.refusal import Refusal
from tests import given
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Staff:
    return given.a_person("root", role="administrator", team=None)


def leave(staff: Staff, root: Staff, **where: Any) -> int:
    return leave_all(staff, root, **where).cases


def leave_all(staff: Staff, root: Staff, **where: Any) -> leaving.Moved:
    return leaving.leave(staff, leaving.Heirs(**where), by=given.actor(root), at=given.MONDAY_9)


def owed_by(staff: Staff) -> int:
    return sum(promise.is_owed for promise in Promise.objects.filter(debtor=staff))


def test_whoever_still_has_work_does_not_leave_before_it_is_moved(root: Staff) -> None:
    alice = given.an_agent("alice")
    given.a_case(handler=alice, status="open")
    with pytest.raises(Refusal) as caught:
        leave(alice, root)
    assert (caught.value.code, caught.value.params["cases"]) == ("still_carries", 1)
    assert Staff.objects.get(number="alice").is_active


def test_the_work_goes_to_a_colleague_in_the_same_step(root: Staff) -> None:
    alice, bob = given.on_duty(given.an_agent("alice")), given.on_duty(given.an_agent("bob"))
    cases = [given.a_case(handler=alice, status=status) for status in ("new", "open", "waiting", "resolved")]
    assert leave(alice, root, to=bob) == 4
    for case in cases:
        now = given.fresh(case)
        assert (now.handler, now.status) == (bob, case.status)
        assert now.owner in (bob, None)
    assert owed_by(alice) == 0
    assert owed_by(bob) > 0


def a_customer_of(staff: Staff, *roles: str) -> Customer:
    """A customer whose own person they are, in these roles."""
    customer = given.a_customer(name=f"{staff.number} 的客户", phone=f"1395555{Customer.objects.count():04}")
    Customer.objects.filter(pk=customer.pk).update(**dict.fromkeys(roles, staff))
    with tx.write():
        for role in roles:
            dedication.record([customer.pk], role, staff, by=given.actor(staff), at=given.MONDAY_9)
    return Customer.objects.get(pk=customer.pk)


def test_the_customers_they_were_there_for_go_to_who_takes_the_work_and_the_history_is_kept(
    root: Staff,
) -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    one, both = a_customer_of(alice, "dedicated"), a_customer_of(alice, "salesperson", "area_manager")
    assert leave_all(alice, root, to=bob) == leaving.Moved(0, 2)
    one.refresh_from_db()
    both.refresh_from_db()
    assert (one.dedicated, both.salesperson, both.area_manager) == (bob, bob, bob)
    told = [(row.staff.number, row.until is None, row.why) for row in dedication.history(one)]
    assert told == [("bob", True, dedication.LEFT), ("alice", False, "")]
    rows = AuditRow.objects.filter(object="staff:alice", action="customers.given_away").order_by("id")
    assert [row.fields for row in rows] == [["dedicated"], ["salesperson"], ["area_manager"]]


def test_the_customers_go_elsewhere_or_to_nobody_where_that_is_said_and_never_by_chance(root: Staff) -> None:
    alice, bob, carol = (given.an_agent(number) for number in ("alice", "bob", "carol"))
    case = given.a_case(handler=alice, status="open")
    customer = a_customer_of(alice, "dedicated")
    with refused("still_cares"):
        leave(alice, root, to_queue=True)
    with refused("cannot_take"):
        leave(alice, root, to=bob, customers=alice)
    assert Staff.objects.get(number="alice").is_active
    assert leave_all(alice, root, to=bob, customers=carol) == leaving.Moved(1, 1)
    customer.refresh_from_db()
    assert (given.fresh(case).handler, customer.dedicated) == (bob, carol)
    assert leave_all(carol, root, customers_of_nobody=True) == leaving.Moved(0, 1)
    customer.refresh_from_db()
    assert customer.dedicated is None
    assert [row.until for row in dedication.history(customer)] == [given.MONDAY_9, given.MONDAY_9]


def test_the_page_and_the_call_ask_who_takes_the_customers(root: Staff) -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    mine, his = a_customer_of(alice, "dedicated"), a_customer_of(bob, "dedicated")
    desk, program = given.at_desk(root), given.with_token(given.a_token("all", role="administrator"))
    assert 'name="customers_to"' not in desk.get("/desk/people/root").content.decode()
    asked = desk.post("/desk/people/alice", {"act": "leave", "to": "queue"})
    assert (asked.status_code, 'name="customers_to"' in asked.content.decode()) == (422, True)
    told = desk.post("/desk/people/alice", {"act": "leave", "to": "queue", "customers_to": "bob"})
    assert told.status_code == 200
    mine.refresh_from_db()
    assert mine.dedicated == bob
    path, body = "/api/v1/people/bob/leave", {"to_queue": True}
    refusal = program.post(path, body, "application/json")
    assert (refusal.status_code, refusal.json()["code"]) == (409, "still_cares")
    done = program.post(path, {**body, "customers_to_nobody": True}, "application/json")
    assert done.json()["moved_customers"] == 2
    his.refresh_from_db()
    assert his.dedicated is None


def test_the_work_goes_to_the_queue_where_a_colleague_gets_it(root: Staff) -> None:
    alice = given.on_duty(given.an_agent("alice"))
    case = given.a_case(handler=alice, status="open")
    bob = given.on_duty(given.an_agent("bob"))
    leave(alice, root, to_queue=True)
    now = given.fresh(case)
    assert (now.handler, now.owner) == (None, None)
    kinds = Entry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["case.handed_on", "case.queued"]
    assert offer.serve_queue(at=given.MONDAY_9) == 1
    assert given.fresh(case).handler == bob


def test_what_is_closed_keeps_the_name_of_who_did_it(root: Staff) -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    closed = given.a_case(handler=alice, status="closed")
    leave(alice, root, to=bob)
    assert given.fresh(closed).handler == alice


def test_nobody_takes_over_a_case_that_is_about_them(root: Staff) -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    given.a_case(handler=alice, status="open").about.add(bob)
    with refused("cannot_take"):
        leave(alice, root, to=bob)


def test_nobody_takes_over_what_lies_outside_the_categories_or_sites_of_their_roles(root: Staff) -> None:
    alice, bob, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice, status="open")  # after-sales
    other = Site.objects.create(code="north", name={"zh": "北", "en": "North"}, calendar="office")
    held = Grant.objects.filter(staff=bob)
    for limits in ({"categories": ["pre_sales"]}, {"categories": [], "sites": [other.pk]}):
        held.update(**limits)
        with refused("outside_limits"):
            leave(alice, root, to=bob)
    held.update(categories=["after_sales"], sites=[case.site_id])
    assert leave(alice, root, to=bob) == 1


def test_who_may_not_work_on_cases_takes_none_over(root: Staff) -> None:
    alice = given.an_agent("alice")
    given.a_case(handler=alice, status="open")
    for number, role in (("viola", "quality"), ("root2", "administrator")):
        with pytest.raises(Refusal):
            leave(alice, root, to=given.a_person(number, role=role, team=None))


def test_after_leaving_nothing_opens_any_more(root: Staff) -> None:
    alice = given.an_agent("alice", password=given.PASSWORD)
    browser = given.at_desk(alice)
    assert browser.get("/desk").status_code == 200
    leave(alice, root)
    assert browser.get("/desk").status_code == 302
    assert not Session.objects.filter(staff=alice).exists()
    answer = Client().post("/sign-in", {"number": "alice", "password": given.PASSWORD})
    assert answer.status_code == 403


def test_a_service_account_that_ends_takes_its_tokens_along(root: Staff) -> None:
    token = given.a_token("cases:read")
    account = Staff.objects.get(kind="service")
    leave(account, root)
    assert tokens.viewer_of(token, at=given.MONDAY_9) is None
    assert AuditRow.objects.filter(action="token.revoked").exists()


def test_a_lead_who_leaves_is_followed_by_who_takes_over(root: Staff) -> None:
    lena, bob = given.a_lead(), given.an_agent("bob")
    leave(lena, root, to=bob)
    assert Team.objects.get(code="service").lead == bob


def test_the_last_who_manages_people_and_oneself_cannot_leave(root: Staff) -> None:
    with refused("own_account"):
        leave(root, root)
    other = given.a_person("other", role="manager", team=None)
    with refused("last_administrator"):
        leave(root, other)


def test_who_left_is_offered_nothing_not_even_by_an_offer_under_way(root: Staff) -> None:
    alice = given.on_duty(given.an_agent("alice"))
    leave(alice, root)
    assert presence.of(alice) == "offline"
    case = given.a_case()
    assert not lifecycle.assign(case, alice, (), by=offer.DISPATCH, at=given.MONDAY_9)


def test_who_comes_back_signs_in_with_a_password_for_once_and_can_be_given_cases(root: Staff) -> None:
    alice = given.on_duty(given.an_agent("alice"))
    leave(alice, root)
    password = leaving.come_back(alice, by=given.actor(root), at=given.MONDAY_9)
    alice.refresh_from_db()
    assert alice.is_active
    assert alice.must_change_password
    assert alice.check_password(password)
    given.on_duty(alice)
    assert AgentLoad.objects.get(staff=alice).cap > 0


def test_leaving_is_refused_the_second_time(root: Staff) -> None:
    alice = given.an_agent("alice")
    leave(alice, root)
    with refused("left_already"):
        leave(alice, root)


@pytest.fixture
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream's functions run in threads of their own in the product; here they share the test's connection."""
    monkeypatch.setattr(live, "close_old_connections", lambda: None)


def streams(case: Case, *people_: Staff) -> Sequence[Any]:
    """Open a live stream for each, as the endpoint admits them; return what the hub rechecks."""
    hub, opened = Hub(live.EVENTS, recheck=live.recheck), []
    for staff in people_:
        key = given.at_desk(staff).session.session_key
        admitted = live._admit(key, case.number)
        assert admitted is not None
        staff_id, topics, subject = admitted
        opened.append(hub.subscribe(topics, person=f"staff:{staff_id}", subject=subject))
    return opened


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("way", ["left", "new password", "sessions ended"])
def test_the_next_look_of_the_hub_ends_the_streams_of_a_session_that_ended(root: Staff, way: str) -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    case = given.a_case()
    gone, stays = streams(case, alice, bob)
    if way == "left":
        leave(alice, root)
    elif way == "new password":
        people.reset_password("alice", by=given.actor(root), at=given.MONDAY_9)
    else:
        people.sessions.end_every(alice, by=given.actor(root), at=given.MONDAY_9)
    kept = live.recheck([gone, stays])
    assert gone not in kept
    assert f"case:{case.number}" in kept[stays]


@pytest.mark.usefixtures("_one_connection")
def test_the_next_look_of_the_hub_takes_a_case_away_with_the_role(root: Staff) -> None:
    alice, case = given.an_agent("alice"), given.a_case()
    (stream,) = streams(case, alice)
    people.withdraw(alice, role="agent", team="service", by=given.actor(root), at=given.MONDAY_9)
    assert live.recheck([stream])[stream] == {f"person:{alice.pk}"}
