"""Assigned tasks through the pages: given by a lead, worked on, objected to, accepted or returned."""

from typing import Any

import pytest
from django.test import Client

from huiyin.cases.models import Assignment, Case, Promise
from huiyin.cases.promises import act_on_due
from huiyin.notices.models import Notice
from huiyin.staff.models import Staff
from tests import given
from tests.given import MONDAY_9, days, hours, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TUESDAY_18 = "2026-03-03T18:00"


def people() -> tuple[Staff, Staff]:
    return given.a_lead("lena"), given.an_agent("alice")


def assigned(lead: Staff, to: str = "alice", **form: str) -> Assignment:
    told = {"receiver": to, "title": "巡店", "details": "拍照并写明缺货", "due_at": TUESDAY_18, **form}
    answer = given.at_desk(lead).post("/desk/tasks/assign", told)
    assert answer.status_code == 302, answer.content.decode()
    return Assignment.objects.select_related("case").latest("id")


def acts(person: Staff, task: Assignment, act: str, **form: str) -> Any:
    version = given.fresh(task.case).version
    path = f"/desk/cases/{task.case.number}/task"
    return given.at_desk(person).post(path, {"act": act, "version": version, **form})


def hands_in(person: Staff, task: Assignment, result: str = "三处缺货，照片已上传") -> None:
    client, path = given.at_desk(person), f"/desk/cases/{task.case.number}/move"
    if given.fresh(task.case).status == Case.NEW:
        client.post(path, {"move": "accept", "version": given.fresh(task.case).version})
    version = given.fresh(task.case).version
    answer = client.post(path, {"move": "resolve", "version": version, "text": result})
    assert answer.status_code == 302, answer.content.decode()


def promises(task: Assignment) -> list[Promise]:
    return list(Promise.objects.filter(case=task.case).order_by("id"))


def told(person: Staff) -> list[str]:
    given.work_done(at=MONDAY_9)
    return list(Notice.objects.filter(staff=person).order_by("id").values_list("kind", flat=True))


def page(person: Staff, task: Assignment) -> str:
    return given.at_desk(person).get(f"/desk/cases/{task.case.number}/task").content.decode()


def test_a_task_is_a_case_without_a_customer_that_its_receiver_owes_by_a_promise() -> None:
    lena, alice = people()
    task = assigned(lena)
    assert (task.case.family, task.case.customer, task.case.handler) == ("task", None, alice)
    (promise,) = promises(task)
    assert (promise.kind, promise.debtor, promise.due_at) == (
        "assigned_task",
        alice,
        MONDAY_9 + days(1) + hours(9),
    )
    assert told(alice) == ["case.assigned"]
    assert "拍照并写明缺货" in page(alice, task) and alice.name in page(lena, task)


def test_the_case_page_of_a_task_without_customer_speaks_of_no_customer() -> None:
    lena, alice = people()
    text = given.at_desk(alice).get(f"/desk/cases/{assigned(lena).case.number}").content.decode()
    assert 'value="note"' in text and 'value="reply"' not in text and 'id="customer"' not in text


def test_nothing_is_answered_where_nobody_reads_it() -> None:
    lena, alice = people()
    path = f"/desk/cases/{assigned(lena).case.number}/reply"
    assert given.at_desk(alice).post(path, {"text": "您好"}).status_code == 422


def test_a_result_in_time_keeps_the_promise_and_the_lead_closes_the_task() -> None:
    lena, alice = people()
    task = assigned(lena)
    hands_in(alice, task)
    assert promises(task)[0].state == "kept"
    assert told(lena) == ["task.handed_in"]
    assert "三处缺货" in page(lena, task)
    assert acts(lena, task, "accept", completeness="80").status_code == 302
    task.refresh_from_db()
    assert (given.fresh(task.case).status, task.completeness) == ("closed", 80)


def test_nobody_accepts_their_own_result_on_any_page() -> None:
    lena, alice = people()
    task = assigned(lena)
    hands_in(alice, task)
    assert acts(alice, task, "accept", completeness="100").status_code == 403
    here = f"/desk/cases/{task.case.number}/move"
    version = given.fresh(task.case).version
    assert given.at_desk(alice).post(here, {"move": "confirm", "version": version}).status_code == 409
    assert given.fresh(task.case).status == "resolved"


def test_a_returned_result_is_owed_again_by_the_new_time_and_alarms_nobody_above() -> None:
    lena, alice = people()
    task = assigned(lena)
    hands_in(alice, task)
    answer = acts(lena, task, "return", text="缺照片", due_at="2026-03-04T12:00")
    assert answer.status_code == 302
    first, second = promises(task)
    assert (first.state, second.state, second.debtor) == ("kept", "running", alice)
    assert told(alice)[-1] == "task.returned"
    assert given.fresh(task.case).escalation_level == 0
    hands_in(alice, task, "照片已补")
    assert promises(task)[1].state == "kept"


def test_an_objection_waits_for_the_lead_while_the_clock_runs_on() -> None:
    lena, alice = people()
    task = assigned(lena)
    assert acts(alice, task, "object", text="当天我在培训").status_code == 302
    assert told(lena) == ["task.objected"]
    assert "当天我在培训" in page(lena, task)
    assert promises(task)[0].state == "running"
    assert acts(alice, task, "object", text="还有").status_code == 409


def test_a_lead_keeps_the_task_as_it_is_against_an_objection() -> None:
    lena, alice = people()
    task = assigned(lena)
    acts(alice, task, "object", text="当天我在培训")
    assert acts(lena, task, "decide", text="培训上午结束").status_code == 302
    task.refresh_from_db()
    assert task.objected_at is None and len(promises(task)) == 1
    assert told(alice)[-1] == "task.upheld"


def test_a_lead_gives_another_time_and_it_is_the_new_one_that_counts() -> None:
    lena, alice = people()
    task = assigned(lena)
    acts(alice, task, "object", text="当天我在培训")
    acts(lena, task, "decide", due_at="2026-03-05T18:00")
    first, second = promises(task)
    assert (first.state, second.state, second.first_due) == (
        "cancelled",
        "running",
        MONDAY_9 + days(3) + hours(9),
    )


def test_a_lead_gives_the_task_to_another_who_then_owes_it() -> None:
    lena, alice = people()
    bob, task = given.an_agent("bob"), assigned(lena)
    acts(alice, task, "object", text="当天我在培训")
    assert acts(lena, task, "decide", receiver="bob").status_code == 302
    assert given.fresh(task.case).handler == bob
    assert [one.debtor for one in promises(task)] == [bob]


def test_a_withdrawn_task_is_void_and_owes_nothing() -> None:
    lena, _ = people()
    task = assigned(lena)
    assert acts(lena, task, "withdraw", text="门店停业").status_code == 302
    assert given.fresh(task.case).status == "void"
    assert promises(task)[0].state == "cancelled"


@pytest.mark.parametrize("act", ["decide", "accept", "return", "withdraw"])
def test_the_receiver_takes_no_step_of_the_lead(act: str) -> None:
    lena, alice = people()
    assert acts(alice, assigned(lena), act, text="x", completeness="100").status_code == 403


def test_a_lead_assigns_only_within_their_teams_and_never_to_themselves() -> None:
    lena, _ = people()
    given.a_team("returns")
    given.an_agent("charlie", team="returns")
    for receiver in ("charlie", "lena", "nobody", ""):
        told_ = {"receiver": receiver, "title": "巡店", "details": "拍照", "due_at": TUESDAY_18}
        answer = given.at_desk(lena).post("/desk/tasks/assign", told_)
        assert answer.status_code == 422 and "拍照" in answer.content.decode()
    assert not Assignment.objects.exists()


def test_a_colleague_and_a_stranger_find_no_task_of_others() -> None:
    lena, _ = people()
    task = assigned(lena)
    given.a_team("returns")
    for person in (given.an_agent("bob"), given.an_agent("charlie", team="returns")):
        client: Client = given.at_desk(person)
        assert client.get(f"/desk/cases/{task.case.number}/task").status_code == 404
        assert task.case.number not in client.get("/desk/tasks?list=team").content.decode()


def test_a_task_about_a_customer_shows_them_and_may_be_answered() -> None:
    lena, alice = people()
    known = given.a_case(handler=alice)
    assert known.customer is not None
    task = assigned(lena, customer=known.customer.number)
    assert task.case.customer == known.customer
    text = given.at_desk(alice).get(f"/desk/cases/{task.case.number}").content.decode()
    assert 'value="reply"' in text and 'id="customer"' in text


def test_a_late_task_breaks_its_promise_like_any_other() -> None:
    lena, _ = people()
    task = assigned(lena, due_at="2026-03-02T09:10")
    given.work_done(at=MONDAY_9)
    while act_on_due(at=MONDAY_9 + minutes(10)):
        pass
    assert promises(task)[0].state == "broken"


@pytest.mark.parametrize("act", ["keep", "cancel", "extend"])
def test_the_receiver_changes_nothing_of_what_the_task_owes(act: str) -> None:
    lena, alice = people()
    (promise,) = promises(assigned(lena))
    form = {"act": act, "reason": "改天", "due_at": "2026-03-09T18:00"}
    assert given.at_desk(alice).post(f"/desk/promises/{promise.uuid}", form).status_code == 403
    assert given.at_desk(lena).post(f"/desk/promises/{promise.uuid}", form).status_code == 302


def test_the_receiver_passes_the_task_on_to_nobody_but_objects() -> None:
    lena, alice = people()
    given.an_agent("bob")
    case = assigned(lena).case
    for act in ("transfer", "give-back", "reassign"):
        form = {"act": act, "version": case.version, "team": "service", "to": "bob", "reason": "没空"}
        answer = given.at_desk(alice).post(f"/desk/cases/{case.number}/change/act", form)
        assert answer.status_code == 403, act
    assert given.fresh(case).handler == alice
