"""Assigned tasks over the API, and the figures that pay counts."""

from typing import Any

import pytest
import time_machine

from huiyin.cases import lifecycle
from huiyin.cases.models import Case
from huiyin.cases.promises import act_on_due
from tests import given
from tests.given import MONDAY_9, days

pytestmark = pytest.mark.django_db
BASE = "/api/v1/tasks"
PERIOD = {"from": "2026-03-01", "to": "2026-04-01"}


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(MONDAY_9, tick=False):
        yield


def caller(*scopes: str) -> Any:
    return given.with_token(given.a_token(*(scopes or ("cases:read", "cases:write", "reports:read"))))


def assigned(to: str = "alice", due: str = "2026-03-03T18:00:00+08:00", **more: Any) -> dict[str, Any]:
    body = {"receiver": to, "title": "巡店", "details": "拍照", "due_at": due, **more}
    answer = caller().post(BASE, body, content_type="application/json")
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


def acts(task: dict[str, Any], verb: str, **body: Any) -> Any:
    version = Case.objects.get(number=task["number"]).version
    path = f"{BASE}/{task['number']}/{verb}"
    return caller().post(path, {"version": version, **body}, content_type="application/json")


def closed(to: str, completeness: int = 100) -> dict[str, Any]:
    task = assigned(to)
    assert acts(task, "finish", text="已完成").status_code == 200
    assert acts(task, "accept", completeness=completeness).status_code == 200
    return task


def figures() -> dict[str, dict[str, Any]]:
    found = caller().get(f"{BASE}/figures", PERIOD).json()["items"]
    return {one["person"]: one for one in found}


def test_a_task_is_given_finished_and_accepted() -> None:
    given.an_agent("alice")
    task = assigned()
    assert (task["state"], task["receiver"], task["case"]["kind"]) == (
        "in_hand",
        "alice",
        "assigned_task",
    )
    assert acts(task, "finish", text="已完成").json()["state"] == "handed_in"
    assert acts(task, "accept", completeness=90).json()["state"] == "closed"


def test_a_stale_version_changes_nothing() -> None:
    given.an_agent("alice")
    task = assigned()
    body = {"version": task["version"] + 7, "text": "撤回"}
    answer = caller().post(f"{BASE}/{task['number']}/withdraw", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


def test_a_program_objects_for_nobody() -> None:
    given.an_agent("alice")
    assert acts(assigned(), "object", text="没空").status_code == 409


def test_the_general_way_to_confirm_closes_no_task_for_its_receiver() -> None:
    alice = given.an_agent("alice")
    task = assigned()
    acts(task, "finish", text="已完成")
    case = Case.objects.get(number=task["number"])
    with pytest.raises(lifecycle.MoveNotAllowed):
        lifecycle.move(case, "confirm", by=given.actor(alice), at=MONDAY_9, how="call")


def test_tasks_are_listed_by_receiver_and_state_page_by_page() -> None:
    given.an_agent("alice")
    given.an_agent("bob")
    wanted = [assigned("alice")["number"] for _ in range(3)]
    assigned("bob")
    seen, cursor = [], ""
    while True:
        query = {"receiver": "alice", "state": "in_hand", "limit": 2, "cursor": cursor}
        page = caller().get(BASE, query).json()
        seen += [one["number"] for one in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert sorted(seen) == sorted(wanted)


def test_figures_say_for_each_person_what_was_in_time_closed_and_complete() -> None:
    given.an_agent("alice")
    given.an_agent("bob")
    closed("alice", 100)
    closed("alice", 50)
    back = assigned("alice")
    acts(back, "finish", text="好了")
    acts(back, "return", text="缺照片", due_at="2026-03-04T18:00:00+08:00")
    assigned("bob")
    while act_on_due(at=MONDAY_9 + days(2)):
        pass
    found = figures()
    alice, bob = found["alice"], found["bob"]
    assert (alice["assigned"], alice["closed"], alice["in_time"], alice["returned"]) == (3, 2, 2, 1)
    assert (alice["complete"], alice["timeliness"], alice["closing"]) == (75.0, 1.0, 0.6667)
    assert (bob["late"], bob["running"], bob["timeliness"], bob["complete"]) == (1, 0, 0.0, None)


def test_withdrawn_tasks_and_other_periods_do_not_count() -> None:
    given.an_agent("alice")
    acts(assigned(), "withdraw", text="取消")
    assigned(due="2026-04-02T18:00:00+08:00")
    assert figures() == {}


def test_figures_need_the_right_to_read_reports() -> None:
    assert caller("cases:read").get(f"{BASE}/figures", PERIOD).status_code == 403
