"""What must hold after every fault: ledger, database and receiver tell one story."""

import contextlib
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.ledger import Ledger
from tests.faults.product import Product

STORED = "SELECT external_id, state, case_number FROM intake_inboxitem WHERE variant = ''"
WRITTEN = """
    SELECT body.text, kase.number FROM cases_entry entry
    JOIN cases_case kase ON kase.id = entry.case_id
    JOIN cases_entrybody body ON body.case_id = entry.case_id AND body.seq = entry.seq
    WHERE entry.kind = 'message.received'
"""
GREETED = "SELECT case_id FROM cases_entry WHERE kind = 'greeting.sent'"
UNFINISHED = "SELECT key FROM base_task WHERE state IN ('ready', 'running')"


def rows(database: Path | str, query: str) -> list[tuple[Any, ...]]:
    """Read from the product's file, or server, beside it, writing nothing."""
    if isinstance(database, str):
        with psycopg.connect(database, autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as store:
        return store.execute(query).fetchall()


def differences(product: Product, ledger: Ledger) -> list[str]:
    """Return one line for each place where ledger, database and `huiyin verify` differ."""
    stored = {name: (state, case) for name, state, case in rows(product.database, STORED)}
    written = rows(product.database, WRITTEN)
    where: dict[str, str] = dict(written)
    found = [f"{name} was acknowledged and is lost" for name in ledger.acknowledged if name not in stored]
    found += [f"{name} is stored and was never sent" for name in stored if name not in ledger.tried]
    found += [
        f"twice in the cases: {text}" for text, n in Counter(text for text, _ in written).items() if n > 1
    ]
    greeted = Counter(case for (case,) in rows(product.database, GREETED))
    found += [f"case row {case} was greeted {n} times" for case, n in greeted.items() if n > 1]
    for name, (state, case) in stored.items():
        text, told = ledger.tried.get(name, ""), ledger.acknowledged.get(name)
        if state == "done" and where.get(text) != case:
            found.append(f"{name} is done, but its words do not stand in case {case}")
        if told is not None and told != case:
            found.append(f"{name} was answered with case {told} and stands in {case}")
    return found + product.broken_invariants()


def unfinished(product: Product) -> list[str]:
    """Return the keys of tasks that are neither done nor dead."""
    return [key for (key,) in rows(product.database, UNFINISHED)]


def wait_until(is_so: Callable[[], bool], within_s: float) -> None:
    """Return when it is so; raises TimeoutError."""
    ends = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > ends:
            raise TimeoutError(f"not within {within_s} s")
        time.sleep(0.1)


def wait_until_idle(product: Product, within_s: float) -> None:
    """Return when no task is left to do; raises TimeoutError naming those that are."""
    ends = time.monotonic() + within_s
    while left := unfinished(product):
        if time.monotonic() > ends:
            raise TimeoutError(f"{len(left)} tasks are still not finished: {left[:5]}")
        time.sleep(0.1)
