"""Doing several things at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from huiyin.base.sqlite.gate import Gate

PATIENCE_S = 120.0
_enter = Gate.enter


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each in its own thread, begun together; return what each gave, or the exception it raised, in order.

    They wait for each other longer than the product would: on a busy machine a hundred of them need their time.
    """
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            _wait_patiently()
            gate.wait(timeout=PATIENCE_S)
            return act()
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(len(acts)) as pool:
        patch.setattr(Gate, "enter", lambda gate: _enter(gate, PATIENCE_S))
        futures = [pool.submit(run, act) for act in acts]
        return [future.exception() or future.result() for future in futures]


def _wait_patiently() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(PATIENCE_S * 1000)}")
