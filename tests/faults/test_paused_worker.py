"""F11: a worker that slept beyond its lease wakes up and finds that its work is somebody else's."""

import random
import signal
import time
from collections.abc import Callable

import pytest

from tests.faults import checker
from tests.faults.ledger import a_message
from tests.faults.product import Product
from tests.faults.receiver import Receiver

pytestmark = [pytest.mark.faults, pytest.mark.slow]
LEASE_S = 30
STATE = "SELECT state, tries FROM channels_delivery"
TASK = "SELECT state, fence FROM base_task WHERE function LIKE '%.deliver'"


def test_a_worker_that_wakes_after_its_lease_changes_nothing_that_another_has_done(product: Product) -> None:
    other = Product(product.folder)
    with Receiver(lambda key, nth: "hang" if nth == 1 else 200) as receiver:
        product.start()
        product.wait_until_ready()
        product.ask("PUT", "/api/v1/channels/form", {"callback_url": receiver.url})
        assert product.ask("POST", "/api/v1/inbound", a_message("one", random.Random(1))).status == 201
        _until(lambda: len(receiver.arrivals) == 1, 20)
        time.sleep(1)  # not in the middle of a write: a stopped process would keep SQLite's lock as well
        product.signal("worker", signal.SIGSTOP)
        try:
            other.start("worker")
            _until(lambda: checker.rows(product.database, TASK) == [("done", 2)], LEASE_S + 20)
            product.signal("worker", signal.SIGCONT)
            _until(lambda: "task failed" in product.log(), 20)  # its own call, as it sees it
        finally:
            other.kill_all()
            product.kill_all()
    assert checker.rows(product.database, STATE) == [("sent", 2)]
    assert checker.rows(product.database, TASK) == [("done", 2)]
    assert len({arrival.key for arrival in receiver.arrivals}) == 1
    assert sum(receiver.taken().values()) == 1
    assert not product.broken_invariants()


def _until(is_so: Callable[[], bool], within_s: float) -> None:
    ends = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < ends, f"not within {within_s} s"
        time.sleep(0.1)
