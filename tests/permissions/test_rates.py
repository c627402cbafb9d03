"""How often: every route that a stranger can use, every export and every report, found by the inventory of routes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from huiyin.api.views import inbound_signed
from huiyin.base import clock, rates
from huiyin.staff import people
from huiyin.staff.models import Staff
from tests import given
from tests.permissions import rows, world
from tests.permissions.shapes import BASE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
HERE = "127.0.0.1"
SIGNED = f"{BASE}inbound/signed/<channel>"
# Reports that no scope of their own tells: by session, by a scope for more, or outside the document.
REPORTS = {
    ("desk/audit/verify", "POST"): "auditor",
    ("desk/records", "POST"): "lead",
    ("desk/cases/<str:number>/record", "POST"): "lead",
    ("metrics", "GET"): "reports:read",
    (f"{BASE}audit/chain", "GET"): "audit:read",
    (f"{BASE}cases/<number>/record", "GET"): "cases:read",
}
OF_REPORTS = ("reports:read", "cases:export")


def used_up(rate: rates.Rate, caller: str, *, but: int = 0) -> None:
    for _ in range(rate.count - but):
        rates.take(rate, caller, at=clock.now())


def anonymous() -> Iterator[rows.Page]:
    told = {row.route for row in rows.PAGES}
    yield from (row for row in rows.PAGES if row.route in rows.ANONYMOUS)
    yield from (rows.Page(route, "GET", frozenset(), stranger=200) for route in rows.ANONYMOUS - told)


def test_every_route_for_strangers_has_its_rate_for_each_network() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    wrong, tried = [], set()
    for row in anonymous():
        rate, caller = rates.STRANGERS, f"{HERE} {row.route}"
        if row.route in ("healthz", "readyz"):
            rate = rates.PROBES
        if row.route == SIGNED:
            rate, caller = inbound_signed.UNPROVEN, HERE
        for left, is_refused in ((1, False), (0, True)):
            rates.forget()
            used_up(rate, caller, but=left)
            with given.undone():
                answer = world.ask(Client(), row, at)
            if (answer.status_code == 429) != is_refused or ("Retry-After" in answer) != is_refused:
                wrong.append(f"{row.method} /{row.route} with {left} left: {answer.status_code}")
        tried.add(row.route)
    assert not wrong
    assert tried == rows.ANONYMOUS


def test_nobody_passes_by_the_rate_with_a_header_or_a_cookie_of_their_own() -> None:
    used_up(rates.STRANGERS, f"{HERE} ask")
    for headers in (
        {"Authorization": "Bearer hy_nobody"},
        {"Cookie": "huiyin=made-up"},
        {"X-Forwarded-For": "198.51.100.9", "Forwarded": "for=198.51.100.9"},
    ):
        assert Client().get("/ask", headers=headers).status_code == 429


def test_one_route_or_network_does_not_use_up_another_and_the_signed_in_are_not_counted() -> None:
    used_up(rates.STRANGERS, f"{HERE} ask")
    assert Client().get("/sign-in").status_code == 200
    assert Client(REMOTE_ADDR="198.51.100.9").get("/ask").status_code == 200
    assert given.at_desk(given.an_agent()).get("/ask").status_code == 200
    page = Client().get("/ask", headers={"Accept": "text/html"})
    assert (page.status_code, page["Content-Type"]) == (429, "text/html; charset=utf-8")


def of_reports() -> Iterator[tuple[Any, str]]:
    """Yield each row that reads much at once with the role or scope that may."""
    for row in (*rows.PAGES, *rows.CALLS):
        who = REPORTS.get((row.route, row.method))
        if isinstance(row, rows.Call) and row.scope in OF_REPORTS:
            who = row.scope
        if who is not None:
            yield row, who


def program(scope: str) -> Client:
    """Return a program whose account may read everything of its scope."""
    client = given.with_token(given.a_token(scope, name="bound"))
    account = Staff.objects.get(number="svc-bound")
    for role in ("auditor", "manager"):
        if not account.grants.filter(role__code=role, team=None).exists():
            people.grant(account, role=role, team=None, by=given.OPERATOR, at=given.MONDAY_9)
    return client


def test_every_export_and_report_has_a_rate_of_its_own() -> None:
    built = world.built()
    at = world.values(built.own, known=True)
    passed, tried = [], set()
    for row, who in of_reports():
        rates.forget()
        client = given.at_desk(built.people[who]) if who in rows.ROLES else program(who)
        for rate in (rates.EXPORTS, rates.REPORTS):
            used_up(rate, "svc-bound" if ":" in who else who)
        answer = world.ask(client, row, at)
        if answer.status_code != 429 or "Retry-After" not in answer:
            passed.append(f"{row.method} /{row.route}: {answer.status_code}")
        tried.add((row.route, row.method))
    assert not passed
    assert set(REPORTS) <= tried and len(tried) >= len(REPORTS) + 4


def test_the_shipped_figures() -> None:
    per_minute = {rate.name: rate.count / rate.window.total_seconds() * 60 for rate in _shipped()}
    assert per_minute == {"stranger": 600, "probe": 6_000, "export": 2, "report": 60, "signed": 60}


def _shipped() -> list[rates.Rate]:
    return [rates.STRANGERS, rates.PROBES, rates.EXPORTS, rates.REPORTS, inbound_signed.UNPROVEN]


def test_what_is_remembered_of_callers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOMENTS_KEPT", 100)
    for n in range(50):
        used_up(rates.EXPORTS, f"caller {n}")
    assert rates._moments <= 100
    assert sum(map(len, rates._taken.values())) == rates._moments
