"""The case page while a flood of promises is acted on: the whole product, one agent who opens a case again and again.

`python -m bench.flood [--count N] [sqlite] [postgresql]`
"""

import argparse
import http.client
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import visits
from bench.intake import _server
from tests.faults import checker
from tests.faults.product import Product

READY_S = 15.0
GIVE_UP_S = 300.0
FILL = """
import json
from datetime import timedelta
from bench import promises_inside as bench
from bench.pages_inside import signed_in
from huiyin.base import clock
people = bench.make_staff()
bench.open_cases({count}, people, first=0, due=clock.now() + timedelta(days=1), spread_s=1)
print(json.dumps(signed_in(people[0])))
"""
# Only now, so that everything falls due while the page is being opened, however long the filling took.
FALL_DUE = """
from datetime import timedelta
from django.db.models import F
from huiyin.base import clock, tx
from huiyin.cases.models import Case, Promise
with tx.write():
    sooner = clock.now() + timedelta(seconds={ready}) - Promise.objects.earliest("due_at").due_at
    Promise.objects.update(due_at=F("due_at") + sooner, first_due=F("due_at") + sooner, next_at=F("due_at") + sooner)
    Case.objects.update(next_due=F("next_due") + sooner)
"""
TICKING = "SELECT count(*) FROM cases_promise WHERE next_at IS NOT NULL"
BROKEN = "SELECT count(*) FROM cases_promise WHERE state = 'broken'"


def main(arguments: list[str]) -> int:
    """Measure the named databases, or both; the last line holds all figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.flood")
    parser.add_argument("--count", type=int, default=50_000, help="promises due in one second")
    parser.add_argument("databases", nargs="*", default=[], help="sqlite, postgresql; both when left out")
    given = parser.parse_args(arguments)
    figures = {}
    for name in given.databases or ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-bench-")))
            server = stack.enter_context(_server()) if name == "postgresql" else ""
            product = Product(folder, **({"HUIYIN_DATABASE_URL": server} if server else {}))
            stack.callback(product.kill_all)
            figures[name] = _measure(product, given.count)
            print(name, json.dumps(figures[name]), flush=True)
    print(json.dumps(figures))
    return 0


def _measure(product: Product, count: int) -> dict[str, Any]:
    product.set_up()
    session = json.loads(product.python(FILL.format(count=count)).splitlines()[-1])
    product.start()
    product.wait_until_ready()
    before = _visits(product, session, until=time.monotonic() + READY_S)
    product.python(FALL_DUE.format(ready=READY_S))
    while not checker.rows(product.database, BROKEN)[0][0]:
        time.sleep(0.1)
    began, during = time.monotonic(), []
    while checker.rows(product.database, TICKING)[0][0]:
        during += _visits(product, session, until=time.monotonic() + 1)
        if time.monotonic() - began > GIVE_UP_S:
            raise TimeoutError(f"the flood was not acted on within {GIVE_UP_S} s")
    return {
        "promises": count,
        "acted_s": round(time.monotonic() - began, 1),
        "visits": len(during),
        "case_page_before_ms": visits.spread(before),
        "case_page_meanwhile_ms": {**visits.spread(during), "longest": round(max(during), 1)},
    }


def _visits(product: Product, session: str, *, until: float) -> list[float]:
    """Open the case by one client that keeps its connection; return what each visit took, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=60)
    took_ms = []
    while time.monotonic() < until:
        began = time.perf_counter()
        connection.request("GET", "/desk/cases/990101-000001", headers={"Cookie": f"huiyin={session}"})
        answer = connection.getresponse()
        answer.read()
        took_ms.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, answer.status
    connection.close()
    return took_ms


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
