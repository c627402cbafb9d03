"""A case in which much was said is shown part by part, the newest first."""

import pytest

from huiyin.cases import entries
from huiyin.cases.entries import Draft
from tests import given
from tests.given import MONDAY_9

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def a_long_case(notes: int = 230) -> tuple[str, object]:
    alice = given.an_agent("alice")
    case = given.a_case(handler=alice)
    said = [Draft("note.added", {"client_id": "", "files": []}, f"第{n}条记录。") for n in range(notes)]
    entries.append(case, said, by=given.actor(alice), at=MONDAY_9)
    return case.number, alice


def test_the_page_shows_the_newest_part_and_leads_to_what_came_before() -> None:
    number, alice = a_long_case()
    desk = given.at_desk(alice)  # type: ignore[arg-type]
    newest = desk.get(f"/desk/cases/{number}").content.decode()
    assert "第229条记录。" in newest
    assert "第100条记录。" not in newest
    before = newest.partition("?before=")[2].partition('"')[0]
    earlier = desk.get(f"/desk/cases/{number}?before={before}").content.decode()
    assert "第129条记录。" in earlier
    assert "第229条记录。" not in earlier


def test_following_the_links_shows_every_entry_once() -> None:
    number, _ = a_long_case()
    program = given.with_token(given.a_token("all"))
    seen: list[int] = []
    path: str | None = f"/api/v1/cases/{number}"
    while path:
        told = program.get(path).json()
        seen = [entry["seq"] for entry in told["entries"]] + seen
        path = f"/api/v1/cases/{number}?before={told['earlier']}" if told["earlier"] else None
    assert seen == list(range(1, max(seen) + 1))


@pytest.mark.parametrize("before", ["x", "-1", "99999999999", ""])
def test_a_place_that_cannot_be_is_read_as_the_newest_part(before: str) -> None:
    number, alice = a_long_case(1)
    desk = given.at_desk(alice)  # type: ignore[arg-type]
    assert "第0条记录。" in desk.get(f"/desk/cases/{number}?before={before}").content.decode()
