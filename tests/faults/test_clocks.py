"""F25: clocks that jump or are wrong: nothing fires early, twice, or more than five seconds late."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts import postgres
from tests.faults import checker
from tests.faults.ledger import a_message
from tests.faults.other_time import OtherTime
from tests.faults.product import Product
from tests.faults.receiver import SILENT_S, Receiver

pytestmark = pytest.mark.faults
HOUR_S, FIVE_MINUTES_S = 3600, 300
LATE_S = 5.0
PROMISES = 12
FIRST_DUE_S, APART_S = 9.0, 0.5
ACTED = """
    SELECT promise.uuid, promise.due_at, entry.at FROM cases_entry entry
    JOIN cases_promise promise ON promise.case_id = entry.case_id
    WHERE entry.kind = 'promise.broken' AND promise.kind = 'call_back'
"""
BROKEN = "SELECT case_id FROM cases_entry WHERE kind = 'promise.broken'"


@pytest.fixture
def server() -> Iterator[str]:
    with postgres.running() as url:
        yield url


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S])
def test_a_machine_whose_clock_jumps_by_an_hour_goes_by_the_clock_of_the_database(
    install: Callable[..., Product], server: str, tmp_path: Path, jump_s: int, alone: bool
) -> None:
    clock = OtherTime(tmp_path)
    product = install(HUIYIN_DATABASE_URL=server)
    product.set_up()
    product.cli = clock.cli
    product.start()
    try:
        product.wait_until_ready()
        _promise(product)
        clock.set(jump_s)
        _each_breaks_in_time(product, within_s=LATE_S if alone else 4 * LATE_S)
    finally:
        product.kill_all()
    assert not product.broken_invariants()


@pytest.mark.slow
@pytest.mark.parametrize("skew_s", [FIVE_MINUTES_S, -FIVE_MINUTES_S])
def test_a_second_worker_whose_clock_is_wrong_by_five_minutes_does_no_harm(
    install: Callable[..., Product], server: str, tmp_path: Path, skew_s: int, alone: bool
) -> None:
    product = install(HUIYIN_DATABASE_URL=server)
    product.set_up()
    wrong = Product(product.folder, HUIYIN_DATABASE_URL=server)
    wrong.cli = OtherTime(tmp_path, skew_s).cli
    product.start()
    wrong.start("worker")
    try:
        product.wait_until_ready()
        _promise(product)
        _each_breaks_in_time(product, within_s=LATE_S if alone else 4 * LATE_S)
    finally:
        wrong.kill_all()
        product.kill_all()
    assert not product.broken_invariants()


@pytest.mark.slow
def test_on_one_machine_a_clock_set_forward_and_back_fires_and_sends_nothing_twice(
    install: Callable[..., Product], tmp_path: Path
) -> None:
    clock = OtherTime(tmp_path)
    product = install()
    product.cli = clock.cli
    with Receiver(lambda key, nth: "hang" if nth == 1 else 200) as receiver:
        product.start()
        product.wait_until_ready()
        product.ask("PUT", "/api/v1/channels/form", {"callback_url": receiver.url})
        _promise(product, count=1, first_s=600.0)
        checker.wait_until(lambda: len(receiver.arrivals) == 1, 20)
        clock.set(HOUR_S)  # while a call hangs whose lease seems to have ended
        checker.wait_until(lambda: len(checker.rows(product.database, BROKEN)) > 0, 20)
        time.sleep(SILENT_S / 2)
        assert len(receiver.arrivals) == 1, "sent again while the first call still hung"
        broken = len(checker.rows(product.database, BROKEN))
        clock.set(0)
        time.sleep(SILENT_S)
        number = _say(product, "after the clock was set back")
        checker.wait_until(lambda: any(a.key.startswith(number) for a in receiver.arrivals), 10)
        product.kill_all()
    assert len(checker.rows(product.database, BROKEN)) == broken
    assert not product.broken_invariants()


def _promise(product: Product, *, count: int = PROMISES, first_s: float = FIRST_DUE_S) -> None:
    """Make promises that fall due one after the other, by the true time."""
    numbers = [_say(product, f"message {n}") for n in range(count)]
    start = datetime.now(UTC) + timedelta(seconds=first_s)
    for n, number in enumerate(numbers):
        due = start + timedelta(seconds=n * APART_S)
        body = {"kind": "call_back", "due_at": due.isoformat()}
        made = product.ask("POST", f"/api/v1/cases/{number}/promises", body)
        assert made.status == 201, made.body


def _say(product: Product, name: str) -> str:
    answer = product.ask("POST", "/api/v1/inbound", a_message(name, random.Random(name)))
    assert answer.status == 201, answer.body
    return str(answer.body["case"]["number"])


def _each_breaks_in_time(product: Product, *, within_s: float) -> None:
    """Watch by the true time until all are broken: none before its due time, none late, none twice."""
    ends = time.monotonic() + FIRST_DUE_S + PROMISES * APART_S + 6 * LATE_S
    seen: dict[str, float] = {}
    while len(seen) < PROMISES:
        assert time.monotonic() < ends, f"{len(seen)} of {PROMISES} broke:\n{product.log()[-2000:]}"
        for promise, due, _ in checker.rows(product.database, ACTED):
            seen.setdefault(promise, (datetime.now(UTC) - due).total_seconds())
        time.sleep(0.1)
    late = sorted(seen.values())
    print("seconds after the due time:", [round(one, 2) for one in late])
    assert late[0] >= 0
    assert late[-1] <= within_s
    rows = checker.rows(product.database, ACTED)
    assert max(Counter(promise for promise, _, _ in rows).values()) == 1
    assert all(timedelta() <= at - due <= timedelta(seconds=within_s) for _, due, at in rows)
