"""The pages of the desk and the reading API with 100,000 cases and 500,000 entries, beside what the driver alone takes.

`python -m bench.pages [--cases N] [--entries N] [sqlite] [postgresql]`
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import visits
from bench.intake import _server
from tests.faults.product import ROOT, Product


def main(arguments: list[str]) -> int:
    """Measure the named databases, or both; the last line holds all figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=5, help="entries a case")
    parser.add_argument("databases", nargs="*", default=[], help="sqlite, postgresql; both when left out")
    parser.add_argument("--times", default=str(visits.TIMES), help="how often each visit is made")
    given = parser.parse_args(arguments)
    os.environ["BENCH_TIMES"], visits.TIMES = given.times, int(given.times)
    figures = {}
    for name in given.databases or ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-bench-")))
            server = stack.enter_context(_server()) if name == "postgresql" else ""
            product = Product(folder, **({"HUIYIN_DATABASE_URL": server} if server else {}))
            stack.callback(product.kill_all)
            figures[name] = _measure(name, product, given.cases, given.entries)
    print(json.dumps(figures))
    return 0


def _measure(name: str, product: Product, cases: int, entries: int) -> dict[str, Any]:
    product.set_up()
    world = _inside(product, "fill", str(cases), str(entries))
    print(
        f"{name}: {cases} cases, {cases * entries} entries stored in {world['fill_s']} s, "
        f"indexed in {world['index_s']} s",
        flush=True,
    )
    found = _inside(product, "measure", given=world)
    product.start()
    product.wait_until_ready()
    for visit in visits.of(world):
        found[visit.name]["http"] = visits.spread(_over_http(product, visit))
        _show(name, visit.name, found[visit.name])
    product.kill_all()
    return {"fill_s": world["fill_s"], "index_s": world["index_s"], "visits": found}


def _inside(product: Product, *command: str, given: Any = None) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.pages_inside", *command],
        cwd=ROOT,
        env=product.settings,
        input=json.dumps(given),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _over_http(product: Product, visit: visits.Visit) -> list[float]:
    """Make the visit by one client that keeps its connection; return what each took, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=60)
    headers, raw = dict(visit.headers), None
    if visit.body is not None:
        token = _csrf(connection, visit)
        headers["Cookie"] += f"; huiyin-csrf={token}"
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        raw = urlencode({**visit.body, "csrfmiddlewaretoken": token})
    took_ms = []
    for _ in range(visits.TIMES + 1):
        began = time.perf_counter()
        connection.request("GET" if raw is None else "POST", visit.path, raw, headers)
        answer = connection.getresponse()
        answer.read()
        took_ms.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, (visit.name, answer.status)
    connection.close()
    return took_ms[1:]


def _csrf(connection: http.client.HTTPConnection, visit: visits.Visit) -> str:
    connection.request("GET", visit.path, headers=dict(visit.headers))
    answer = connection.getresponse()
    answer.read()
    (cookie,) = [
        value
        for name, value in answer.getheaders()
        if name.lower() == "set-cookie" and value.startswith("huiyin-csrf=")
    ]
    return cookie.partition("=")[2].partition(";")[0]


def _show(name: str, visit: str, found: dict[str, Any]) -> None:
    def of(part: str) -> str:
        return " ".join(f"{key} {value}" for key, value in found[part].items())

    scans = f"; reads whole: {', '.join(found['scans'])}" if found["scans"] else ""
    print(
        f"{name}: {visit}: server {of('server')} (processor {of('cpu')}), over HTTP {of('http')}, "
        f"raw {of('raw')} ms, {found['queries']} queries{scans}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
