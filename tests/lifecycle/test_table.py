"""Every status × every move × every role answers as the table says, at the API and at the desk, and the pages offer
exactly what is allowed."""

import gc
import importlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client

from huiyin.api.routes import api
from huiyin.cases import links
from huiyin.cases.models import Case
from huiyin.cases.moves import MOVES
from huiyin.desk.views import around, change, escalate, finishing, promises, relations, unwanted
from tests import given
from tests.lifecycle import table
from tests.lifecycle.doors import ACTS_ELSEWHERE, DOORS, ELSEWHERE, Door
from tests.lifecycle.pages import offered
from tests.lifecycle.world import World, api_client, built, desk_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "quiet")]
# Every cell at both doors: some minutes; in the suite the cells that prove something that others do not.
WHOLE = bool(os.environ.get("HUIYIN_WHOLE_TABLE"))
ACTS = {
    "around/act": around,
    "change/act": change,
    "together/act": escalate,
    "finishing/act": finishing,
    "relate": relations,
    "unwanted": unwanted,
    "/promises/{promise}": promises,
}


class Stand(NamedTuple):
    """How a case stands: what any change of it moves."""

    status: str
    version: int
    entry_seq: int


@pytest.fixture
def quiet() -> Iterator[None]:
    """Thousands of refusals are wanted here: their log lines would cost more than the refusals, and looking for
    garbage among all that stays costs a sixth."""
    logging.disable(logging.WARNING)
    gc.freeze()
    yield
    gc.unfreeze()
    logging.disable(logging.NOTSET)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("state", table.STATES)
def test_every_move_of_every_role_is_answered_as_the_table_says(state: str) -> None:
    world = built(state)
    named, wrong = world.named(), []
    for role, at_api, at_desk in _clients(world):
        for move, door in DOORS.items():
            expected = table.answers(move, state, role)
            for name, answered in _answers(world, door, named, at_api, at_desk):
                if not WHOLE and not _is_tried(move, state, role, name):
                    continue
                with given.undone():
                    said, now = answered()
                if said not in expected or not _stands(move, expected, world.case, now):
                    wrong.append(f"{state} {role} {move} at the {name}: {said}, not {expected}; {now.status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", table.STATES)
def test_the_pages_offer_what_the_table_allows_and_nothing_else(state: str) -> None:
    world = built(state)
    known = {door.button for door in DOORS.values()} - {""}
    wrong = []
    for role, staff in world.people.items():
        if role in table.NO_RIGHT[1:] or table.SIGHT.get(role, {}).get(state) == "404":
            continue
        if role == "manager" and state != "open" and not WHOLE:
            continue  # offered what the lead is
        found = offered(desk_client(staff), world.case.number, world.named()["promise"]) & known
        may = [door.button for move, door in DOORS.items() if table.answer(move, state, role) == "ok"]
        allowed = set(may) - {""}
        wrong += [f"{state} {role} is offered {one}, which is refused" for one in sorted(found - allowed)]
        wrong += [f"{state} {role} is not offered {one}" for one in sorted(allowed - found)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("status", ["new", "open", "waiting", "resolved", "closed", "void"])
def test_what_a_customer_does_on_their_page_leads_where_the_table_says(status: str) -> None:
    case = given.a_case(handler=given.an_agent(), status=status)
    page = f"/c/{links.token(case)}"
    ways = {"writes": "messages", "confirms": "confirm", "disputes": "dispute"}
    for does, path in ways.items():
        with given.undone():
            Client().post(f"{page}/{path}", {"text": "还是开不了机"})
            assert given.fresh(case).status == table.BY_CUSTOMER[does][status], does


def test_every_move_has_a_line_and_every_line_a_door() -> None:
    assert set(table.MOVES) == set(DOORS)
    assert set(MOVES) <= set(table.MOVES)
    assert set(table.SIGHT) | set(table.NO_RIGHT) == set(table.ROLES)


def test_every_writing_call_on_a_case_has_a_line() -> None:
    tried = {(door.call[0], _below(door.call[1])) for door in DOORS.values()}
    calls = {(method, _plain(path)) for method, path in _writing_calls()}
    missing = {one for one in calls if one not in {(m, _plain(p)) for m, p in tried}}
    assert {path for _, path in missing} == {_plain(path) for path in ELSEWHERE}


def test_every_act_of_a_case_s_pages_has_a_line() -> None:
    for page, view in ACTS.items():
        acts = set(importlib.import_module(view.__name__)._ACTS)
        tried = {door.page[1]["act"] for door in DOORS.values() if door.page and door.page[0] == page}
        assert acts - tried == ACTS_ELSEWHERE.get(page, set()), page


def _clients(world: World) -> Iterator[tuple[str, Client, Client | None]]:
    for role, staff in world.people.items():
        yield role, api_client(staff), desk_client(staff)
    yield "program", given.with_token(given.a_token("all")), None


def _answers(
    world: World, door: Door, named: dict[str, str], at_api: Client, at_desk: Client | None
) -> Iterator[tuple[str, Callable[[], tuple[str, Stand]]]]:
    def api_said() -> tuple[str, Stand]:
        if door.before:
            door.before(world)
        method, path, body = door.call
        sent = {key: _typed(key, value, named) for key, value in body.items()}
        where = "/api/v1/" + _below(path).format(**named)
        answer = at_api.generic(method, where, given.as_json(sent), content_type="application/json")
        return _told(answer.status_code), _stand(world.case)

    def desk_said() -> tuple[str, Stand]:
        if door.before:
            door.before(world)
        assert at_desk is not None and door.page is not None
        path, form = door.page
        where = (f"/desk{path}" if path.startswith("/") else f"/desk/cases/{{number}}/{path}").format(**named)
        sent = {name: value.format(**named) for name, value in form.items()}
        answer = at_desk.post(where, {"version": named["version"], **sent})
        return _told(answer.status_code), _stand(world.case)

    yield "API", api_said
    if at_desk is not None and door.page is not None:
        yield "desk", desk_said


def _is_tried(move: str, state: str, role: str, door: str) -> bool:
    """What a role or a scope refuses is tried everywhere. What the state decides is tried by the handler at the API
    and by the lead at the desk; by the others in turn, each move by each of them in some states."""
    if role in table.NO_RIGHT:
        return state == "open"  # the right is asked for before the case is looked at
    if table.answer(move, state, role) in ("403", "404"):
        return True
    if (role, door) in (("handler", "API"), ("lead", "desk")):
        return True
    turn = list(DOORS).index(move) + table.STATES.index(state) + table.ROLES.index(role)
    return door == "API" and turn % 4 == 0


def _told(status: int) -> str:
    return "ok" if status < 400 else str(status)


def _stand(case: Case) -> Stand:
    return Stand(*Case.objects.values_list("status", "version", "entry_seq").get(pk=case.pk))


def _stands(move: str, expected: tuple[str, ...], before: Case, now: Stand) -> bool:
    """What is refused changes nothing; a move of the life cycle enters the status that was decided."""
    if "ok" not in expected:
        return now == Stand(before.status, before.version, before.entry_seq)
    return now.status == table.ENTERS.get(move, now.status)


def _typed(key: str, value: Any, named: dict[str, str]) -> Any:
    filled = value.format(**named) if isinstance(value, str) else value
    return int(filled) if key == "version" else filled


def _below(path: str) -> str:
    if path.startswith("/"):
        return path[1:]
    return f"cases/{{number}}/{path}".rstrip("/")


def _plain(path: str) -> str:
    """A path without the names of what stands in it, and without a query."""
    path = re.sub(r"entries/(\{\w+\}|\d+)/", "entries/*/", path.split("?")[0])
    path = re.sub(r"(links|watchers|macros)/[^/]+$", r"\1/*", path)
    return re.sub(r"\{\w+\}", "*", path)


def _writing_calls() -> Iterator[tuple[str, str]]:
    on_a_case = ("cases/{number}", "promises/{promise}", "collaborations/{asked}", "tasks/{number}")
    for path, operations in api.get_openapi_schema()["paths"].items():
        below = path.removeprefix("/api/v1/")
        if below.startswith(on_a_case):
            yield from ((method.upper(), below) for method in operations if method != "get")
