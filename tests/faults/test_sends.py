"""F2, F20: what is sent to a receiver ends as sent or dead, a kill repeats a send at most once, under its key."""

import contextlib
import http.client
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults import checker
from tests.faults.ledger import a_message
from tests.faults.product import Product
from tests.faults.receiver import Receiver

pytestmark = pytest.mark.faults
DELIVERIES = "SELECT key, state, tries FROM channels_delivery"
DEAD_TASKS = "SELECT error FROM base_task WHERE state = 'dead'"
LEASE_S = 30
# The idle worker passes the first two often; the others only when it works.
POINTS = ("before-claim:30", "after-claim:1", "before-commit:1", "after-send:1", "after-accept:1")


def test_a_kill_at_any_named_point_repeats_at_most_what_it_caught_and_forgets_none(product: Product) -> None:
    caught: set[str] = set()
    with Receiver() as receiver:
        _connect(product, receiver)
        _say(product, "calm")
        checker.wait_until_idle(product, 20)
        for point in POINTS:
            _restart(product, failpoint=point)
            _promise_soon(product, _say(product, point))
            _wait_for_death(product, point)
            product.kill_all()
            caught |= _taken_but_not_noted(product, receiver)
        _restart(product)
        # What the killed held is free again when its lease ends.
        checker.wait_until_idle(product, LEASE_S + 15)
        product.kill_all()
        taken = receiver.taken()
    deliveries = checker.rows(product.database, DELIVERIES)
    assert {key: state for key, state, _ in deliveries} == dict.fromkeys(taken, "sent")
    assert len(taken) == 1 + len(POINTS)
    # A send is repeated when a kill fell between the receiver's answer and our note of it, and never otherwise. Two
    # of the points lie there; a kill at another may catch what a second lane was sending at that moment.
    assert taken - Counter(set(taken)) == Counter(caught)
    assert caught
    assert not product.broken_invariants()


def test_every_send_ends_as_sent_or_dead_whatever_the_receiver_does(product: Product) -> None:
    plans: list[list[int | str]] = [[200], [429, 200], [500, 503, 200], ["drop", 200], ["hang", 200], [410]]
    by_key: dict[str, list[int | str]] = {}

    def script(key: str, nth: int) -> int | str:
        plan = by_key.setdefault(key, plans[len(by_key) % len(plans)])
        return plan[min(nth, len(plan)) - 1]

    with Receiver(script) as receiver:
        _connect(product, receiver)
        for n in range(len(plans)):
            _say(product, f"message {n}")
        checker.wait_until_idle(product, 60)
        product.kill_all()
    ends = {key: (state, tries) for key, state, tries in checker.rows(product.database, DELIVERIES)}
    expected = {key: ("dead" if plan == [410] else "sent", len(plan)) for key, plan in by_key.items()}
    assert len(by_key) == len(plans)
    assert ends == expected
    assert len(checker.rows(product.database, DEAD_TASKS)) == 1
    assert not product.broken_invariants()


def _connect(product: Product, receiver: Receiver) -> None:
    product.start()
    product.wait_until_ready()
    answer = product.ask("PUT", "/api/v1/channels/form", {"callback_url": receiver.url})
    assert answer.status == 200, answer.body


def _restart(product: Product, failpoint: str = "") -> None:
    product.kill_all()
    product.start(failpoint=failpoint)
    product.wait_until_ready()


def _say(product: Product, name: str) -> str:
    answer = product.ask("POST", "/api/v1/inbound", a_message(name, random.Random(name)))
    assert answer.status == 201, answer.body
    return str(answer.body["case"]["number"])


def _promise_soon(product: Product, number: str) -> None:
    """Give the worker a task that only writes, so that each point is passed without waiting for the schedule."""
    due = datetime.now(UTC) + timedelta(seconds=4)
    promised = {"kind": "call_back", "due_at": due.isoformat()}
    with contextlib.suppress(OSError, http.client.HTTPException):  # the point may have been passed already
        product.ask("POST", f"/api/v1/cases/{number}/promises", promised)


def _taken_but_not_noted(product: Product, receiver: Receiver) -> set[str]:
    """Return the keys that the receiver took and that the dead could not mark as sent."""
    noted = {key for key, state, _ in checker.rows(product.database, DELIVERIES) if state == "sent"}
    return set(receiver.settled()) - noted


def _wait_for_death(product: Product, point: str) -> None:
    ends = time.monotonic() + 20
    while not product.has_died():
        assert time.monotonic() < ends, f"{point} was never passed:\n{product.log()[-2000:]}"
        time.sleep(0.05)
