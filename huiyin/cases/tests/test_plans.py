"""What comes again: its turns, their phases, and what happens to a turn that was missed."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huiyin.cases import lifecycle, plans, promises, turns
from huiyin.cases.models import Case, Occurrence, Plan, Promise
from huiyin.cases.plans import Planned
from huiyin.engines import businesstime
from huiyin.rules import book
from huiyin.staff.models import Team
from tests import given
from tests.given import MONDAY_9, SHANGHAI, days, hours, minutes

pytestmark = pytest.mark.django_db
WEEKLY = [{"rule": "FREQ=WEEKLY", "days": None}]
FIRSTS = [{"rule": "FREQ=MONTHLY;BYMONTHDAY=1", "days": None}]
DAILY = [{"rule": "FREQ=DAILY", "days": None}]


def a_plan(phases: list[dict[str, Any]] = WEEKLY, **more: Any) -> Plan:
    planned = Planned(
        kind="visit",
        title="新客户周访",
        team=Team.objects.get(code="service"),
        phases=phases,
        starts=more.pop("starts", MONDAY_9 + hours(8)),
        **more,
    )
    return plans.make(planned, by=given.actor(given.an_agent("planner")), at=MONDAY_9)


def tick(at: datetime) -> None:
    while promises.act_on_due(at=at):
        pass
    plans.open_turns(at=at)


def local_days(found: Any) -> list[str]:
    return [turn.astimezone(SHANGHAI).strftime("%m-%d %H:%M") for turn in found]


def between(
    phases: list[dict[str, Any]], starts: datetime, until: datetime, zone: str = "Asia/Shanghai"
) -> Any:
    after = starts - timedelta(seconds=1)
    return turns.between(turns.checked(phases), starts=starts, after=after, until=until, zone=ZoneInfo(zone))


def test_weekly_in_the_first_month_and_every_second_week_from_then_on() -> None:
    phases = [{"rule": "FREQ=WEEKLY", "days": 28}, {"rule": "FREQ=WEEKLY;INTERVAL=2", "days": None}]
    found = between(phases, MONDAY_9, MONDAY_9 + days(60))
    assert local_days(found) == [f"{day} 09:00" for day in (
        "03-02", "03-09", "03-16", "03-23", "03-30", "04-13", "04-27",
    )]  # fmt: skip


def test_twice_a_day_is_two_turns_a_day() -> None:
    found = between([{"rule": "FREQ=DAILY;BYHOUR=9,17", "days": None}], MONDAY_9, MONDAY_9 + days(1))
    assert local_days(found) == ["03-02 09:00", "03-02 17:00", "03-03 09:00"]


def test_the_last_day_of_a_month_follows_the_length_of_the_month() -> None:
    found = between([{"rule": "FREQ=MONTHLY;BYMONTHDAY=-1", "days": None}], MONDAY_9, MONDAY_9 + days(70))
    assert local_days(found) == ["03-31 09:00", "04-30 09:00"]


def test_a_turn_keeps_its_time_on_the_wall_when_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    starts = datetime(2026, 3, 27, 9, tzinfo=berlin)
    found = between(DAILY, starts, starts + days(4), zone="Europe/Berlin")
    assert {turn.astimezone(berlin).hour for turn in found} == {9}


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=SECONDLY",
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=WEEKLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "nonsense",
    ],
)
def test_a_rule_that_never_comes_or_never_rests_is_refused(rule: str) -> None:
    with pytest.raises(lifecycle.Invalid, match="rule"):
        a_plan([{"rule": rule, "days": None}])


def test_a_turn_opens_as_its_own_task_with_one_promise_at_most_seven_days_ahead() -> None:
    lena = given.a_lead()
    plan = a_plan(starts=MONDAY_9 + days(9))
    tick(MONDAY_9 + days(1))
    assert not Case.objects.filter(family="task").exists()
    tick(MONDAY_9 + days(3))
    (case,) = Case.objects.filter(family="task")
    (promise,) = case.promises.all()
    assert (case.kind, case.handler, promise.kind, promise.debtor) == ("visit", lena, "visit", lena)
    assert promise.due_at == MONDAY_9 + days(9)
    assert Occurrence.objects.get(plan=plan).case_number == case.number


def test_a_turn_is_opened_once_however_often_it_is_looked_at() -> None:
    a_plan()
    for n in range(5):
        tick(MONDAY_9 + minutes(n))
    assert Case.objects.filter(family="task").count() == 1


def test_solving_the_task_keeps_its_promise() -> None:
    alice = given.an_agent()
    a_plan(debtor_rule="person", debtor=alice)
    tick(MONDAY_9)
    case = Case.objects.get(family="task")
    lifecycle.move(case, "accept", by=given.actor(alice), at=MONDAY_9 + hours(1))
    lifecycle.move(case, "resolve", by=given.actor(alice), at=MONDAY_9 + hours(1), text="已回访")
    assert Promise.objects.get(case=case, kind="visit").state == "kept"


def test_a_missed_turn_breaks_and_does_not_pile_up() -> None:
    a_plan(DAILY)
    for day in range(6):
        tick(MONDAY_9 + days(day) + hours(8) + minutes(1))
    owed = Promise.objects.filter(kind="visit")
    assert owed.filter(state="broken").count() == 6
    assert Case.objects.filter(family="task").exclude(status="void").count() == 2
    assert owed.owed().count() == 2


def test_of_turns_that_passed_during_a_stop_only_the_latest_is_opened() -> None:
    plan = a_plan(DAILY)
    at = MONDAY_9 + days(10)
    tick(at)
    tick(at)
    assert Case.objects.filter(family="task").count() == 2  # the latest one missed, and the coming one
    assert Occurrence.objects.filter(plan=plan, case_number="").count() == 9
    assert Promise.objects.filter(kind="visit", state="broken").count() == 1


def test_a_turn_that_falls_into_a_pause_is_left_out() -> None:
    plan = a_plan()
    plans.change(plan, "pause", at=MONDAY_9)
    tick(MONDAY_9 + days(8))
    assert not Case.objects.filter(family="task").exists()
    plans.change(plan, "resume", at=MONDAY_9 + days(8))
    tick(MONDAY_9 + days(8))
    assert Promise.objects.get(kind="visit").due_at == MONDAY_9 + days(14) + hours(8)


def test_a_plan_ends_by_hand_or_by_its_date_and_opens_nothing_more() -> None:
    plan = a_plan(until=MONDAY_9 + days(3))
    tick(MONDAY_9)
    tick(MONDAY_9 + days(8))
    plan.refresh_from_db()
    assert (plans.state_of(plan), Case.objects.filter(family="task").count()) == ("ended", 1)
    with pytest.raises(lifecycle.MoveNotAllowed):
        plans.change(plan, "pause", at=MONDAY_9)


def test_the_lead_plans_for_their_own_team_only() -> None:
    given.a_team("returns")
    lena = given.seen_by(given.a_lead())
    teams = {team.code: plans.may_plan(lena, team) for team in Team.objects.all()}
    assert (teams["service"], teams["returns"]) == (True, False)
    assert not plans.may_plan(given.seen_by(given.an_agent()), Team.objects.get(code="service"))


def test_a_monthly_list_is_due_some_working_days_after_the_1st_whatever_the_holidays() -> None:
    plan = a_plan(FIRSTS, starts=datetime(2026, 3, 1, 9, tzinfo=SHANGHAI), working_days=2)
    at = MONDAY_9
    while at < MONDAY_9 + days(155):
        tick(at)
        at += days(5)
    found = Promise.objects.filter(kind="visit").order_by("due_at")
    office = book.current().calendars["office"].announced
    for promise in found.filter(provisional=False):
        assert promise.not_before is not None
        assert promise.due_at == businesstime.due_in_days(promise.not_before, 2, office)
    dues = {
        promise.not_before.astimezone(SHANGHAI).month: promise.due_at
        for promise in found
        if promise.not_before
    }
    # After Qingming's eve, and after the five days of May: by the calendar of the year, not by counting.
    assert local_days([dues[4], dues[5]]) == ["04-03 18:00", "05-07 18:00"]
    assert plan.occurrences.count() == found.count() == 5


def test_the_holidays_of_a_year_that_nobody_announced_make_the_due_time_provisional() -> None:
    starts = datetime(2031, 1, 1, 9, tzinfo=SHANGHAI)
    a_plan(FIRSTS, starts=starts, working_days=2)
    tick(starts - days(3))
    promise = Promise.objects.get(kind="visit")
    assert (local_days([promise.due_at]), promise.provisional) == (["01-03 18:00"], True)


def test_a_turn_in_working_days_breaks_at_its_due_time_and_not_at_its_turn() -> None:
    first = datetime(2026, 5, 1, 9, tzinfo=SHANGHAI)
    a_plan(FIRSTS, starts=first, working_days=2)
    tick(first - days(2))
    tick(first + days(5))
    promise = Promise.objects.get(kind="visit")
    assert promise.state == "running"
    tick(datetime(2026, 5, 7, 18, 0, 1, tzinfo=SHANGHAI))
    promise.refresh_from_db()
    assert promise.state == "broken"


def test_working_days_are_taken_by_desk_and_api_and_strange_ones_refused() -> None:
    lena = given.at_desk(given.a_lead())
    form = {"kind": "task", "title": "续费名单", "team": "service", "starts": "2099-01-01T09:00"}
    form |= {"rule": FIRSTS[0]["rule"], "working_days": "2"}
    for strange in ("two", "0", "61"):
        assert lena.post("/desk/plans/make", {**form, "working_days": strange}).status_code == 422
    assert lena.post("/desk/plans/make", form).status_code == 302
    assert "2 个工作日" in lena.get("/desk/plans").content.decode()
    api = given.with_token(given.a_token("all"))
    body = {"kind": "task", "title": "续费名单", "team": "service", "phases": FIRSTS, "working_days": 2}
    body |= {"starts": "2099-01-01T09:00:00+08:00"}
    made = api.post("/api/v1/plans", body, content_type="application/json")
    assert (made.status_code, made.json()["working_days"]) == (201, 2)
    refused = api.post("/api/v1/plans", {**body, "working_days": 0}, content_type="application/json")
    assert refused.status_code == 422
    assert Plan.objects.count() == 2


def test_a_task_without_a_customer_is_shown_like_any_other_case() -> None:
    lena = given.a_lead()
    a_plan()
    tick(MONDAY_9)
    number = Case.objects.get(family="task").number
    given.work_done(at=MONDAY_9)
    shown = given.at_desk(lena).get(f"/desk/cases/{number}")
    assert (shown.status_code, given.at_desk(lena).get("/desk/plans").status_code) == (200, 200)
    told = given.with_token(given.a_token("all")).get(f"/api/v1/cases/{number}")
    assert (told.status_code, told.json()["customer"]) == (200, None)
