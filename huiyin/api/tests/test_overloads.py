"""Being at the limit by API: said for a person, seen and helped only where the account gives work."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.cases.models import Case
from huiyin.duty import overload
from huiyin.notices.models import Notice
from huiyin.staff.models import Grant, Staff, Team
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
BASE = "/api/v1/overloads"


@pytest.fixture
def program() -> Client:
    """A program of the service team."""
    token = given.a_token("cases:write")
    Grant.objects.filter(staff__number="svc-shop").update(team=Team.objects.get(code="service"))
    return given.with_token(token)


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{BASE}{path}", given.as_json(body), content_type="application/json")


def test_the_whole_way_said_seen_helped_and_ended(program: Client) -> None:
    alice, bob = given.on_duty(given.an_agent("alice")), given.an_agent("bob")
    first, second = (given.a_case(handler=alice, status="open") for _ in range(2))
    said = post(program, "", person="alice", word="太多急件", until="2026-03-02T18:00:00+08:00")
    assert said.status_code == 201
    report = said.json()
    assert (report["person"], report["open_cases"]) == ("alice", [first.number, second.number])
    assert report["next_promise"] and report["next_due"] and report["promises_due_today"] > 0
    assert post(program, "", person="alice", word="还是太多").status_code == 200
    assert given.a_case().handler is None
    assert [one["id"] for one in program.get(BASE).json()["items"]] == [report["id"]]
    chosen = [{"number": first.number, "version": first.version}, {"number": "260302-9999"}]
    helped = post(program, f"/{report['id']}/relieve", cases=chosen, do="reassign", to="bob")
    assert [one["outcome"] for one in helped.json()["items"]] == ["done", "not_found"]
    assert given.fresh(first).handler == bob
    ended = post(program, f"/{report['id']}/end", word="已分走").json()
    assert (ended["ended_how"], ended["ended_word"], ended["open_cases"]) == (
        "by_lead",
        "已分走",
        [second.number],
    )
    assert post(program, f"/{report['id']}/end", word="再来一次").json()["ended_word"] == "已分走"
    assert program.get(BASE).json()["items"] == []
    late = post(program, f"/{report['id']}/relieve", cases=chosen, do="reassign", to="bob")
    assert (late.status_code, late.json()["code"]) == (409, "ended")
    given.work_done(at=MONDAY_9)
    told = Notice.objects.filter(staff=alice, kind__startswith="overload.").order_by("id")
    assert [notice.kind for notice in told] == ["overload.relieved", "overload.ended"]
    assert told[0].params["cases"] == 1
    row = AuditRow.objects.get(action="overload.relieved")
    assert (row.object, row.fields, row.by_ref) == ("staff:alice", ["reassign", first.number], "svc-shop")


def test_only_cases_of_that_person_can_be_taken_off_them(program: Client) -> None:
    alice, bob = given.an_agent("alice"), given.an_agent("bob")
    of_bob = given.a_case(handler=bob, status="open")
    report, _ = overload.report(alice, "太多", None, by=given.actor(alice), at=MONDAY_9)
    body = {"cases": [{"number": of_bob.number}], "do": "give_back", "reason": "分担"}
    (outcome,) = post(program, f"/{report.uuid}/relieve", **body).json()["items"]
    assert (outcome["outcome"], given.fresh(of_bob).handler) == ("not_found", bob)
    given.work_done(at=MONDAY_9)
    assert not Notice.objects.filter(kind="overload.relieved").exists()


def test_people_of_other_teams_are_as_if_they_were_not_there(program: Client) -> None:
    _, _, charlie = given.alice_bob_charlie()
    report, _ = overload.report(charlie, "太多", None, by=given.actor(charlie), at=MONDAY_9)
    answers = [
        post(program, "", person="charlie", word="太多"),
        post(program, "", person="nobody", word="太多"),
        program.get(f"{BASE}/{report.uuid}"),
        post(program, f"/{report.uuid}/end", word="好了"),
        post(program, f"/{report.uuid}/relieve", cases=[{"number": "x"}], do="give_back", reason="分担"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert program.get(BASE).json()["items"] == []
    assert overload.standing(charlie) == report


def test_what_cannot_be_used_is_named(program: Client) -> None:
    given.an_agent("alice")
    past = post(program, "", person="alice", word="太多", until="2026-03-02T08:00:00+08:00")
    assert (past.status_code, past.json()["fields"]) == (422, {"until": "not_after_now"})
    assert post(program, "", person="alice", word="").json()["fields"] == {"word": "missing"}
    assert post(program, "", person="alice", word="太多", why="x").status_code == 422
    assert not Case.objects.exists() and Staff.objects.filter(overloads=None, number="alice").exists()
