"""Intake over HTTP on SQLite and on PostgreSQL, beside the raw limit.

`python -m bench.intake [--seconds N] [sqlite] [postgresql]`
"""

import argparse
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench import raw
from bench.messages import a_message
from scripts import postgres
from tests.faults.product import ROOT, Product

DRAIN_LIMIT_S = 60.0
BATCH = 500
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
UNFINISHED = "SELECT count(*) FROM base_task WHERE state = 'running' OR state = 'ready' AND attempts = 0"


def main(arguments: list[str]) -> int:
    """Measure the named databases, or both; the last line holds all figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.intake")
    parser.add_argument("--seconds", type=float, default=20.0, help="length of the run with eight clients")
    parser.add_argument("databases", nargs="*", default=[], help="sqlite, postgresql; both when left out")
    given = parser.parse_args(arguments)
    figures = {}
    for name in given.databases or ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-bench-")))
            server = stack.enter_context(_server()) if name == "postgresql" else ""
            product = Product(folder, **({"HUIYIN_DATABASE_URL": server} if server else {}))
            stack.callback(product.kill_all)
            figures[name] = _measure(name, product, server, given.seconds)
    print(json.dumps(figures))
    return 0


@contextmanager
def _server() -> Iterator[str]:
    """Give the address of a database on a PostgreSQL that syncs as in production."""
    with postgres.running(settings=postgres.DURABLE) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        yield url.rpartition("/")[0] + "/bench"


def _measure(name: str, product: Product, server: str, seconds: float) -> dict[str, Any]:
    print(f"{name}: setting up", flush=True)
    product.set_up()
    store, limit = _stores(product, server)
    found: dict[str, Any] = _inside(product, store, limit)
    product.start()
    product.wait_until_ready()
    _clients(product, 8, 2, "warm")
    _drained_after(store)
    before = _cpu_ms(product)
    found["eight_clients"] = eight = _clients(product, 8, seconds, "eight")
    found["drain_s"] = _drained_after(store)
    # With the work that follows: telling, delivering.
    found["cpu_ms_per_case"] = round((_cpu_ms(product) - before) / eight["cases"], 2)
    found["one_client"] = _clients(product, 1, min(5.0, seconds), "one")
    before = _cpu_ms(product)
    found["batches"] = batches = _batches(product, min(10.0, seconds))
    _drained_after(store)
    batches["cpu_ms_per_case"] = round((_cpu_ms(product) - before) / batches["cases"], 2)
    product.kill_all()
    _show(name, found)
    return found


def _stores(product: Product, server: str) -> tuple[raw.Store, raw.Store]:
    """Open the product's database and an empty copy of it for the raw limit."""
    if not server:
        copy = product.folder / "raw.sqlite3"
        shutil.copy(product.database, copy)
        return raw.Sqlite(str(product.database)), raw.Sqlite(str(copy))
    with psycopg.connect(server.rpartition("/")[0] + "/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE raw TEMPLATE bench")
    return raw.Postgres(server), raw.Postgres(server.rpartition("/")[0] + "/raw")


def _inside(product: Product, store: raw.Store, limit: raw.Store) -> dict[str, Any]:
    """Count and time the path in one process, then insert the rows it made with the driver alone."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.inside"],
        cwd=ROOT,
        env=product.settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdout.readline()  # it is warm
    since = raw.marks(store)
    child.stdin.write("\n")
    child.stdin.flush()
    first = json.loads(child.stdout.readline())
    rows = raw.rows_since(store, since)
    last = child.communicate("\n")[0]
    cases = first["cases"]
    return {
        "inside": {**first, **json.loads(last)},
        "rows_per_case": {table: round(len(part) / cases, 2) for table, part in rows.items()},
        "raw_one_by_one_per_s": raw.insert_rate(limit, rows, cases, 1),
        "raw_by_eight_per_s": raw.insert_rate(limit, rows, cases, 8),
        "raw_by_thirty_two_per_s": raw.insert_rate(limit, rows, cases, 32),
    }


def _clients(product: Product, clients: int, seconds: float, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.client", str(product.port), product.token, str(clients)]
    done = subprocess.run(
        [*command, str(seconds), name], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _batches(product: Product, seconds: float) -> dict[str, Any]:
    """Send batches one after another over one connection; every item must make a case."""
    chance, connection = random.Random(0), http.client.HTTPConnection("127.0.0.1", product.port, timeout=60)
    head = {"Content-Type": "application/json", "Authorization": f"Bearer {product.token}"}
    took_s: list[float] = []
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        items = [a_message(f"batch-{len(took_s)}-{n}", chance) for n in range(BATCH)]
        raw = json.dumps({"items": items}).encode()
        since = time.monotonic()
        connection.request("POST", "/api/v1/inbound/batch", raw, head)
        results = json.loads(connection.getresponse().read())["results"]
        took_s.append(time.monotonic() - since)
        assert all(result["status"] == 201 for result in results)
    connection.close()
    cases = len(took_s) * BATCH
    return {"size": BATCH, "cases": cases, "per_s": round(cases / sum(took_s), 1), "longest_s": max(took_s)}


def _drained_after(store: raw.Store) -> float | None:
    """Return the seconds until no task is left to begin, None when that takes too long."""
    began = time.monotonic()
    while time.monotonic() - began < DRAIN_LIMIT_S:
        if not store.execute(UNFINISHED).fetchone()[0]:
            return round(time.monotonic() - began, 1)
        time.sleep(0.1)
    return None


def _cpu_ms(product: Product) -> float:
    """Return the processor time that all living processes of the product have used."""
    spent = 0.0
    for name in ("web-1", "worker"):
        fields = Path(f"/proc/{product.pid_of(name)}/stat").read_text().rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) * TICK_MS
    return spent


def _show(name: str, found: dict[str, Any]) -> None:
    inside = found["inside"]
    rows = ", ".join(f"{table} {n}" for table, n in sorted(found["rows_per_case"].items()))
    drained = "not within the limit" if found["drain_s"] is None else f"{found['drain_s']} s"
    for run in (found["eight_clients"], found["one_client"]):
        print(
            f"{name}: POST /inbound, {run['clients']} client(s): {run['per_s']}/s, "
            f"p50 {run['p50_ms']} p95 {run['p95_ms']} p99 {run['p99_ms']} ms, answers {run['statuses']}"
        )
    batches = found["batches"]
    print(
        f"{name}: POST /inbound/batch, {batches['size']} items each: {batches['per_s']}/s, "
        f"the longest {batches['longest_s']:.2f} s, processor {batches['cpu_ms_per_case']} ms a case"
    )
    print(
        f"{name}: processor {found['cpu_ms_per_case']} ms a case over web and worker; backlog gone after {drained}"
    )
    for part in ("grouped", "single", "reactions"):
        one = inside[part]
        print(
            f"{name}: inside, {part}: {one['cpu_ms_per_case']} ms and {one['statements_per_case']} statements a case"
        )
    print(f"{name}: rows a case: {sum(found['rows_per_case'].values()):.1f} ({rows})")
    print(
        f"{name}: raw limit: {found['raw_one_by_one_per_s']}/s one by one, "
        f"{found['raw_by_eight_per_s']}/s by eight, {found['raw_by_thirty_two_per_s']}/s by thirty-two",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
