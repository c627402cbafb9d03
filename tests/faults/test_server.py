"""F8: PostgreSQL goes away and comes back: every loop of the product goes on by itself, and nothing is lost."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from scripts import postgres
from tests.faults import checker
from tests.faults.ledger import Ledger, Load, a_message
from tests.faults.product import Product
from tests.faults.receiver import Receiver
from tests.faults.screen import Screen

pytestmark = [pytest.mark.faults, pytest.mark.slow]
RESUMED_WITHIN_S = 10.0
CUTS = 5
BROKEN = "SELECT case_id FROM cases_entry WHERE kind = 'promise.broken'"
CUT_ALL = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
Fault = Callable[[postgres.Server], None]


def restarted_in_order(server: postgres.Server) -> None:
    server.stop(signal.SIGINT)
    server.start()


def stopped_at_once(server: postgres.Server) -> None:
    server.stop(signal.SIGQUIT)
    time.sleep(3)
    server.start()


def every_connection_cut(server: postgres.Server) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        for _ in range(CUTS):
            connection.execute(CUT_ALL)
            time.sleep(0.4)


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    with postgres.serving(settings=postgres.DURABLE) as server:
        yield server


@pytest.mark.parametrize("fault", [restarted_in_order, stopped_at_once, every_connection_cut])
def test_intake_lanes_clock_and_screens_go_on_within_ten_seconds_without_a_restart(
    server: postgres.Server, install: Callable[..., Product], ledger: Ledger, seed: int, fault: Fault
) -> None:
    product = install(HUIYIN_DATABASE_URL=server.url)
    product.set_up()
    product.start()
    product.wait_until_ready()
    with Receiver() as receiver, Screen(product) as screen:
        product.ask("PUT", "/api/v1/channels/form", {"callback_url": receiver.url})
        with Load(product, ledger, seed) as load:
            time.sleep(2)
            fault(server)
            resumed_s = _everything_goes_on(product, ledger, receiver, screen)
            time.sleep(1)
        checker.wait_until_idle(product, 60)
    print(
        f"{fault.__name__}: {resumed_s}, {len(load.refused)} refused, {len(ledger.acknowledged)} acknowledged"
    )
    assert not product.has_died()
    assert product.stop() == 0
    assert not load.wrong, load.wrong[:3]
    assert max(resumed_s.values()) <= RESUMED_WITHIN_S, resumed_s
    assert not checker.differences(product, ledger)


def _everything_goes_on(
    product: Product, ledger: Ledger, receiver: Receiver, screen: Screen
) -> dict[str, float]:
    """Return, for each loop, the seconds from now until it did fresh work."""
    began = time.monotonic()
    found: dict[str, float] = {}
    number, case = "", 0
    while len(found) < 4:
        took = time.monotonic() - began
        assert took < 6 * RESUMED_WITHIN_S, f"only {found} go on:\n{product.log()[-3000:]}"
        if not number:
            number = _say(product, ledger, f"after-{took}")
            if number:
                found["intake"] = time.monotonic() - began
                case = _promise_soon(product, number)
        else:
            _note(found, "screen", number in screen.cases, took)
            _note(found, "lanes", any(one.key.startswith(f"{number}.") for one in receiver.arrivals), took)
            _note(found, "clock", (case,) in checker.rows(product.database, BROKEN), took - 1)
        time.sleep(0.1)
    return found


def _say(product: Product, ledger: Ledger, name: str) -> str:
    """Say something new; return the number of its case, nothing when it was refused."""
    body = a_message(name, random.Random(name))
    ledger.note_attempt(name, body["text"])
    answer = product.ask("POST", "/api/v1/inbound", body)
    if answer.status != 201:
        return ""
    number = str(answer.body["case"]["number"])
    ledger.note_answer(name, number)
    return number


def _note(found: dict[str, float], loop: str, goes_on: bool, took: float) -> None:
    if goes_on:
        found.setdefault(loop, took)


def _promise_soon(product: Product, number: str) -> int:
    """Promise something that is broken in a second, and return the row of its case."""
    due = datetime.now(UTC) + timedelta(seconds=1)
    body = {"kind": "call_back", "due_at": due.isoformat()}
    answer = product.ask("POST", f"/api/v1/cases/{number}/promises", body)
    assert answer.status == 201, answer.body
    ((case,),) = checker.rows(product.database, f"SELECT id FROM cases_case WHERE number = '{number}'")
    return int(case)
