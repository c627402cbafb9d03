"""Ids of foreign cases in bodies, forms and queries: answered as ids of nothing, and nothing is written."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from huiyin.cases.models import Case
from tests import given
from tests.permissions import rows, world
from tests.permissions.test_planted import (
    calls,
    document,
    operations,
    read_names,
    resolved,
    shape_of,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
# Names that can stand for a case. Customers, colleagues and teams are hidden from nobody who may name them at all.
A_CASE = {"case", "number", "other", "into", "follows", "parent", "cases", "numbers", "external_ids"}
NOBODYS = "260302-9999"


def in_body(shape: dict[str, Any], way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the way to each field of a body that can name a case, and whether it holds a list."""
    for one in (shape, *map(resolved, (*shape.get("anyOf", ()), *shape.get("oneOf", ())))):
        for name, field in one.get("properties", {}).items():
            forms = [field, *field.get("anyOf", ())]
            if name in A_CASE:
                yield (*way, name), any(form.get("type") == "array" for form in forms)
            for form in forms:
                if "$ref" in form:
                    yield from in_body(resolved(form), (*way, name))


def naming(body: Any, way: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return the body with this value at the end of this way."""
    name, *rest = way
    inner = (body or {}).get(name)
    last = value if not rest else naming(inner if isinstance(inner, dict) else {}, tuple(rest), value)
    return {**(body or {}), name: last}


def said(answer: Any, *named: str) -> tuple[int, str]:
    text = "" if answer.status_code < 400 else answer.content.decode()
    for one in named:
        text = text.replace(one, "NUMBER")
    return answer.status_code, text


def test_a_call_that_names_a_foreign_case_in_its_body_is_answered_as_for_none() -> None:
    built = world.built()
    at, foreign = world.values(built.own, known=True), built.foreign.number
    known, told, tried = calls(), [], 0
    for method, path, operation in operations():
        row = known.get((method, path.removeprefix("/")))
        shape = shape_of(operation)
        if row is None or shape is None or row.scope == "cases:export" or row.route.endswith("/people"):
            continue  # the number of somebody who joins is no case's
        client = world.bound_to_service(row.scope)
        for way, many in in_body(shape):
            answers, changed = [], []
            for number in (foreign, NOBODYS):
                body = naming(row.body, way, [number] if many else number)
                with given.undone(), written() as changes:
                    answer = world.ask(client, replace(row, body=body), at)
                    answers.append(said(answer, number))
                    changed.append([(sql, params) for sql, params in changes if foreign in params])
            if answers[0] != answers[1] or changed[0]:
                told.append(f"{method} {path} {'.'.join(way)}: {answers} {changed[0]}")
            tried += 1
    assert not told
    assert tried >= 6


def test_a_query_that_names_a_foreign_case_is_answered_as_for_none() -> None:
    built = world.built()
    at, told, tried = world.values(built.own, known=True), [], 0
    for row in rows.CALLS:
        offered = (
            document()["paths"].get("/" + row.route.replace("<", "{").replace(">", "}"), {}).get("get", {})
        )
        names = {one["name"] for one in offered.get("parameters", ()) if one["in"] == "query"} & A_CASE
        for name in names:
            client, where = world.bound_to_service(row.scope), "/" + world.filled(row.route, at)
            usual = rows.QUERY.get(row.route, {})
            foreign, nobodys = (
                client.get(where, {**usual, name: n}) for n in (built.foreign.number, NOBODYS)
            )
            if (foreign.status_code, foreign.content) != (nobodys.status_code, nobodys.content):
                told.append(f"{row.route}?{name}: {foreign.content!r}")
            tried += 1
    assert not told
    assert tried >= 2


def test_a_form_that_names_a_foreign_case_is_answered_as_for_none() -> None:
    built = world.built()
    at, foreign = world.values(built.own, known=True), built.foreign.number
    told, tried, before = [], 0, Case.objects.get(pk=built.foreign.pk).version
    for row in rows.PAGES:
        if row.method != "POST" or row.stranger != 302:
            continue
        staff = built.people[min(row.may - {"manager", "quality"} or row.may)]
        with given.undone(), read_names() as names:
            world.ask(given.at_desk(staff), row, at)
        for name in sorted(names & A_CASE):
            statuses = []
            for number in (foreign, NOBODYS):
                with given.undone():
                    asked = replace(row, body={**row.body, name: number})
                    statuses.append(world.ask(given.at_desk(staff), asked, at).status_code)
                    assert Case.objects.get(pk=built.foreign.pk).version == before
            if statuses[0] != statuses[1]:
                told.append(f"{row.route} {name}: {statuses}")
            tried += 1
    assert not told
    assert tried >= 3
