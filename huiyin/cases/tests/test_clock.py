"""The clock of promises: who is told, how often, in which order, and under a flood."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.base import clock as base_clock
from huiyin.base import tx
from huiyin.cases import about, collaboration, escalation, promises, watching
from huiyin.cases.models import Case, Entry, Promise
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9, days, hours, minutes

pytestmark = pytest.mark.django_db


def tick(at: datetime) -> int:
    acted = 0
    while n := promises.act_on_due(at=at):
        acted += n
    given.work_done(at=at)
    return acted


def notices(person: Staff, kind: str) -> int:
    return Notice.objects.filter(staff=person, kind=kind).count()


def only(case: Case, kind: str) -> Promise:
    Promise.objects.filter(case=case).exclude(kind=kind).delete()
    with tx.write():
        promises.refresh(case)
    return Promise.objects.get(case=case)


def test_a_warning_goes_to_the_debtor_and_their_lead_once() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    promise = only(given.a_case(handler=alice), "resolution")
    for _ in range(2):
        tick(promise.due_at - hours(1))
    assert [notices(person, "promise.warned") for person in (alice, lena)] == [1, 1]


def test_a_break_is_told_to_the_debtor_and_climbs_the_tree_one_lead_at_a_time() -> None:
    given.a_team("top")
    Team.objects.filter(code="service").update(parent=Team.objects.get(code="top"))
    alice, lena, topper = given.an_agent(), given.a_lead(), given.a_lead("topper", team="top")
    case = given.a_case(handler=alice)
    tick(MONDAY_9 + hours(1))
    assert [notices(person, "case.escalated") for person in (lena, topper)] == [1, 0]
    tick(MONDAY_9 + days(1))
    assert [notices(person, "case.escalated") for person in (lena, topper)] == [1, 1]
    assert given.fresh(case).escalation_level == 2
    assert notices(alice, "promise.broken") == 2


def test_a_lead_whose_role_does_not_show_the_case_may_see_it_once_it_is_raised_to_them() -> None:
    given.a_team("returns")
    rita = given.a_lead("rita", team="returns")
    Team.objects.filter(code="service").update(lead=rita)
    case = given.a_case(handler=given.an_agent())
    assert not Case.objects.visible_to(given.seen_by(rita)).exists()
    tick(MONDAY_9 + hours(1))
    assert list(Case.objects.visible_to(given.seen_by(rita))) == [case]
    assert list(escalation.raised_to(given.seen_by(rita))) == [case]
    tick(MONDAY_9 + days(1))
    assert [row.staff for row in watching.of(case)] == [rita]


def test_a_lead_who_sees_the_case_anyway_is_told_that_it_broke_but_does_not_follow_it() -> None:
    lena = given.a_lead()
    case = given.a_case(handler=given.an_agent())
    tick(MONDAY_9 + hours(1))
    assert notices(lena, "case.escalated") == 1
    assert not watching.of(case)


def test_a_greeting_that_was_not_kept_is_told_and_not_climbed_with() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    case = given.a_case(handler=alice, channel="phone")  # nobody is greeted in writing there
    with tx.write():
        promises.cancel(
            case, cause="void", by=given.actor(alice), at=MONDAY_9, kinds=["first_reply", "resolution"]
        )
    promise = Promise.objects.get(case=case, kind="greeting")
    tick(promise.due_at)
    assert (notices(alice, "promise.broken"), notices(lena, "case.escalated")) == (1, 0)


def test_nobody_is_told_of_a_case_that_is_about_them() -> None:
    lena = given.a_lead()
    case = given.a_case()
    case.about.add(lena)
    tick(MONDAY_9 + days(9))
    assert not Notice.objects.filter(staff=lena, case_number=case.number).exists()


def test_a_person_is_told_once_of_a_flood_and_what_follows_it_joins_the_same_notice() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    cases = [given.a_case(handler=alice) for _ in range(30)]
    at = MONDAY_9 + days(9)
    acted = tick(at)
    assert acted == 60
    late = given.a_case(handler=alice, at=at - hours(3))
    tick(at + minutes(2))
    for person in (alice, lena):
        assert notices(person, "promises.digest") == 1
        assert not Notice.objects.filter(staff=person, kind__in=("promise.broken", "case.escalated")).exists()
    told = Notice.objects.get(staff=alice, kind="promises.digest").params
    assert told["broken"] == 60 + late.promises.filter(state="broken").count()
    assert Entry.objects.filter(kind="promise.broken", case__in=cases).count() == 60
    page = given.at_desk(alice).get("/desk")
    assert page.status_code == 200 and str(told["broken"]) in page.content.decode()


@pytest.mark.tampers
def test_the_statements_of_a_step_do_not_grow_with_the_number_of_promises() -> None:
    counts = []
    for size in (5, 40):
        alice = given.an_agent(f"agent{size}")
        for _ in range(size):
            only(given.a_case(handler=alice), "resolution")
        with CaptureQueriesContext(connection) as queries:
            assert promises.act_on_due(at=MONDAY_9 + days(9)) == size
        counts.append(len(queries))
        Promise.objects.all().delete()
        Entry.objects.filter(kind="promise.broken").delete()
        Case.objects.all().update(entry_seq=0)
    assert counts[1] <= counts[0] + 2


def test_what_fell_due_during_a_stop_goes_before_what_only_warns() -> None:
    warned = only(given.a_case(), "resolution")
    broken = only(given.a_case(at=MONDAY_9 - days(1)), "resolution")
    Promise.objects.filter(pk=warned.pk).update(next_at=MONDAY_9)
    assert promises.act_on_due(at=MONDAY_9 + hours(1), limit=1) == 1
    assert Promise.objects.get(pk=broken.pk).state == "broken"
    assert Promise.objects.get(pk=warned.pk).state == "running"


@pytest.mark.parametrize("skew", [timedelta(minutes=5), timedelta(hours=1)])
def test_a_worker_whose_clock_is_ahead_fires_nothing_early(skew: timedelta) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite all processes share one machine and its clock")
    base_clock.follow_own()
    promise = only(given.a_case(), "resolution")
    real = datetime.now(MONDAY_9.tzinfo)
    due = real + skew / 2
    Promise.objects.filter(pk=promise.pk).update(due_at=due, next_at=due, warnings=[])
    try:
        with time_machine.travel(real + skew):
            base_clock.follow_database()
            assert promises.act_on_due(at=base_clock.now()) == 0
    finally:
        base_clock.follow_own()


def test_what_another_department_owes_is_told_to_its_own_lead_too() -> None:
    alice, lena = given.an_agent(), given.a_lead()
    given.a_team("logistics")
    lou = given.a_person("lou", role="collaborator", team="logistics")
    chief = given.a_lead("chief", team="logistics")
    Team.objects.filter(code="logistics").update(contact=lou)
    case = given.a_case(handler=alice, status="open")
    words = collaboration.Asked(given.a_team("logistics"), "查运单", "三天没动", MONDAY_9 + hours(4))
    collaboration.ask(case, words, by=given.actor(alice), at=MONDAY_9)
    tick(MONDAY_9 + hours(3))
    assert [notices(person, "promise.warned") for person in (lou, chief)] == [1, 1]
    tick(MONDAY_9 + hours(4))
    assert [notices(person, "promise.broken") for person in (lou, chief)] == [1, 1]
    waits = Notice.objects.filter(staff=alice, kind="promise.broken", params__promise="collaboration")
    assert waits.count() == 1
    assert notices(lena, "case.escalated") >= 1


def test_a_departments_lead_whom_the_case_is_about_hears_nothing_of_it() -> None:
    alice = given.an_agent()
    given.a_team("logistics")
    given.a_person("lou", role="collaborator", team="logistics")
    chief = given.a_lead("chief", team="logistics")
    case = given.a_case(handler=alice, status="open")
    words = collaboration.Asked(given.a_team("logistics"), "查运单", "三天没动", MONDAY_9 + hours(4))
    collaboration.ask(case, words, by=given.actor(alice), at=MONDAY_9)
    case = given.fresh(case)
    about.tell_about(
        case, [chief], "查过了", by=given.actor(given.a_lead()), at=MONDAY_9, version=case.version
    )
    Notice.objects.filter(staff=chief).delete()
    tick(MONDAY_9 + hours(5))
    assert not Notice.objects.filter(staff=chief).exists()
