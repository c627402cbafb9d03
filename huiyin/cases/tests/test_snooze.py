"""A case set aside until a time wakes exactly then, once, whatever else happens to it."""

from datetime import datetime
from typing import Any

import pytest

from huiyin.base import configured
from huiyin.cases import checks, lifecycle, merging, waking
from huiyin.cases.entries import Draft
from huiyin.cases.models import Case, Entry, Promise
from huiyin.cases.typed import Invalid
from huiyin.desk import snooze
from huiyin.notices.models import Notice
from huiyin.rules.models import PromisePolicy
from huiyin.staff.models import Site, Staff
from tests import given
from tests.given import FRIDAY_17, MONDAY_9, days, hours, minutes, seconds
from tests.together import at_once

pytestmark = pytest.mark.django_db
THREE = MONDAY_9 + hours(6)


def asleep(alice: Staff | None = None, *, until: datetime = THREE, **more: Any) -> Case:
    alice = alice or given.an_agent()
    case = given.a_case(handler=alice, status="open", **more)
    lifecycle.move(
        case,
        "wait",
        by=given.actor(alice),
        at=MONDAY_9,
        waiting_for="scheduled",
        until=until,
        reason="等配件",
    )
    return given.fresh(case)


def woken(case: Case) -> int:
    return Entry.objects.filter(case=case, kind="case.resumed").count()


def test_it_wakes_at_the_time_and_not_a_second_before() -> None:
    case = asleep()
    given.work_done(at=THREE - seconds(1))
    assert (given.fresh(case).status, given.fresh(case).snoozed_until) == ("waiting", THREE)
    given.work_done(at=THREE)
    case = given.fresh(case)
    assert (case.status, case.waiting_for, case.snoozed_until) == ("open", "", None)
    entry = Entry.objects.get(case=case, kind="case.resumed")
    assert (entry.by_ref, entry.payload, entry.at) == ("clock", {"reason": "scheduled"}, THREE)


def test_after_a_stop_it_wakes_late_and_once_and_its_handler_is_told_once() -> None:
    alice = given.an_agent()
    case = asleep(alice)
    for later in (days(3), days(3) + minutes(1)):
        given.work_done(at=MONDAY_9 + later)
    assert woken(case) == 1
    assert Notice.objects.filter(staff=alice, kind="case.woken", case_number=case.number).count() == 1


def test_a_case_that_nobody_works_on_is_told_to_the_lead_when_it_wakes() -> None:
    lena = given.a_lead()
    case = asleep()
    Case.objects.filter(pk=case.pk).update(handler=None)
    given.work_done(at=THREE)
    assert Notice.objects.filter(staff=lena, kind="case.woken").count() == 1


def test_a_message_of_the_customer_wakes_it_early_and_the_set_time_does_nothing_more() -> None:
    case = asleep()
    first = Draft("message.received", {"channel": "api", "files": []}, "还要多久?")
    lifecycle.receive(case, first, by=given.customer_of(case), at=MONDAY_9 + hours(1))
    assert given.fresh(case).status == "open"
    given.work_done(at=THREE)
    assert woken(case) == 1


def test_set_aside_again_it_wakes_at_the_later_time_only() -> None:
    alice = given.an_agent()
    case = asleep(alice)
    by = given.actor(alice)
    lifecycle.move(case, "resume", by=by, at=MONDAY_9 + hours(1), reason="")
    later = THREE + hours(5)
    lifecycle.move(
        case, "wait", by=by, at=MONDAY_9 + hours(2), waiting_for="scheduled", until=later, reason=""
    )
    given.work_done(at=THREE)
    assert given.fresh(case).status == "waiting"
    given.work_done(at=later)
    assert given.fresh(case).status == "open"


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"waiting_for": "scheduled"}, {"until": "missing"}),
        ({"waiting_for": "scheduled", "until": MONDAY_9}, {"until": "past"}),
        ({"waiting_for": "scheduled", "until": MONDAY_9 - days(1)}, {"until": "past"}),
        ({"waiting_for": "scheduled", "until": MONDAY_9 + days(367)}, {"until": "too_far"}),
        ({"waiting_for": "customer", "until": THREE}, {"until": "needs_scheduled"}),
        ({"waiting_for": "the moon"}, {"waiting_for": "missing"}),
    ],
)
def test_a_wait_that_makes_no_sense_is_refused_and_changes_nothing(
    told: dict[str, Any], wrong: dict[str, str]
) -> None:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    with pytest.raises(Invalid) as caught:
        lifecycle.move(case, "wait", by=given.actor(alice), at=MONDAY_9, **told)
    assert caught.value.fields == wrong
    assert given.fresh(case).status == "open"


@pytest.mark.parametrize("names", [True, False])
def test_promises_pause_only_where_the_policy_names_it(names: bool) -> None:
    named = ["scheduled"] if names else ["customer"]
    PromisePolicy.objects.filter(kind="resolution").update(pauses_for=named)
    configured.bump()
    case = asleep()
    state = Promise.objects.get(case=case, kind="resolution").state
    assert state == ("paused" if names else "running")


def test_a_case_that_slept_when_it_was_merged_comes_back_awake() -> None:
    alice = given.an_agent()
    case = asleep(alice)
    assert case.customer is not None
    other = given.a_case("屏幕也坏了", handler=alice, status="open")
    Case.objects.filter(pk=other.pk).update(customer=case.customer)
    by = given.actor(alice)
    merging.merge(case, given.fresh(other), by=by, at=MONDAY_9 + hours(1))
    given.work_done(at=THREE)
    assert given.fresh(case).status == "void"
    merging.unmerge(given.fresh(case), by=by, at=THREE + hours(1))
    assert (given.fresh(case).status, given.fresh(case).snoozed_until) == ("open", None)
    assert not Promise.objects.filter(case=case, state="paused").exists()


@pytest.mark.django_db(transaction=True)
def test_woken_by_four_at_once_while_the_customer_writes_it_goes_on_once() -> None:
    case = asleep()
    first = Draft("message.received", {"channel": "api", "files": []}, "还要多久?")
    acts: list[Any] = [lambda: waking.wake(given.fresh(case), until=THREE, at=THREE)] * 4
    acts.append(lambda: lifecycle.receive(given.fresh(case), first, by=given.customer_of(case), at=THREE))
    answers = at_once(acts)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert woken(case) == 1
    assert given.fresh(case).status == "open"


def test_verify_finds_a_case_that_nothing_will_wake() -> None:
    case = asleep()
    assert list(checks.sleepers_wake()) == []
    for broken in ({"snoozed_until": None}, {"snoozed_until": THREE + hours(1)}):
        with given.undone():
            Case.objects.filter(pk=case.pk).update(**broken)
            assert [case.number in line for line in checks.sleepers_wake()] == [True]


# Through HTTP.


@pytest.mark.usefixtures("monday")
def test_a_program_sets_a_case_aside_and_a_time_without_offset_or_in_the_past_is_refused() -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    client = given.with_token(given.a_token("cases:read", "cases:write"))

    def wait(until: str) -> Any:
        body = {"move": "wait", "waiting_for": "scheduled", "until": until, "version": case.version}
        return client.post(
            f"/api/v1/cases/{case.number}/moves", given.as_json(body), content_type="application/json"
        )

    assert wait("2026-03-05T09:00:00").status_code == 422
    past = wait("2026-03-01T09:00:00+08:00")
    assert (past.status_code, past.json()["fields"]) == (422, {"until": "past"})
    answer = wait("2026-03-05T09:00:00+08:00").json()
    assert (answer["status"], answer["snoozed_until"]) == ("waiting", "2026-03-05T09:00:00+08:00")


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("form", "until"),
    [
        ({"snooze": "hour"}, MONDAY_9 + hours(1)),
        ({"snooze": "tomorrow"}, MONDAY_9 + days(1)),
        ({"snooze": "working_day"}, MONDAY_9 + days(1)),
        ({"snooze": "own", "until": "2026-03-04T15:30"}, MONDAY_9 + days(2) + hours(6.5)),
    ],
)
def test_at_the_desk_the_time_is_one_of_a_few_choices_or_ones_own(
    form: dict[str, str], until: datetime
) -> None:
    assert set_aside(form) == (302, until)


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("until", ["", "soon", "2026-02-30T10:00", "2026-03-01T10:00"])
def test_at_the_desk_a_time_that_is_none_is_refused_and_the_words_stay(until: str) -> None:
    assert set_aside({"snooze": "own", "until": until}) == (422, None)


def test_the_next_working_day_after_a_friday_is_the_monday() -> None:
    case = given.a_case(handler=given.an_agent(), status="open")
    Site.objects.filter(pk=case.site_id).update(calendar="office")
    assert snooze.moment({"snooze": "working_day"}, given.fresh(case), at=FRIDAY_17) == MONDAY_9 + days(7)


def set_aside(form: dict[str, str]) -> tuple[int, datetime | None]:
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    told = {
        "move": "wait",
        "waiting_for": "scheduled",
        "version": str(case.version),
        "text": "等配件",
        **form,
    }
    answer = given.at_desk(alice).post(f"/desk/cases/{case.number}/move", told)
    return answer.status_code, given.fresh(case).snoozed_until
