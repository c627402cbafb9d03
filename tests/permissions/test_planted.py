"""Fields that were never offered: every write gets the name of every column there is, and none of it arrives.

Calls are found in the document of the API, forms in the table of rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import QueryDict

from huiyin.api.routes import api
from tests import given
from tests.permissions import rows, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PLANTED = "zz-planted-zz"
SEEN = ("staff_session", "staff_token")  # when somebody was last seen is not asked for by anybody
# The account of the token holds no right to export or to approve; a calendar's definition is refused as a whole.
REFUSED_BEFORE = ("cases:export", "approvals:write", f"{rows.BASE}calendars/<code>")
WRITES = ("post", "put", "patch", "delete")


def columns() -> frozenset[str]:
    """Return the name of every field of every table of ours, with those of relations by id."""
    fields = [
        field
        for model in apps.get_models()
        if model.__module__.startswith("huiyin.")
        for field in model._meta.concrete_fields
    ]
    return frozenset(name for field in fields for name in (field.name, field.attname))


@contextmanager
def written() -> Iterator[list[tuple[str, str]]]:
    """Collect the statements that change rows, with their values."""
    found: list[tuple[str, str]] = []

    def watch(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE") and not any(t in sql for t in SEEN):
            found.append((sql[:80], str(params)))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(watch):
        yield found


@cache
def document() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            if method in WRITES:
                yield method.upper(), path, operation


def shape_of(operation: dict[str, Any]) -> dict[str, Any] | None:
    body = operation.get("requestBody")
    return resolved(body["content"]["application/json"]["schema"]) if body else None


def resolved(shape: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in shape:
        found = document()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        return dict(found)
    return shape


def inside(shape: Any) -> Iterator[dict[str, Any]]:
    """Yield the shape and every shape that can stand within it."""
    if isinstance(shape, list):
        for one in shape:
            yield from inside(one)
    elif isinstance(shape, dict):
        whole = resolved(shape)
        yield whole
        for name, part in whole.items():
            if name != "$defs":
                yield from inside(list(part.values()) if name == "properties" else part)


def test_no_body_of_a_write_is_open_at_any_depth() -> None:
    bodies = [(method, path, shape_of(operation)) for method, path, operation in operations()]
    loose = [
        f"{method} {path}: {shape.get('title')}"
        for method, path, body in bodies
        for shape in inside(body)
        if "properties" in shape and shape.get("additionalProperties") is not False
    ]
    assert len([body for _, _, body in bodies if body]) > 50
    assert not loose


def offered_by(shape: dict[str, Any]) -> set[str]:
    """Return the names that a body may hold, in any of its forms."""
    forms = [resolved(form) for form in (*shape.get("anyOf", ()), *shape.get("oneOf", ()))]
    return {name for form in (shape, *forms) for name in form.get("properties", ())}


def calls() -> dict[tuple[str, str], rows.Call]:
    return {
        (row.method, world.filled(row.route, _Braces())): row for row in rows.CALLS if row.method != "GET"
    }


class _Braces(dict[str, str]):
    """Writes places of a route as the document does."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def test_every_call_that_writes_refuses_each_column_by_its_name_and_writes_nothing() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    known, wrong, tried = calls(), [], set()
    for method, path, operation in operations():
        shape = shape_of(operation)
        row = known.get((method, path.removeprefix("/")))
        if row is None:
            assert "signed" in path, path
            continue
        offered = offered_by(shape or {})
        extra = sorted(columns() - offered)
        body = {**(row.body or {}), **dict.fromkeys(extra, PLANTED)}
        if "version" in extra:
            body["version"] = "999"  # sent as the number that it is elsewhere
        asked = rows.Call(row.route, row.method, row.scope, body=body)
        with given.undone(), written() as changes:
            answer = world.ask(given.with_token(given.a_token("all", name="planter")), asked, at)
            told = changes[:]
        if any(PLANTED in values for _, values in told):
            wrong.append(f"{method} {path} keeps what was planted: {told}")
        if row.route in REFUSED_BEFORE or row.scope in REFUSED_BEFORE:
            if answer.status_code not in (403, 422):
                wrong.append(f"{method} {path}: {answer.status_code}")
        elif shape is not None and "items" not in offered:
            unnamed = set(extra) - {name.rpartition(".")[2] for name in answer.json().get("fields", ())}
            if answer.status_code != 422 or unnamed:
                wrong.append(f"{method} {path}: {answer.status_code}, not named: {sorted(unnamed)[:5]}")
        tried.add(row.route)
    assert not wrong
    assert len(tried) > 40


def batched(names: list[str], size: int) -> Iterator[list[str]]:
    yield from (names[begin : begin + size] for begin in range(0, len(names), size))


LOOKUPS = ("", "__in", "__startswith", "__regex", "__isnull")
LOGIC = ("_connector", "_negated", "pk", "pk__in", "id__gt", "select", "where", "tables", "order_by", "extra")


def test_no_call_that_reads_takes_a_column_a_lookup_or_logic_for_a_filter() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    offered = {
        path: {one["name"] for one in methods["get"].get("parameters", ()) if one["in"] == "query"}
        for path, methods in document()["paths"].items()
        if "get" in methods
    }
    through = ("staff__password", "handler__password", "team__lead__password", "customer__phone")
    fuzzed = [f"{name}{way}" for name in (*sorted(columns()), *through) for way in LOOKUPS]
    passed, tried = [], 0
    for row in rows.CALLS:
        path = "/" + world.filled(row.route, _Braces())
        if row.method != "GET" or path not in offered:
            continue
        client = given.with_token(given.a_token("all", name="reader"))
        names = [name for name in (*fuzzed, *LOGIC) if name not in offered[path]]
        usual = rows.QUERY.get(row.route, {})
        where = "/" + world.filled(row.route, at)
        expected = 403 if row.scope in ("audit:read", "cases:export") else 422
        is_whole = client.get(where, usual).status_code == 200
        for some in batched(names, 900):
            answer = client.get(where, {**usual, **dict.fromkeys(some, PLANTED)})
            unnamed = set(some) - set(answer.json().get("fields", ())) if is_whole else ()
            if answer.status_code != expected or unnamed:
                passed.append(f"{path}: {answer.status_code}, not named: {sorted(unnamed)[:5]}")
        tried += 1
    assert not passed
    assert tried > 30


@contextmanager
def read_names() -> Iterator[set[str]]:
    """Collect the names that a view asks the sent form for."""
    found: set[str] = set()

    patch = pytest.MonkeyPatch()
    for way in ("__getitem__", "get", "getlist", "__contains__"):
        before = getattr(QueryDict, way)

        def traced(self: QueryDict, name: Any, *rest: Any, _before: Any = before, **more: Any) -> Any:
            found.add(str(name))
            return _before(self, name, *rest, **more)

        patch.setattr(QueryDict, way, traced)
    try:
        yield found
    finally:
        patch.undo()


def test_no_form_keeps_a_column_that_it_does_not_ask_for() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    kept, changed, tried = [], [], 0
    for row in rows.PAGES:
        if row.method != "POST" or row.route.startswith(rows.BASE) or row.route == "sign-in":
            continue
        client = given.at_desk(built.people[min(row.may)])
        with given.undone(), read_names() as names:
            usual = world.ask(client, row, at).status_code
        extra = dict.fromkeys(columns() - names - set(row.body), PLANTED)
        planted = rows.Page(row.route, "POST", row.may, body={**row.body, **extra})
        client = given.at_desk(built.people[min(row.may)])
        with given.undone(), written() as changes:
            answer = world.ask(client, planted, at)
            if any(PLANTED in values for _, values in changes):
                kept.append(row.route)
        if answer.status_code != usual:
            changed.append(f"{row.route}: {answer.status_code}, not {usual}")
        tried += 1
    assert not kept and not changed
    assert tried > 40
