"""Words from outside never stand in a statement: whatever is asked, searched or sent travels beside it as a value."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from tests import given
from tests.permissions import rows, world
from tests.permissions.test_planted import document, read_names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
MARK = "qzqz"
EVIL = f"{MARK}'\"`;--/* {MARK} \\') OR 1=1"


@contextmanager
def statements_with_the_mark() -> Iterator[list[str]]:
    found: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if MARK in sql.lower():
            found.append(sql[:120])
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield found


def questions() -> Iterator[tuple[rows.Call, dict[str, str]]]:
    """Yield each reading call with each name of its query given the evil words."""
    for row in rows.CALLS:
        path = "/" + row.route.replace("<", "{").replace(">", "}")
        offered = document()["paths"].get(path, {}).get("get", {})
        usual = rows.QUERY.get(row.route, {})
        for one in offered.get("parameters", ()):
            if row.method == "GET" and one["in"] == "query":
                yield row, {**usual, one["name"]: EVIL}


def evil_bodies(body: Any) -> Iterator[dict[str, Any]]:
    """Yield the body with each of its texts given the evil words, one after the other."""
    for name, value in (body or {}).items():
        if isinstance(value, str) and "{" not in value:
            yield {**body, name: EVIL}


def test_no_question_and_no_body_of_a_call_stands_in_a_statement() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    client, tried = given.with_token(given.a_token("all")), 0
    with statements_with_the_mark() as found:
        for row, query in questions():
            assert client.get("/" + world.filled(row.route, at), query).status_code < 500, (row.route, query)
            tried += 1
        for row in rows.CALLS:
            for body in evil_bodies(row.body):
                with given.undone():
                    answer = world.ask(client, replace(row, body=body), at)
                assert answer.status_code < 500, (row.route, body)
                tried += 1
    assert not found
    assert tried > 120


def test_no_form_and_no_search_of_a_page_stands_in_a_statement() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    tried = 0
    with statements_with_the_mark() as found:
        for row in rows.PAGES:
            client = given.at_desk(built.people[min(row.may - {"hr"} or row.may)])
            path = "/" + world.filled(row.route, at)
            with given.undone(), read_names() as names:
                world.ask(client, row, at) if row.method == "POST" else client.get(path)
            if row.method == "GET":
                assert client.get(path, dict.fromkeys(names, EVIL)).status_code < 500, row.route
                continue
            unnamed = dict.fromkeys(names - set(row.body) - {"csrfmiddlewaretoken", "act"}, EVIL)
            for body in ({**row.body, **unnamed}, *evil_bodies(row.body)):
                with given.undone():
                    answer = world.ask(client, replace(row, body=body), at)
                assert answer.status_code < 500, (row.route, body)
                tried += 1
    assert not found
    assert tried > 100
