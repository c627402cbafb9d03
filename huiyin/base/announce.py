"""Hints of a transaction: gathered while it runs, sent to the other processes in one go once it has committed."""

from typing import Any

from django.conf import settings
from django.db import connection

from huiyin.base import hints, tx
from huiyin.base.hints import Hint


def changed(topics: frozenset[str], event: str, payload: dict[str, Any]) -> None:
    """Tell the screens that listen to one of the topics, after the commit; a lost hint costs two seconds."""
    _gather("live", Hint(topics, event, payload))


def wake_worker() -> None:
    """Wake the workers after the commit, so that what was put is begun at once."""
    _gather("work", Hint(frozenset({"work"}), "tasks.put"))


class _Sender:
    """Waits among the transaction's callbacks; a rollback drops it together with its hints."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.hints: dict[tuple[object, ...], Hint] = {}

    def add(self, hint: Hint) -> None:
        self.hints[hint.topics, hint.event, *sorted(hint.payload.items())] = hint

    def __call__(self) -> None:
        hints.send(settings.HUIYIN.data_dir / "run", self.hints.values(), prefix=self.prefix)


def _gather(prefix: str, hint: Hint) -> None:
    for _, waiting, *_ in connection.run_on_commit:
        if isinstance(waiting, _Sender) and waiting.prefix == prefix:
            waiting.add(hint)
            return
    sender = _Sender(prefix)
    sender.add(hint)
    tx.after_commit(sender)
