"""F7: another program holds the SQLite file: wait a little, then refuse honestly, and lose nothing."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator

import pytest

from tests.faults import checker
from tests.faults.ledger import Ledger, Load
from tests.faults.product import Product

pytestmark = pytest.mark.faults
# Five seconds of waiting and a little more; what reading costs at the same moment tells how busy the machine is.
ANSWERED_WITHIN_S = 7.0


@contextlib.contextmanager
def locked(product: Product) -> Iterator[None]:
    """Hold the write lock as a foreign program would, which knows nothing of our gate."""
    with contextlib.closing(sqlite3.connect(product.database, isolation_level=None, timeout=30)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        yield
        stranger.execute("ROLLBACK")


def test_messages_wait_out_a_lock_of_two_seconds(product: Product, ledger: Ledger, seed: int) -> None:
    product.start()
    product.wait_until_ready()
    with Load(product, ledger, seed) as load:
        time.sleep(0.5)
        with locked(product):
            time.sleep(2)
        time.sleep(1)
    product.kill_all()
    assert load.slowest_s > 1, "nobody met the lock"
    assert not load.refused
    assert not load.broken_calls
    assert ledger.tried.keys() == ledger.acknowledged.keys()
    assert not checker.differences(product, ledger)


def test_a_lock_of_ten_seconds_is_refused_with_retry_after_and_nothing_acknowledged_is_lost(
    product: Product, ledger: Ledger, seed: int
) -> None:
    product.start()
    product.wait_until_ready()
    with Load(product, ledger, seed) as load:
        time.sleep(0.5)
        with locked(product):
            until, readings = time.monotonic() + 10, []
            while time.monotonic() < until:
                readings.append(product.ask("GET", "/readyz"))
                time.sleep(0.2)
        held = len(ledger.acknowledged)
        time.sleep(3)
    assert load.refused
    assert not load.wrong
    assert not load.broken_calls
    assert {one.status for one in readings} == {200}
    assert load.slowest_s < ANSWERED_WITHIN_S + 3 * max(one.took_s for one in readings)
    assert len(ledger.acknowledged) > held
    assert not product.has_died()
    product.kill_all()
    assert not checker.differences(product, ledger)
