"""Passing a case on: registered and handed over, never bounced; who was asked first answers for it to the end."""

from functools import partial

import pytest

from huiyin.base import tx
from huiyin.cases import about, assigning, lifecycle, load, passing, promises
from huiyin.cases.models import Case, Entry, Promise
from huiyin.dispatch import offer
from huiyin.notices.models import Notice
from huiyin.staff.models import Grant, Staff, Team
from tests import given
from tests.given import MONDAY_9, days, minutes
from tests.together import at_once

pytestmark = pytest.mark.django_db
REASON = "是退货组的事"


def passed(case: Case, by: Staff, *, to: Staff | None = None, version: int | None = None) -> Case:
    team = Team.objects.get(code="returns")
    at = MONDAY_9 + minutes(5)
    return passing.transfer(case, team, REASON, to=to, by=given.actor(by), at=at, version=version)


def kinds_of(case: Case) -> list[str]:
    return list(case.entries.order_by("seq").values_list("kind", flat=True))


def debtors(case: Case) -> set[str | None]:
    owed = Promise.objects.filter(case=case, state=Promise.RUNNING)
    return set(owed.values_list("debtor__number", flat=True))


def test_who_was_asked_first_answers_for_the_case_and_keeps_seeing_it_until_it_is_closed() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    passed(case, alice, to=charlie)
    now = given.fresh(case)
    assert (now.owner, now.handler, now.team.code, now.status) == (alice, charlie, "returns", "open")
    seen = Case.objects.visible_to(given.seen_by(alice))
    assert seen.filter(pk=case.pk).exists()
    for name, told in (("resolve", {"text": "已办"}), ("confirm", {"how": "call"})):
        lifecycle.move(given.fresh(case), name, by=given.actor(charlie), at=MONDAY_9 + minutes(9), **told)
    assert given.fresh(case).owner == alice


def test_a_case_of_the_queue_that_is_passed_on_had_its_first_person_asked() -> None:
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case()
    passed(case, alice)
    now = given.fresh(case)
    assert (now.owner, now.handler, now.team.code, now.status) == (alice, None, "returns", "open")
    assert kinds_of(case)[-2:] == ["case.accepted", "case.transferred"]


def test_a_lead_who_passes_on_what_others_have_is_not_the_first_person_asked() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    passed(case, given.a_lead(), to=charlie)
    assert (given.fresh(case).owner, given.fresh(case).status) == (None, "new")


def test_promises_and_loads_go_along() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    given.on_duty(alice)
    case = given.a_case()
    assert (case.handler, debtors(case)) == (alice, {"alice"})
    passed(case, alice, to=charlie)
    assert debtors(case) == {"charlie"}
    assert load.wrong() == []


def test_what_a_lead_owes_is_owed_by_the_lead_of_the_new_team() -> None:
    alice, _, _ = given.alice_bob_charlie()
    given.a_lead("lena")
    given.a_lead("rosa", team="returns")
    case = given.a_case("我要投诉客服态度差", handler=alice, status="resolved")
    lifecycle.move(case, "dispute", by=given.actor(alice), at=MONDAY_9)
    policy = Promise.objects.filter(case=case, kind="call_back").latest("id")
    Promise.objects.filter(pk=policy.pk).update(state=Promise.RUNNING, next_at=policy.due_at, ended_at=None)
    with tx.write():
        promises.refresh(given.fresh(case))
    passed(given.fresh(case), alice)
    assert Promise.objects.get(pk=policy.pk).debtor == Staff.objects.get(number="rosa")


def test_a_case_without_a_named_person_is_offered_to_a_free_one_of_the_new_team() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    given.on_duty(charlie)
    passed(case, alice)
    given.work_done(at=MONDAY_9 + minutes(6))
    now = given.fresh(case)
    assert (now.handler, now.owner) == (charlie, alice)
    assert Notice.objects.filter(staff=charlie, kind="case.assigned").exists()


def test_a_waiting_case_that_is_passed_on_goes_on() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    case = given.a_case(handler=alice, status="waiting")
    passed(case, alice, to=charlie)
    assert given.fresh(case).status == "open"
    assert Promise.objects.get(case=case, kind="resolution").state == Promise.RUNNING


@pytest.mark.parametrize("status", ["resolved", "closed", "void"])
def test_what_is_done_is_not_passed_on(status: str) -> None:
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice, status=status)
    with pytest.raises(lifecycle.MoveNotAllowed):
        passed(case, alice)


def test_nothing_is_passed_to_the_same_team_a_retired_one_or_without_a_reason() -> None:
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    by = given.actor(alice)
    with pytest.raises(lifecycle.Invalid, match="same"):
        passing.transfer(case, case.team, REASON, by=by, at=MONDAY_9)
    returns = Team.objects.get(code="returns")
    with pytest.raises(lifecycle.Invalid, match="reason"):
        passing.transfer(case, returns, " ", by=by, at=MONDAY_9)
    returns.retired_at = MONDAY_9
    with pytest.raises(lifecycle.Invalid, match="unknown"):
        passing.transfer(case, returns, REASON, by=by, at=MONDAY_9)
    assert given.fresh(case).version == case.version


def test_only_who_works_in_the_new_team_can_be_named() -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    auditor = given.a_person("audrey", role="auditor", team=None)
    for wrong in (bob, auditor):
        with pytest.raises(lifecycle.Invalid, match="cannot_take"):
            passed(case, alice, to=wrong)
    charlie.is_active = False
    charlie.save()
    with pytest.raises(lifecycle.Invalid, match="cannot_take"):
        passed(case, alice, to=charlie)


def test_nobody_is_given_by_name_what_lies_outside_the_categories_of_their_roles() -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    lena = given.actor(given.a_lead())
    case = given.a_case(handler=alice)  # after-sales
    for limited in (bob, charlie):
        Grant.objects.filter(staff=limited).update(categories=["pre_sales"])
    offered = partial(passing.workers_of, case.team, site=case.site_id, at=MONDAY_9)
    assert bob not in offered(category=case.category) and bob in offered(category="price")
    with pytest.raises(lifecycle.Invalid, match="other_categories"):
        passing.reassign(case, bob, "请接手", by=lena, at=MONDAY_9)
    with pytest.raises(lifecycle.Invalid, match="other_categories"):
        passed(case, alice, to=charlie)
    assert not Case.objects.visible_to(given.seen_by(charlie)).filter(pk=case.pk).exists()
    Grant.objects.filter(staff=charlie).update(categories=["after_sales"])  # with all below it
    passed(case, alice, to=charlie)
    assert given.fresh(case).handler == charlie


def test_a_case_that_is_about_somebody_stays_with_supervision_and_goes_to_none_of_them() -> None:
    alice, _, charlie = given.alice_bob_charlie()
    sue, sam = given.an_agent("sue", team="supervision"), given.an_agent("sam", team="supervision")
    case = given.a_case(handler=alice)
    about.tell_about(case, [charlie, sam], "客户投诉他们", by=given.actor(given.a_lead()), at=MONDAY_9)
    with pytest.raises(lifecycle.Invalid, match="about_somebody"):
        passed(case, sue)
    for wrong in (sam, charlie):
        with pytest.raises(lifecycle.Invalid, match="cannot_take"):
            passing.reassign(given.fresh(case), wrong, by=given.actor(sue), at=MONDAY_9)
    passing.reassign(given.fresh(case), sue, by=given.actor(sue), at=MONDAY_9)
    assert given.fresh(case).handler == sue


def test_a_colleague_is_given_the_case_with_its_promises_and_is_told() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    lena = given.a_lead()
    case = given.a_case(handler=alice, status="open")
    for _ in range(2):
        passing.reassign(given.fresh(case), bob, "阿丽请假", by=given.actor(lena), at=MONDAY_9)
    now = given.fresh(case)
    assert (now.handler, now.owner, debtors(case), load.wrong()) == (bob, alice, {"bob"}, [])
    assert Entry.objects.filter(case=case, kind="case.assigned", by_ref="lena").count() == 1
    given.work_done(at=MONDAY_9)
    assert Notice.objects.filter(staff=bob, kind="case.assigned").exists()


def test_what_somebody_gave_back_is_offered_to_others_only() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    given.on_duty(alice)
    case = given.a_case()
    passing.give_back(case, "太满了", by=given.actor(alice), at=MONDAY_9)
    given.work_done(at=MONDAY_9 + minutes(1))
    assert (given.fresh(case).handler, debtors(case)) == (None, {None})
    given.on_duty(bob)
    assert offer.serve_queue(at=MONDAY_9 + minutes(2)) == 1
    assert given.fresh(case).handler == bob


def test_a_task_that_a_lead_assigned_is_not_passed_on_but_decided_on() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    lena, service = given.a_lead(), Team.objects.get(code="service")
    task = assigning.Given(alice, service, "盘点", "盘点备件", MONDAY_9 + days(1))
    case = assigning.assign(task, by=given.actor(lena), at=MONDAY_9).case
    by = given.actor(alice)
    for act in (
        lambda: passed(case, alice),
        lambda: passing.give_back(case, "不想做", by=by, at=MONDAY_9),
        lambda: passing.reassign(case, bob, by=by, at=MONDAY_9),
    ):
        with pytest.raises(lifecycle.MoveNotAllowed):
            act()
    assert given.fresh(case).handler == alice


def test_only_what_somebody_works_on_can_be_given_back() -> None:
    alice = given.an_agent()
    with pytest.raises(lifecycle.MoveNotAllowed):
        passing.give_back(given.a_case(), "太满了", by=given.actor(alice), at=MONDAY_9)


def test_who_takes_a_case_for_themselves_is_not_told_of_it() -> None:
    alice = given.an_agent()
    lifecycle.assign(given.a_case(), alice, (), by=given.actor(alice), at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    assert not Notice.objects.filter(staff=alice).exists()


def test_who_may_pass_on_give_work_and_give_back() -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    lena, rosa = given.a_lead("lena"), given.a_lead("rosa", team="returns")
    mine, queued = given.a_case(handler=alice), given.a_case()
    went = given.a_case(handler=rosa, team="returns")
    Case.objects.filter(pk=went.pk).update(owner=lena)

    def may(case: Case) -> dict[str, str]:
        checks = (passing.may_pass_on, passing.gives_work, passing.may_give_back)
        people = (alice, bob, charlie, lena, rosa)
        return {
            one.number: "".join("pgb"[n] for n, check in enumerate(checks) if check(given.seen_by(one), case))
            for one in people
        }

    assert may(mine) == {"alice": "pb", "bob": "", "charlie": "", "lena": "pgb", "rosa": ""}
    assert may(queued) == {"alice": "p", "bob": "p", "charlie": "", "lena": "pgb", "rosa": ""}
    assert may(given.fresh(went)) == {"alice": "", "bob": "", "charlie": "", "lena": "", "rosa": "pgb"}


def test_people_to_choose_from_are_those_who_work_in_the_team_or_above_it() -> None:
    given.alice_bob_charlie()
    given.a_person("quinn", role="quality", team="service")
    team = Team.objects.get(code="service")
    chosen = passing.workers_of(team, site=team.site_id, category="other", at=MONDAY_9)
    assert [one.number for one in chosen] == ["alice", "bob"]


@pytest.mark.django_db(transaction=True)
def test_two_who_pass_the_same_case_on_at_once_pass_it_once() -> None:
    given.installed()
    alice, _, _ = given.alice_bob_charlie()
    case = given.a_case(handler=alice)
    lena = given.a_lead()
    acts = [partial(passed, given.fresh(case), who, version=case.version) for who in (alice, lena)]
    results = at_once(acts)
    assert sorted(isinstance(one, lifecycle.Stale) for one in results) == [False, True]
    assert kinds_of(case).count("case.transferred") == 1
    assert load.wrong() == []
