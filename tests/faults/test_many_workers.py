"""F12: four workers on one queue: each task has its effect once, on either database."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from scripts import postgres
from tests.faults import checker
from tests.faults.ledger import a_message
from tests.faults.product import Product
from tests.faults.receiver import Receiver

pytestmark = [pytest.mark.faults, pytest.mark.slow]
WORKERS = 4
MESSAGES = 80
DUE_IN_S = 15
BROKEN = "SELECT case_id FROM cases_entry WHERE kind = 'promise.broken'"
STATES = "SELECT state FROM cases_promise WHERE kind = 'call_back'"
TELLINGS = "SELECT case_number, staff_id, kind FROM notices_notice WHERE kind = 'promise.broken'"
TASKS = "SELECT state, attempts FROM base_task"
CLAIMED = "SELECT id, fence FROM base_task WHERE fence > 1"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        is_server = request.param == "postgresql"
        yield {"HUIYIN_DATABASE_URL": stack.enter_context(postgres.running())} if is_server else {}


def test_four_workers_do_each_task_once(install: Callable[..., Product], settings: dict[str, str]) -> None:
    product = install(**settings)
    if settings:
        product.set_up()
    workers = [Product(product.folder, **settings) for _ in range(WORKERS)]
    with Receiver() as receiver:
        try:
            product.start("web")
            product.wait_until_ready()
            product.ask("PUT", "/api/v1/channels/form", {"callback_url": receiver.url})
            for worker in workers:
                worker.start("worker")
            due = datetime.now(UTC) + timedelta(seconds=DUE_IN_S)
            with ThreadPoolExecutor(8) as pool:
                numbers = list(pool.map(lambda n: _say_and_promise(product, n, due), range(MESSAGES)))
            checker.wait_until(
                lambda: Counter(checker.rows(product.database, STATES))[("broken",)] == MESSAGES, 60
            )
            checker.wait_until_idle(product, 60)
        finally:
            for worker in workers:
                worker.kill_all()
            product.kill_all()
    greetings = Counter(arrival.key.partition(".")[0] for arrival in receiver.arrivals)
    assert greetings == Counter(numbers)
    assert len(checker.rows(product.database, BROKEN)) == MESSAGES
    assert max(Counter(checker.rows(product.database, TELLINGS)).values(), default=0) <= 1
    assert {state for state, _ in checker.rows(product.database, TASKS)} == {"done"}
    # Nothing was begun a second time, so nobody took what another held.
    assert not checker.rows(product.database, CLAIMED)
    assert not product.broken_invariants()


def _say_and_promise(product: Product, n: int, due: datetime) -> str:
    said = product.ask("POST", "/api/v1/inbound", a_message(f"message {n}", random.Random(n)))
    assert said.status == 201, said.body
    number = str(said.body["case"]["number"])
    promised = {"kind": "call_back", "due_at": due.isoformat()}
    made = product.ask("POST", f"/api/v1/cases/{number}/promises", promised)
    assert made.status == 201, made.body
    return number
