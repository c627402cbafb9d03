"""F4: what a power cut would leave: every acknowledged commit was synced before its answer went out."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import psycopg
import pytest

from scripts import postgres
from tests.faults import checker
from tests.faults.ledger import a_message
from tests.faults.product import Product

pytestmark = pytest.mark.faults
MESSAGES = 20


@pytest.fixture
def durable_server() -> Iterator[str]:
    with postgres.running(settings=postgres.DURABLE) as url:
        yield url


def test_sqlite_is_synced_to_disk_at_least_once_for_each_acknowledged_message(
    product: Product, tmp_path: Path
) -> None:
    strace = shutil.which("strace")
    assert strace, "As root: apt-get install -y --no-install-recommends strace"
    trace = tmp_path / "trace"
    product.start(under=[strace, "-f", "--seccomp-bpf", "-qq", "-o", str(trace), "-e", "trace=fdatasync"])
    product.wait_until_ready()
    web = str(product.pid_of("web-1"))
    _say(product, "warm")
    before = _syncs(trace, web)
    for n in range(MESSAGES):
        _say(product, f"message {n}")
    after = _syncs(trace, web)
    product.kill_all()
    assert after - before >= MESSAGES


def test_doctor_finds_sqlite_in_wal_mode_with_full_sync(product: Product) -> None:
    assert "SQLite, journal wal, synchronous 2" in product.run("doctor")


def test_postgresql_flushes_its_log_at_least_once_for_each_acknowledged_message(
    durable_server: str, tmp_path: Path, install: Callable[..., Product]
) -> None:
    product = install(HUIYIN_DATABASE_URL=durable_server)
    product.set_up()
    assert "PostgreSQL, fsync on, synchronous_commit on" in product.run("doctor")
    product.start()
    product.wait_until_ready()
    _say(product, "warm")
    with psycopg.connect(durable_server, autocommit=True) as connection:
        before = _flushes(connection)
        for n in range(MESSAGES):
            _say(product, f"message {n}")
        # A session tells its figures at most once a second, and when it ends.
        product.kill_all()
        checker.wait_until(lambda: not _others(connection), 120)
        after = _flushes(connection)
    assert after - before >= MESSAGES


def _say(product: Product, name: str) -> None:
    answer = product.ask("POST", "/api/v1/inbound", a_message(name, Random(name)))
    assert answer.status == 201, answer.body


def _syncs(trace: Path, web: str) -> int:
    """Count the finished syncs of the web process, whose threads strace lists by their own numbers."""
    threads = {path.name for path in Path(f"/proc/{web}/task").iterdir()}
    lines = [line.split(maxsplit=1) for line in trace.read_text().splitlines()]
    return sum(thread in threads and "= 0" in call for thread, call in lines)


def _others(connection: psycopg.Connection[tuple[int]]) -> int:
    """Count the sessions beside our own that have not ended."""
    found = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    ).fetchone()
    assert found is not None
    return found[0]


def _flushes(connection: psycopg.Connection[tuple[int]]) -> int:
    connection.execute("SELECT pg_stat_clear_snapshot()")
    found = connection.execute("SELECT wal_sync FROM pg_stat_wal").fetchone()
    assert found is not None
    return found[0]
