"""How the database finds what a page shows: by an index, so that a page takes no longer when there is more."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.cases import indexing
from tests import given

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

BIG = (
    "cases_case",
    "cases_entry",
    "cases_entrybody",
    "cases_promise",
    "customers_customer",
    "customers_identity",
)
# A filter that most cases pass is read in the order of the list until the page is full: an index too, not the table.
CALLS = (
    "/api/v1/cases",
    "/api/v1/cases?status=closed",
    "/api/v1/cases?category=refund",
    "/api/v1/cases?team=service",
    "/api/v1/cases?handler=alice",
    "/api/v1/cases?owner=alice",
    "/api/v1/cases?customer=C000001",
    "/api/v1/cases?due_before=2030-01-01T00:00:00Z",
    "/api/v1/cases?status=open&category=refund&priority=urgent",
    "/api/v1/cases?text=无法开机",
    "/api/v1/search?q=无法开机",
    "/api/v1/customers?phone=10000000001",
    "/api/v1/customers?last_four=0001",
)


def read_whole(client: Client, path: str, body: dict[str, str] | None = None) -> list[str]:
    """Return the steps by which a query of this page reads all rows of a big table."""
    with CaptureQueriesContext(connection) as asked:
        answer: Any = client.get(path) if body is None else client.post(path, body)
    assert answer.status_code == 200, path
    reads = [one["sql"] for one in asked if one["sql"].startswith(("SELECT", "WITH"))]
    return [step for sql in reads for step in _steps(sql) if _is_whole(step)]


def _steps(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A small table is always read whole; forbidden, it still is where no index serves.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + sql.replace("%", "%%"), ())
            return [str(row[0]).strip(" ->") for row in cursor.fetchall()]
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), ())
        return [str(row[3]) for row in cursor.fetchall()]


def _is_whole(step: str) -> bool:
    is_scan = step.startswith("SCAN ") and "USING" not in step
    return (is_scan or step.startswith("Seq Scan")) and any(table in step.split() for table in BIG)


@pytest.mark.parametrize("role", ["agent", "lead", "manager"])
def test_no_page_of_the_desk_reads_a_big_table_whole(role: str) -> None:
    alice = given.a_person("alice", role=role)
    case = given.a_case(handler=alice, status="open")
    given.a_case()
    indexing.index_some(at=given.MONDAY_9)
    desk = given.at_desk(alice)
    searches = [f"/desk/search?q={typed}" for typed in ("无法开机", "0001", case.number)]
    for path in ("/desk", "/desk/list", f"/desk/cases/{case.number}", "/desk/customers", *searches):
        assert read_whole(desk, path) == [], path
    for typed in ("13900000001", "0001", "C000001", "who@shop.example.com"):
        assert read_whole(desk, "/desk/customers", {"q": typed}) == [], typed


@pytest.mark.parametrize("role", ["agent", "lead", "manager"])
def test_no_list_of_the_api_reads_a_big_table_whole(role: str) -> None:
    given.an_agent("alice")
    case = given.a_case()
    program = given.with_token(given.a_token("all", role=role))
    for path in (*CALLS, f"/api/v1/cases/{case.number}"):
        assert read_whole(program, path) == [], path
    cursor = program.get("/api/v1/cases?limit=1").json()["next_cursor"] or ""
    assert read_whole(program, f"/api/v1/cases?limit=1&cursor={cursor}") == []


def test_the_check_notices_a_table_that_is_read_whole() -> None:
    given.a_case()
    assert any(_is_whole(step) for step in _steps("SELECT id FROM cases_case WHERE title LIKE '%a'"))
