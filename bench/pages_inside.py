"""What `bench.pages` does inside the installation that the settings name: fill it, and measure without HTTP.

`python -m bench.pages_inside fill CASES ENTRIES` prints whom to be and where to look as JSON, which `measure` reads.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
django.setup()

from django.db import connection  # noqa: E402 models exist only after setup
from django.test import Client  # noqa: E402

from bench import fill, visits  # noqa: E402
from huiyin.base import clock  # noqa: E402
from huiyin.base.actor import OPERATOR, Actor  # noqa: E402
from huiyin.cases import indexing  # noqa: E402
from huiyin.cases.models import Case  # noqa: E402
from huiyin.staff import confidentiality, people, tokens  # noqa: E402
from huiyin.staff.models import Grant, Site, Staff, Team  # noqa: E402

TEAMS, AGENTS_EACH = 10, 5
BIG = (
    "cases_case",
    "cases_entry",
    "cases_entrybody",
    "cases_promise",
    "customers_customer",
    "customers_identity",
)


def filled(cases: int, entries_each: int) -> dict[str, Any]:
    """Store people and cases; return for each role its session, its token and the numbers it may open."""
    began = time.perf_counter()
    agents = {
        _team(n).pk: [_person(f"a{n}{m}", "agent", f"bench-{n}") for m in range(AGENTS_EACH)]
        for n in range(TEAMS)
    }
    fill.fill(fill.People(_site(), agents), cases=cases, entries_each=entries_each, at=clock.now())
    stored = time.perf_counter()
    while indexing.index_some(at=clock.now()):
        pass
    indexed = time.perf_counter()
    team = min(agents)
    who = {
        "agent": agents[team][0],
        "lead": _person("lead", "lead", "bench-0"),
        "manager": _person("manager", "manager", None),
    }
    roles = {name: _credentials(name, staff) for name, staff in who.items()}
    own = Case.objects.filter(handler=who["agent"]).in_work().order_by("id").first()
    assert own is not None
    queued = Case.objects.filter(team=team).queued().order_by("id").first()
    assert queued is not None
    places = {
        "case": own.number,
        "queued": queued.number,
        "long": fill.number_of(1),
        "phone": fill.phone_of(1),
    }
    took = {"fill_s": round(stored - began, 1), "index_s": round(indexed - stored, 1)}
    return {"roles": roles, "places": places, **took}


def measured(world: dict[str, Any]) -> dict[str, Any]:
    """Return by visit: p50, p95, p99 of the server alone, queries, what they cost the driver alone, and full scans."""
    connection.ensure_connection()
    gc.collect()
    gc.freeze()  # as `huiyin up` does
    found = {}
    for visit in visits.of(world):
        client = Client(headers=visit.headers, SERVER_NAME="127.0.0.1")
        client.get("/sign-in")
        act = _act(client, visit)
        act()
        found[visit.name] = _figures(visit.name, act)
    return found


def _figures(name: str, act: Callable[[], Any]) -> dict[str, Any]:
    queries = Recorder()
    with connection.execute_wrapper(queries):
        answer = act()
    assert answer.status_code == 200, (name, answer.status_code)
    return {
        "server": visits.spread([_took_ms(act) for _ in range(visits.TIMES)]),
        # The processor alone does not feel what else the machine has to do.
        "cpu": visits.spread([_took_ms(act, time.process_time) for _ in range(visits.TIMES)]),
        "queries": len(queries.asked),
        "raw": visits.spread([_took_ms(lambda: _replay(queries.asked)) for _ in range(visits.TIMES)]),
        "scans": sorted({scan for sql, params in queries.asked for scan in _scans(sql, params)}),
    }


class Recorder:
    """Keeps what was sent to the database."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT", "WITH")):
            self.asked.append((sql, params))
        return execute(sql, params, many, context)


def _act(client: Client, visit: visits.Visit) -> Callable[[], Any]:
    if visit.body is None:
        return lambda: client.get(visit.path)
    return lambda: client.post(visit.path, visit.body)


def _took_ms(act: Callable[[], Any], watch: Callable[[], float] = time.perf_counter) -> float:
    began = watch()
    act()
    return (watch() - began) * 1000


def _replay(asked: list[tuple[str, Any]]) -> None:
    """Ask the driver for the very rows, with no object made of them."""
    raw = connection.connection
    for sql, params in asked:
        given = sql.replace("%s", "?").replace("%%", "%") if connection.vendor == "sqlite" else sql
        raw.execute(given, params or ()).fetchall()


def _scans(sql: str, params: Any) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            lines = [row[3] for row in cursor.fetchall()]
            return [
                line for line in lines if line.startswith("SCAN ") and _is_big(line) and "USING" not in line
            ]
        cursor.execute(f"EXPLAIN {sql}", params)
        lines = [row[0].strip(" ->") for row in cursor.fetchall()]
        return [line for line in lines if line.startswith(("Seq Scan", "Parallel Seq")) and _is_big(line)]


def _is_big(line: str) -> bool:
    return any(table in line.split() for table in BIG)


def _team(n: int) -> Team:
    names = {"zh": f"客服{n}组", "en": f"Team {n}"}
    return Team.objects.create(code=f"bench-{n}", name=names, site=_site())


def _site() -> Site:
    return Site.objects.get(code="main")


def _person(number: str, role: str, team: str | None) -> Staff:
    at = clock.now()
    staff = people.enrol(number, number, encoded="!", seniority=1, language="zh-hans", at=at)
    people.grant(staff, role=role, team=team, by=OPERATOR, at=at)
    return staff


def signed_in(staff: Staff) -> str:
    """Let a person sign what is to be signed and sign in; return the cookie."""
    Staff.objects.filter(pk=staff.pk).update(must_change_password=False)
    agreement = confidentiality.current()
    if agreement is not None:
        confidentiality.sign(
            staff, agreement.version, by=Actor("staff", staff.number, staff.pk), at=clock.now()
        )
    browser = Client()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session = browser.session
    session["scope_confirmed"] = True
    session.save()
    return browser.cookies["huiyin"].value


def _credentials(name: str, staff: Staff) -> dict[str, str]:
    account = people.join_service(name, role=name, by=OPERATOR, at=clock.now())
    Grant.objects.filter(staff=account).update(team=Grant.objects.get(staff=staff).team)
    token = tokens.make(account, ["all"], by=OPERATOR, at=clock.now())
    return {"session": signed_in(staff), "token": token}


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[0] == "fill":
        print(json.dumps(filled(int(given[1]), int(given[2]))))
    else:
        print(json.dumps(measured(json.load(sys.stdin))))
