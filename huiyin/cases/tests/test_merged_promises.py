"""What becomes of what two cases owe when they are merged, and when that is undone: which, by when, and by whom."""

from typing import Any

import pytest

from huiyin.base import configured, tx
from huiyin.base.actor import OPERATOR
from huiyin.cases import merging, promises, reckoning
from huiyin.cases.models import Case, Entry, Promise
from huiyin.rules import book as rulebook
from huiyin.rules.models import Calendar
from huiyin.staff import teams
from huiyin.staff.models import Team
from tests import given
from tests.given import MONDAY_9, hours, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
EVENINGS = {day: [["18:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture(autouse=True)
def calendars() -> Any:
    office = Calendar.objects.get(code="office").definition
    with tx.write():
        Calendar.objects.create(code="evening", definition={**office, "weekly": EVENINGS})
        configured.bump()
    yield
    rulebook.forget()


def an_evening_team() -> Team:
    team = given.a_team("evening-team")
    wanted = teams.Wanted(name=team.name, site="main", calendar="evening")
    return teams.save("evening-team", wanted, by=OPERATOR, at=MONDAY_9)


def two(*, only_the_first_owes: bool = True) -> tuple[Case, Case]:
    """Two cases of one customer, of which the second is with a team that works in the evening."""
    first = given.a_case()
    second = given.a_case(at=MONDAY_9 + minutes(5))
    with tx.write():
        Case.objects.filter(pk=second.pk).update(customer=first.customer, team=an_evening_team())
        reckoning.follow_team(given.fresh(second), by=OPERATOR, at=MONDAY_9 + minutes(5))
        if only_the_first_owes:
            promises.cancel(given.fresh(second), cause="by_hand", by=OPERATOR, at=MONDAY_9 + minutes(5))
    return given.fresh(first), given.fresh(second)


def reply(case: Case) -> Promise:
    return Promise.objects.get(case=case, kind="first_reply", ended_at=None)


def test_what_goes_over_is_due_by_the_survivors_calendar_from_its_own_start_and_nothing_changes_later() -> (
    None
):
    first, second = two()
    merging.merge(first, second, by=OPERATOR, at=MONDAY_9 + minutes(20))
    over = reply(second)
    assert (over.calendar, over.used_s, over.due_at) == (
        "evening",
        20 * 60,
        MONDAY_9 + hours(9) + minutes(40),
    )
    assert over.first_due == MONDAY_9 + hours(1)  # what was told at first is what counts
    told = Entry.objects.filter(case=second, kind="promise.changed").values_list(
        "payload__promise", flat=True
    )
    assert "first_reply" in told
    assert given.fresh(second).next_due == min(
        p.due_at for p in Promise.objects.filter(promises.OWED, case=second)
    )
    with tx.write():
        configured.bump()
    reckoning.follow_configuration(by=OPERATOR, at=MONDAY_9 + minutes(30))
    assert reply(second).due_at == over.due_at


def test_undone_it_is_due_by_its_own_calendar_again_less_the_time_used() -> None:
    first, second = two()
    merging.merge(first, second, by=OPERATOR, at=MONDAY_9 + minutes(20))
    merging.unmerge(given.fresh(first), by=OPERATOR, at=MONDAY_9 + minutes(30))
    back = reply(first)  # ten minutes outside the evening's hours cost nothing
    assert (back.calendar, back.used_s, back.due_at) == ("office", 20 * 60, MONDAY_9 + minutes(70))
    assert given.fresh(first).next_due == back.due_at


def test_of_what_both_owe_the_survivors_stays_as_it_was_and_the_other_comes_back_with_its_warnings() -> None:
    first, second = two(only_the_first_owes=False)
    due, mine = reply(second).due_at, reply(first)
    merging.merge(first, second, by=OPERATOR, at=MONDAY_9 + minutes(20))
    assert reply(second).due_at == due
    assert Promise.objects.get(pk=mine.pk).state == Promise.CANCELLED
    merging.unmerge(given.fresh(first), by=OPERATOR, at=MONDAY_9 + minutes(25))
    back = Promise.objects.get(pk=mine.pk)
    assert (back.state, back.due_at, back.next_at) == ("running", mine.due_at, mine.next_at)
    assert back.next_at is not None and back.next_at < back.due_at


def test_what_a_lead_owes_is_owed_by_the_survivors_lead_and_by_the_first_again_when_undone() -> None:
    lena, alice = given.a_lead(), given.an_agent("alice")
    first, second = two()
    ella = given.a_lead("ella", team="evening-team")
    with tx.write():
        policy = next(one for one in rulebook.current().policies if one.debtor == "lead")
        draft = promises.draft(given.fresh(first), policy, rulebook.current(), at=MONDAY_9 + minutes(6))
        draft.save()
        Case.objects.filter(pk=second.pk).update(handler=alice)
        promises.refresh(first)
    assert draft.debtor == lena
    merging.merge(given.fresh(first), given.fresh(second), by=OPERATOR, at=MONDAY_9 + minutes(20))
    assert Promise.objects.get(pk=draft.pk).debtor == ella
    assert reply(second).debtor == alice
    merging.unmerge(given.fresh(first), by=OPERATOR, at=MONDAY_9 + minutes(30))
    assert Promise.objects.get(pk=draft.pk).debtor == lena
