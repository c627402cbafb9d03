"""A case follows the calendar of its team, else that of its site: when it is opened, when either changes, and back."""

from datetime import datetime
from typing import Any

import pytest

from huiyin.base import configured, tx
from huiyin.base.actor import OPERATOR
from huiyin.base.models import AuditRow
from huiyin.cases import about, lifecycle, owing, passing, plans, promises, reckoning
from huiyin.cases.models import Case, Entry, Promise
from huiyin.cases.owing import Made
from huiyin.cases.plans import Planned
from huiyin.rules import book as rulebook
from huiyin.rules.models import Calendar
from huiyin.staff import teams
from huiyin.staff.models import Team
from tests import given
from tests.given import FRIDAY_17, MONDAY_9, days, hours, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
EVENINGS = {day: [["18:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture(autouse=True)
def calendars() -> Any:
    """`evening` is open when the office is not; `stock` is the office without Wednesday 11 March."""
    office = Calendar.objects.get(code="office").definition
    with tx.write():
        Calendar.objects.create(code="evening", definition={**office, "weekly": EVENINGS})
        Calendar.objects.create(code="stock", definition={**office, "closed": ["2026-03-11"]})
        configured.bump()
    yield
    rulebook.forget()


def works_by(code: str, calendar: str) -> Team:
    """Have the team, with this calendar of its own (empty: that of its site)."""
    team = given.a_team(code)
    wanted = teams.Wanted(name=team.name, site="main", is_default=team.is_default, calendar=calendar)
    return teams.save(code, wanted, by=OPERATOR, at=MONDAY_9)


def owed(case: Case, kind: str = "first_reply") -> Promise:
    return Promise.objects.get(case=case, kind=kind)


def passed_on(case: Case, team: Team, *, at: datetime) -> None:
    passing.transfer(case, team, "转交处理", by=OPERATOR, at=at)


def test_a_message_is_promised_an_answer_by_the_hours_of_the_team_that_gets_it() -> None:
    works_by("service", "evening")
    reply = owed(given.a_case())
    assert (reply.calendar, reply.due_at) == ("evening", MONDAY_9 + hours(10))  # an hour after 18:00
    works_by("service", "")
    reply = owed(given.a_case())
    assert (reply.calendar, reply.due_at) == ("office", MONDAY_9 + hours(1))


def test_a_case_that_is_passed_on_and_back_takes_the_hours_used_with_it() -> None:
    evening = works_by("evening-team", "evening")
    case = given.a_case()
    passed_on(case, evening, at=MONDAY_9 + minutes(20))
    assert owed(case).due_at == MONDAY_9 + hours(9) + minutes(40)  # 40 minutes left from 18:00 on
    passed_on(given.fresh(case), Team.objects.get(code="service"), at=MONDAY_9 + hours(9) + minutes(20))
    reply = owed(case)
    assert (reply.calendar, reply.used_s) == ("office", 40 * 60)
    assert reply.due_at == MONDAY_9 + days(1) + minutes(20)
    assert reply.first_due == MONDAY_9 + hours(1)
    told = Entry.objects.filter(case=case, kind="promise.changed", payload__promise="first_reply")
    assert [entry.payload["why"] for entry in told] == ["team", "team"]
    assert given.fresh(case).next_due == min(one.due_at for one in case.promises.owed())


def test_working_days_are_those_of_the_team_and_come_back_with_the_case() -> None:
    stock = works_by("stock-team", "stock")
    case = given.a_case(at=FRIDAY_17)
    refund = owing.make(case, Made("refund"), by=given.actor(given.an_agent()), at=FRIDAY_17)
    passed_on(case, stock, at=FRIDAY_17)
    assert owed(case, "refund").due_at == refund.due_at + days(3)  # from Friday to Monday
    passed_on(given.fresh(case), Team.objects.get(code="service"), at=FRIDAY_17)
    assert owed(case, "refund").due_at == refund.due_at
    (proposed,) = owing.proposed("两个工作日内给您退款", given.fresh(case), at=MONDAY_9 + days(8))
    passed_on(given.fresh(case), stock, at=FRIDAY_17)
    (later,) = owing.proposed("两个工作日内给您退款", given.fresh(case), at=MONDAY_9 + days(8))
    assert proposed.due is not None and later.due == proposed.due + days(1)


def test_what_was_put_off_by_hand_is_late_or_counts_naturally_stays_where_it_is() -> None:
    evening = works_by("evening-team", "evening")
    case = given.a_case()
    by_hand = owing.make(
        case, Made("visit", MONDAY_9 + days(2)), by=given.actor(given.an_agent()), at=MONDAY_9
    )
    owing.extend(owed(case), MONDAY_9 + hours(3), "客户同意", by=OPERATOR, at=MONDAY_9)
    before = {one.pk: one.due_at for one in case.promises.owed()}
    passed_on(case, evening, at=MONDAY_9 + minutes(20))
    assert {one.pk: one.due_at for one in case.promises.owed()} == before
    assert by_hand.pk in before
    late = given.a_case()
    passed_on(late, evening, at=MONDAY_9 + hours(2))
    assert owed(late).due_at == MONDAY_9 + hours(1)


def test_a_team_that_gets_another_calendar_takes_what_runs_with_it_and_back() -> None:
    given.a_team("elsewhere")
    case, other = given.a_case(), given.a_case(team="elsewhere")
    for calendar, due in (("evening", hours(10)), ("", hours(1))):
        works_by("service", calendar)
        assert reckoning.follow_configuration(by=OPERATOR, at=MONDAY_9) == 1
        assert reckoning.follow_configuration(by=OPERATOR, at=MONDAY_9) == 0
        assert owed(case).due_at == MONDAY_9 + due
    assert owed(other).due_at == MONDAY_9 + hours(1)


def test_a_promise_paused_meanwhile_goes_on_in_the_calendar_of_the_team() -> None:
    with tx.write():
        rulebook.PromisePolicy.objects.filter(code="first-reply").update(pauses_for=["customer"])
        configured.bump()
    alice = given.an_agent()
    case = given.a_case(handler=alice, status="open")
    by = given.actor(alice)
    lifecycle.move(case, "wait", by=by, at=MONDAY_9 + minutes(30), waiting_for="customer", reason="")
    works_by("service", "evening")
    lifecycle.move(given.fresh(case), "resume", by=by, at=MONDAY_9 + hours(2), reason="")
    assert (owed(case).calendar, owed(case).due_at) == ("evening", MONDAY_9 + hours(9.5))


def test_a_calendar_that_is_not_there_any_more_leaves_the_team_that_of_its_site() -> None:
    works_by("service", "evening")
    case = given.a_case()
    with tx.write():
        Calendar.objects.filter(code="evening").update(retired_at=MONDAY_9)
        configured.bump()
    assert promises.calendar_of(given.fresh(case), rulebook.current()) == "office"
    assert reckoning.follow_configuration(by=OPERATOR, at=MONDAY_9) == 1
    assert owed(case).due_at == MONDAY_9 + hours(1)


def test_silence_confirms_by_the_days_of_the_team_also_after_it_went_to_supervision() -> None:
    alice, boss = given.an_agent(), given.a_lead()
    Team.objects.filter(supervision=True).update(supervision=False)
    Team.objects.filter(pk=works_by("watch", "stock").pk).update(supervision=True)
    solved = MONDAY_9 + days(7)  # Monday 9 March: silence confirms on Thursday, here on Friday
    case = given.a_case(handler=alice, status="resolved", at=solved)
    ends = case.silence_at
    about.tell_about(case, [alice], "涉及本人", by=given.actor(boss), at=solved)
    moved = given.fresh(case).silence_at
    assert ends is not None and moved == ends + days(1)
    (told,) = Entry.objects.filter(case=case, kind="silence.moved")
    assert told.payload == {"was": ends.isoformat(), "due": moved.isoformat()}


def test_the_turn_of_a_plan_is_due_by_the_working_days_of_its_team() -> None:
    team = works_by("stock-team", "stock")
    planned = Planned(
        kind="visit",
        title="月度盘点",
        team=team,
        phases=[{"rule": "FREQ=MONTHLY;BYMONTHDAY=10", "days": None}],
        starts=MONDAY_9 + days(8),
        working_days=1,
    )
    plans.make(planned, by=given.actor(given.an_agent()), at=MONDAY_9)
    plans.open_turns(at=MONDAY_9 + days(8))
    due = Promise.objects.get(kind="visit").due_at
    assert due == MONDAY_9 + days(10) + hours(9)  # Thursday 12 March 18:00: on the 11th the stock is closed


def test_a_program_sets_the_calendar_of_a_team_and_what_it_passes_on_moves() -> None:
    program = given.with_token(given.a_token("all", role="administrator"))
    given.a_team("returns")
    case = given.a_case()
    body = {"name": {"zh": "退货组", "en": "Returns"}, "site": "main", "calendar": "evening"}
    path = "/api/v1/teams/returns"
    assert program.put(path, body, "application/json").json()["calendar"] == "evening"
    assert AuditRow.objects.filter(object="team:returns").latest("id").fields == ["calendar", "name"]
    refused = program.put(path, {**body, "calendar": "moon"}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown")
    kept = program.put(path, {k: v for k, v in body.items() if k != "calendar"}, "application/json")
    assert kept.json()["calendar"] == "evening"
    root = given.at_desk(given.a_person("root", role="administrator", team=None))
    assert '<option value="evening" selected>' in " ".join(root.get("/desk/teams").content.decode().split())
    given.with_token(given.a_token("all", name="other")).post(
        f"/api/v1/cases/{case.number}/transfer",
        {"team": "returns", "reason": "转退货组", "version": case.version},
        "application/json",
    )
    assert owed(case).calendar == "evening"
    assert program.put(path, {**body, "calendar": ""}, "application/json").json()["calendar"] is None
