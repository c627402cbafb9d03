"""F28: off for eight hours, then on again: true times, one reminder a case, nothing outdated to customers."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults import checker
from tests.faults.ledger import a_message
from tests.faults.other_time import OtherTime
from tests.faults.product import Product
from tests.faults.receiver import Receiver

pytestmark = pytest.mark.faults
OUT_S = 8 * 3600
PEOPLE = """
from huiyin.base import clock
from huiyin.base.actor import OPERATOR
from huiyin.cases import lifecycle
from huiyin.cases.models import Case
from huiyin.staff import people
from huiyin.staff.models import Team
at = clock.now()
agent, _ = people.join("CS001", "Agent", role="agent", team="service", by=OPERATOR, at=at)
lead, _ = people.join("CS002", "Lead", role="lead", team="service", by=OPERATOR, at=at)
Team.objects.filter(code="service").update(lead=lead)
for case in Case.objects.all():
    lifecycle.assign(case, agent, (), by=OPERATOR, at=at)
"""
BROKEN = "SELECT kind, due_at, broken_at FROM cases_promise WHERE state = 'broken'"
TOLD_BROKEN = "SELECT payload, at FROM cases_entry WHERE kind = 'promise.broken'"
NOTICES = """
    SELECT staff_id, case_number FROM notices_notice
    WHERE kind IN ('promise.broken', 'promise.warned', 'case.escalated')
"""
ENDED = "SELECT ended_at FROM base_task WHERE state = 'done' AND ended_at > '{since}'"


def test_eight_hours_out_are_made_good_in_the_right_order_without_a_storm(
    product: Product, tmp_path: Path
) -> None:
    clock = OtherTime(tmp_path)
    product.cli = clock.cli
    is_up = False
    with Receiver(lambda key, nth: 200 if is_up else 503) as receiver:
        product.start()
        product.wait_until_ready()
        product.ask("PUT", "/api/v1/channels/form", {"callback_url": receiver.url})
        numbers = [_say(product, f"message {n}") for n in range(3)]
        product.python(PEOPLE)
        for number, hours in zip([numbers[0], numbers[0], *numbers], (1, 2, 3, 4, 8.5), strict=True):
            _promise(product, number, hours)
        reply = {"kind": "reply", "text": "配件已寄出"}
        assert product.ask("POST", f"/api/v1/cases/{numbers[2]}/entries", reply).status == 201
        checker.wait_until(lambda: len({arrival.key for arrival in receiver.arrivals}) == 4, 120)
        product.kill_all()
        receiver.settled()
        before = len(receiver.arrivals)
        is_up = True
        clock.set(OUT_S)
        product.start()
        product.wait_until_ready()
        checker.wait_until_idle(product, 120)
        product.kill_all()
    broken = checker.rows(product.database, BROKEN)
    assert len([kind for kind, _, _ in broken if kind == "call_back"]) == 4
    assert all(due == at for _, due, at in broken)
    told = checker.rows(product.database, TOLD_BROKEN)
    assert len(told) == len(broken)
    assert max(Counter(checker.rows(product.database, NOTICES)).values()) == 1
    sent = [arrival.key for arrival in receiver.arrivals[before:]]
    assert len(sent) == 1, f"only the agent's answer is still news: {sent}"
    assert sent[0].startswith(f"{numbers[2]}.")
    # The clock was done before anything else began.
    ended = checker.rows(product.database, ENDED.format(since=_since(OUT_S)))
    assert max(at for _, at in told) <= min(at for (at,) in ended)
    assert not product.broken_invariants()


def _say(product: Product, name: str) -> str:
    answer = product.ask("POST", "/api/v1/inbound", a_message(name, random.Random(name)))
    assert answer.status == 201, answer.body
    return str(answer.body["case"]["number"])


def _promise(product: Product, number: str, hours: float) -> None:
    due = datetime.now(UTC) + timedelta(hours=hours)
    made = product.ask(
        "POST", f"/api/v1/cases/{number}/promises", {"kind": "call_back", "due_at": due.isoformat()}
    )
    assert made.status == 201, made.body


def _since(ahead_s: int) -> str:
    """Return a moment between the two lives of the product, as SQLite writes it."""
    return f"{datetime.now(UTC) + timedelta(seconds=ahead_s - 1800):%Y-%m-%d %H:%M:%S}"
