"""Saved views narrow the list and never widen it: one's own, and those that a lead shares."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.models import AuditRow
from huiyin.cases import lifecycle, listing, saved_views, watching
from huiyin.cases.models import Case, SavedView
from huiyin.cases.typed import Invalid
from huiyin.staff.models import Staff, Team
from tests import given
from tests.given import MONDAY_9, days, hours
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def save(by: Staff, name: str, team: Team | None = None, **filters: str) -> SavedView:
    return saved_views.save(None, name, filters, team=team, by=given.actor(by), at=MONDAY_9)


def listed(person: Staff, **query: str) -> set[str]:
    answer = given.at_desk(person).get("/desk", query)
    return {row["number"] for section in answer.context["sections"] for row in section["rows"]}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"open", "waiting", "queued"}),
        ({"who": "mine"}, {"open", "waiting"}),
        ({"who": "queue"}, {"queued"}),
        ({"who": "watched"}, {"queued"}),
        ({"status": "waiting"}, {"waiting"}),
        ({"waiting_for": "scheduled"}, {"waiting"}),
        ({"status": "closed"}, {"closed"}),
        ({"priority": "low"}, set()),
        ({"team": "service"}, {"open", "waiting", "queued"}),
        ({"handler": "alice", "status": "open"}, {"open"}),
        ({"tag": "vip"}, set()),
        ({"due": "late"}, set()),
    ],
)
def test_each_filter_narrows_to_what_it_says(filters: dict[str, str], found: set[str]) -> None:
    alice = given.an_agent()
    viewer, by = given.seen_by(alice), given.actor(alice)
    cases = {
        "open": given.a_case(handler=alice, status="open"),
        "waiting": given.a_case(handler=alice, status="open"),
        "closed": given.a_case(handler=alice, status="closed"),
        "queued": given.a_case(),
    }
    told: dict[str, Any] = {"waiting_for": "scheduled", "until": MONDAY_9 + hours(5)}
    lifecycle.move(cases["waiting"], "wait", by=by, at=MONDAY_9, **told)
    watching.watch(cases["queued"], alice, by=by, at=MONDAY_9)
    rows = listing.narrowed(Case.objects.visible_to(viewer), listing.checked(filters), viewer, at=MONDAY_9)
    assert {name for name, case in cases.items() if case in set(rows)} == found


def test_what_is_late_and_what_is_due_today_is_found() -> None:
    alice = given.an_agent()
    case, viewer = given.a_case(handler=alice, status="open"), given.seen_by(alice)
    visible = Case.objects.visible_to(viewer)
    assert case in listing.narrowed(visible, {"due": "today"}, viewer, at=MONDAY_9 + days(1))
    assert case in listing.narrowed(visible, {"due": "late"}, viewer, at=MONDAY_9 + days(9))


def test_a_name_that_is_no_filter_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        listing.checked({"sql": "1", "status": "gone", "tag": "x" * 81})
    assert caught.value.fields == {"sql": "unknown", "status": "unknown", "tag": "too_long"}


def test_at_the_desk_a_filter_is_kept_under_a_name_and_used_on_another_device() -> None:
    alice = given.an_agent()
    waiting = given.a_case(handler=alice, status="waiting")
    given.a_case(handler=alice, status="open")
    client = given.at_desk(alice)
    form = {"act": "save", "name": "等客户", "status": "waiting"}
    assert client.post("/desk/views", form).status_code == 302
    view = SavedView.objects.get()
    assert (view.name, view.filters) == ("等客户", {"status": "waiting"})
    assert listed(alice, view=str(view.uuid)) == {waiting.number}
    assert "等客户" in given.at_desk(alice).get("/desk").content.decode()
    assert client.post("/desk/views", form).status_code == 422
    renamed = {**form, "name": "等", "view": str(view.uuid)}
    assert client.post("/desk/views", renamed).status_code == 302
    assert SavedView.objects.get().name == "等"
    assert client.post("/desk/views", {"act": "remove", "view": str(view.uuid)}).status_code == 302
    assert not SavedView.objects.exists()


def test_a_filter_is_used_without_keeping_it() -> None:
    alice = given.an_agent()
    client = given.at_desk(alice)
    answer = client.post("/desk/views", {"act": "show", "status": "waiting", "priority": ""})
    assert answer.headers["Location"] == "/desk?status=waiting"
    assert client.get("/desk?status=nonsense").status_code == 200


def test_a_shared_view_shows_each_reader_what_they_may_see_of_it() -> None:
    alice, bob, _ = given.alice_bob_charlie()
    lena = given.a_lead()
    hers, his = given.a_case(handler=alice, status="open"), given.a_case(handler=bob, status="open")
    form = {"act": "save", "name": "在办", "status": "open", "share": "service"}
    assert given.at_desk(lena).post("/desk/views", form).status_code == 302
    view = str(SavedView.objects.get().uuid)
    assert listed(alice, view=view) == {hers.number}
    assert listed(bob, view=view) == {his.number}
    assert listed(lena, view=view) == {hers.number, his.number}
    assert AuditRow.objects.filter(action="view.shared").count() == 1


def test_an_agent_shares_nothing_and_changes_no_view_of_another() -> None:
    alice, _, _ = given.alice_bob_charlie()
    lena = given.a_lead()
    shared = save(lena, "在办", Team.objects.get(code="service"), status="open")
    client = given.at_desk(alice)
    share = {"act": "save", "name": "mine", "share": "service"}
    assert client.post("/desk/views", share).status_code == 403
    for act in ({"act": "remove"}, {"act": "save", "name": "x"}):
        assert client.post("/desk/views", {**act, "view": str(shared.uuid)}).status_code == 404
    assert SavedView.objects.get().name == "在办"


def test_a_view_of_another_team_or_person_is_as_if_it_were_not_there() -> None:
    alice, bob, charlie = given.alice_bob_charlie()
    given.a_case(handler=charlie, team="returns", status="open")
    foreign = save(charlie, "退货", Team.objects.get(code="returns"))
    private = save(bob, "鲍勃的")
    mine = given.a_case(handler=alice, status="open")
    for view in (foreign, private):
        assert mine.number in listed(alice, view=str(view.uuid))
        assert view.name not in given.at_desk(alice).get("/desk").content.decode()


def test_a_person_keeps_thirty_views_at_most() -> None:
    alice = given.an_agent()
    for n in range(30):
        save(alice, f"v{n}")
    with pytest.raises(Invalid) as caught:
        save(alice, "one more")
    assert caught.value.fields == {"views": "too_many"}


@pytest.mark.django_db(transaction=True)
def test_saved_twice_at_once_a_name_is_taken_once() -> None:
    alice = given.an_agent()
    answers = at_once([lambda: save(alice, "在办", status="open")] * 3)
    assert sorted(type(answer).__name__ for answer in answers) == ["Invalid", "Invalid", "SavedView"]


def test_a_program_keeps_reads_uses_and_removes_views() -> None:
    alice = given.an_agent()
    waiting = given.a_case(handler=alice, status="waiting")
    given.a_case(handler=alice, status="open")
    client: Client = given.with_token(given.a_token("cases:read", "cases:write"))

    def send(method: str, path: str, body: dict[str, Any]) -> Any:
        return client.generic(method, path, given.as_json(body), content_type="application/json")

    made = send("POST", "/api/v1/views", {"name": "等", "filters": {"status": "waiting"}})
    assert made.status_code == 201
    here = f"/api/v1/views/{made.json()['id']}"
    assert [one["name"] for one in client.get("/api/v1/views").json()["items"]] == ["等"]
    found = client.get("/api/v1/cases", {"view": made.json()["id"]}).json()["items"]
    assert [one["number"] for one in found] == [waiting.number]
    wrong = send("PUT", here, {"name": "等", "filters": {"colour": "red"}})
    assert (wrong.status_code, wrong.json()["fields"]) == (422, {"colour": "unknown"})
    assert client.delete(here).status_code == 204
    assert client.get("/api/v1/cases", {"view": made.json()["id"]}).status_code == 422
