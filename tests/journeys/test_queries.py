"""How often a page asks the database: a fixed number, whether there is one row or twenty."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.cases import indexing, lifecycle
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

# Each number is what the page needs today; a change that needs more says why here.
EXPECTED = {
    "desk": 12,  # one more for each list that is longer than what is shown, to say how long it is
    "desk list": 12,
    "desk list, filtered": 10,
    "case page": 26,  # with the open requests, team names in the timeline, drafts, tags and followers
    "search": 9,
    "API search": 7,
    "API case list": 4,  # with the tags
    "API case": 6,
    # PostgreSQL takes the rows of a new case in one statement.
    "POST /inbound": 11 if connection.vendor == "postgresql" else 16,
}


def asked(act: Callable[[], Any]) -> int:
    act()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert act().status_code in (200, 201)
    return len(
        [one for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    )


def world(rows: int) -> tuple[Client, Client, str]:
    alice = given.an_agent("alice")
    cases = [given.a_case(handler=alice) for _ in range(rows)]
    for _ in range(rows):
        given.a_case()
    for n in range(rows):
        lifecycle.note(cases[0], f"记录 {n}", by=given.actor(alice), at=MONDAY_9)
    given.work_done(at=MONDAY_9)
    while indexing.index_some(at=MONDAY_9):
        pass
    return given.at_desk(alice), given.with_token(given.a_token("all")), cases[0].number


def counts(rows: int) -> dict[str, int]:
    desk, program, number = world(rows)

    def bring() -> Any:
        message = given.a_message()
        body = {"channel": "api", "external_id": message.external_id, "text": message.text}
        return program.post("/api/v1/inbound", given.as_json(body), content_type="application/json")

    return {
        "desk": asked(lambda: desk.get("/desk")),
        "desk list": asked(lambda: desk.get("/desk/list")),
        "desk list, filtered": asked(lambda: desk.get("/desk/list?who=mine&status=open")),
        "case page": asked(lambda: desk.get(f"/desk/cases/{number}")),
        "search": asked(lambda: desk.get("/desk/search?q=无法开机")),
        "API search": asked(lambda: program.get("/api/v1/search?q=无法开机")),
        "API case list": asked(lambda: program.get("/api/v1/cases")),
        "API case": asked(lambda: program.get(f"/api/v1/cases/{number}")),
        "POST /inbound": asked(bring),
    }


@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_asks_a_fixed_number_of_questions(rows: int) -> None:
    assert counts(rows) == EXPECTED
