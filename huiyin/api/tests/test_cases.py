"""Listing cases: every case once, in order, page by page, in a fixed number of queries."""

from typing import Any

import pytest
from django.test import Client

from huiyin.base.actor import GREETER
from huiyin.cases import passing, tagging
from tests import given
from tests.given import MONDAY_9, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def client() -> Client:
    return given.with_token(given.a_token("all"))


def pages(client: Client, limit: int) -> list[str]:
    numbers: list[str] = []
    cursor = ""
    while True:
        page = client.get("/api/v1/cases", {"limit": limit, "cursor": cursor}).json()
        numbers += [row["number"] for row in page["items"]]
        cursor = page["next_cursor"] or ""
        if not cursor:
            return numbers


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_lose_nothing_and_double_nothing(client: Client, limit: int) -> None:
    for n in range(7):
        # Three share a due time and a priority: only the row itself tells them apart.
        given.a_case("系统全部瘫痪" if n % 3 == 0 else "无法开机", at=MONDAY_9 + minutes(n // 3))
    whole = pages(client, 200)
    assert len(set(whole)) == 7
    assert pages(client, limit) == whole


def test_a_list_tells_each_case_as_the_case_itself_does(client: Client) -> None:
    cases = [given.a_case(), given.a_case("系统全部瘫痪"), given.a_case("怎么退货")]
    for case, words in zip(cases, [("vip", "二次来电"), (), ("vip",)], strict=True):
        for word in words:
            tagging.tag(case, word, by=GREETER, at=MONDAY_9)
    listed = client.get("/api/v1/cases").json()["items"]
    assert len(listed) == 3
    for told in listed:
        case = client.get(f"/api/v1/cases/{told['number']}").json()
        assert in_any_order(told) == in_any_order({name: case[name] for name in told})


def in_any_order(told: dict[str, Any]) -> dict[str, Any]:
    return {
        **told,
        "tags": sorted(told["tags"]),
        "promises": sorted(told["promises"], key=lambda promise: promise["id"]),
    }


def test_a_cursor_tells_nothing_and_serves_nobody_who_changes_it(client: Client) -> None:
    for _ in range(3):
        given.a_case()
    cursor = client.get("/api/v1/cases", {"limit": 1}).json()["next_cursor"]
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    assert client.get("/api/v1/cases", {"cursor": changed}).status_code == 422


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"status": "new"}, 1),
        ({"status": "open"}, 1),
        ({"handler": "alice"}, 1),
        ({"owner": "alice"}, 1),
        ({"priority": "urgent"}, 1),
        ({"category": "software_bug"}, 1),
        ({"team": "service"}, 2),
        ({"team": "nobody"}, 0),
        ({"due_before": "2026-03-02T09:00:00+08:00"}, 0),
        ({"due_before": "2026-03-03T09:00:00+08:00"}, 2),
    ],
)
def test_filters_keep_what_they_name(client: Client, query: dict[str, Any], count: int) -> None:
    given.a_case(handler=given.an_agent("alice"), status="open")
    given.a_case("系统全部瘫痪")
    assert len(client.get("/api/v1/cases", query).json()["items"]) == count


def test_a_program_that_accepts_a_case_answers_for_nothing_and_the_first_person_does() -> None:
    client = given.with_token(given.a_token("all", role="integration"))
    alice, charlie = given.an_agent(), given.an_agent("charlie")
    had, queued = given.a_case(handler=alice), given.a_case()
    for case in (had, queued):
        body = {"move": "accept", "version": case.version}
        answer = client.post(f"/api/v1/cases/{case.number}/moves", body, content_type="application/json")
        assert (answer.status_code, answer.json()["status"]) == (200, "open")
    assert (given.fresh(had).owner, given.fresh(had).handler) == (alice, alice)
    assert (given.fresh(queued).owner, given.fresh(queued).handler) == (None, None)
    passing.reassign(given.fresh(queued), charlie, by=given.actor(alice), at=given.MONDAY_9)
    passing.reassign(given.fresh(queued), alice, by=given.actor(charlie), at=given.MONDAY_9)
    assert (given.fresh(queued).owner, given.fresh(queued).handler) == (charlie, alice)
