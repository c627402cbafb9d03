"""Doing a thing once although it is asked for again: the answer to a key is kept for a day and given again.

The work and its answer are committed together, so after a kill either both stand or neither: `begin` notes the key in
a transaction of its own, the caller works and calls `finish` in one further transaction. A key whose work was lost
with its process may be taken over after a minute. Answers are sealed, for they may hold what is shown only once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from huiyin.base import secrets, tx
from huiyin.base.models import IdempotencyKey

KEPT = timedelta(days=1)
LOST_AFTER = timedelta(minutes=1)


class Running(Exception):
    """The same request is being worked on at this moment."""


class Reused(Exception):
    """The key belongs to another request."""


class TakenOver(Exception):
    """Somebody else took this key over meanwhile: what was done here must be undone."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of one caller, with a digest of what is asked; `at` fences it against whoever takes it over."""

    scope: str
    key: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that was given the first time."""

    status: int
    body: str


def begin(key: Key) -> Answered | None:
    """Return the stored answer, or None: then the work is the caller's. Raises Running or Reused."""
    with tx.write():
        _, made = IdempotencyKey.objects.get_or_create(
            scope=key.scope, key=key.key, defaults={"digest": key.digest, "at": key.at}
        )
        if made:
            return None
        row = IdempotencyKey.objects.select_for_update().get(scope=key.scope, key=key.key)
        is_lost = row.status is None and row.at <= key.at - LOST_AFTER
        if is_lost or row.at <= key.at - KEPT:
            row.digest, row.at, row.status, row.body = key.digest, key.at, None, ""
            row.save()
            return None
    if row.digest != key.digest:
        raise Reused
    if row.status is None:
        raise Running
    return Answered(row.status, secrets.unseal("idempotency", row.body))


def finish(key: Key, answered: Answered) -> None:
    """Keep the answer, in the transaction of the work; raises TakenOver."""
    sealed = secrets.seal("idempotency", answered.body)
    with tx.write():
        if not _mine(key).update(status=answered.status, body=sealed):
            raise TakenOver


def give_up(key: Key) -> None:
    """Free the key after a failure that may pass, so that the same request can be sent again."""
    with tx.write():
        _mine(key).delete()


def sweep(at: datetime) -> None:
    """Remove what was kept for a day."""
    with tx.write():
        IdempotencyKey.objects.filter(at__lte=at - KEPT).delete()


def _mine(key: Key) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(scope=key.scope, key=key.key, at=key.at, status=None)
