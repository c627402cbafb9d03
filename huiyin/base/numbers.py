"""Counters handed out in blocks: a process takes fifty at a time, so that numbers are unique without a queue.

Gaps are allowed, re-use is not.
"""

import threading

from django.db import connection

from huiyin.base import tx

BLOCK = 50
_lock = threading.Lock()
_blocks: dict[str, list[range]] = {}


def take(counter: str, count: int) -> list[int]:
    """Return `count` numbers of this counter that nobody else has or will have. Call it inside `tx.write()`."""
    taken = _from_blocks(counter, count)
    if missing := count - len(taken):
        size = max(BLOCK, missing)
        end = _raise_counter(counter, size)
        block = range(end - size + 1, end + 1)
        taken += block[:missing]
        # Kept only once the raised counter is committed: after a rollback somebody else gets the same block.
        if rest := block[missing:]:
            tx.after_commit(lambda: _keep(counter, rest))
    return taken


def forget() -> None:
    """Drop the blocks in memory, after the database was emptied or restored."""
    with _lock:
        _blocks.clear()


def _from_blocks(counter: str, count: int) -> list[int]:
    taken: list[int] = []
    with _lock:
        blocks = _blocks.get(counter, [])
        while blocks and len(taken) < count:
            part = blocks[0][: count - len(taken)]
            taken += part
            blocks[0] = blocks[0][len(part) :]
            if not blocks[0]:
                blocks.pop(0)
    return taken


def _keep(counter: str, block: range) -> None:
    with _lock:
        _blocks.setdefault(counter, []).append(block)


def _raise_counter(counter: str, by: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO base_counter (name, last) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET last = base_counter.last + %s RETURNING last",
            [counter, by, by],
        )
        (last,) = cursor.fetchone()
    return int(last)
