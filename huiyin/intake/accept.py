"""The door for everything from outside: after `accept` returns, nothing given to it is lost.

One transaction for a group of messages; what a message means is written in a savepoint. When that fails, the halves
are tried apart, down to each message alone; one that still fails stays in the inbox and is retried, then quarantined
where people see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, IntegrityError
from django.db.models import QuerySet

from huiyin.base import outbox, tx
from huiyin.base.models import Blob
from huiyin.base.question import Question, columns, made
from huiyin.base.rows import insert, new
from huiyin.cases.models import Case, Promise
from huiyin.channels.inbound import Inbound
from huiyin.channels.models import Account
from huiyin.engines.reason import Reason
from huiyin.intake import attaching, house, pipeline, waves
from huiyin.intake.house import UnknownChannel
from huiyin.intake.models import InboxItem
from huiyin.rules import book as rulebook
from huiyin.rules.book import Book

__all__ = ["Accepted", "UnknownChannel", "accept", "retry"]

log = structlog.get_logger("intake")
Thought = pipeline.Thought | Exception
NOTED = ("state", "case_number", "entry_seq", "error", "customer", "team", "category")


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of one message: `new`, `duplicate`, `conflict`, or `waiting` to be understood or released.

    Whoever wrote it is not told which of the two it waits for: a blocked sender learns nothing of it.
    """

    outcome: str
    inbox_id: int
    case: Case | None = None
    entry_seq: int = 0
    promises: tuple[Promise, ...] = ()
    because: tuple[Reason, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def accept(items: Sequence[Inbound], *, at: datetime) -> list[Accepted]:
    """Store and understand each message; return what became of each, in order. Doing it again makes duplicates only.

    Raises UnknownChannel, FileRefused, Busy or Unavailable; then nothing was kept.
    """
    book = rulebook.current()
    accounts = house.accounts({item.channel for item in items})
    blobs = [attaching.stored(item, at=at) for item in items]
    thought = [_thought(item, book, accounts[item.channel], at) for item in items]
    try:
        return _accepted(items, thought, blobs, accounts, at)
    except IntegrityError as error:
        # Another process stored one of these meanwhile: now it is known, and a duplicate.
        log.info("two processes at once; looking again", error=str(error))
        return _accepted(items, thought, blobs, accounts, at)


def retry(item: InboxItem, *, at: datetime) -> bool:
    """Try again to understand a message that waits; the third failure quarantines it. True when it is understood."""
    inbound = pipeline.from_content(item)
    book = rulebook.current()
    thought = _thought(inbound, book, item.account, at)
    with tx.write():
        locked = InboxItem.objects.select_for_update().get(pk=item.pk)
        if locked.state != InboxItem.WAITING:
            return locked.state == InboxItem.DONE
        rows = _understood([inbound], [thought], [list(Blob.objects.filter(uuid__in=item.files))], at)
        if isinstance(rows, Exception):
            state = InboxItem.QUARANTINED if locked.tries >= 2 else InboxItem.WAITING
            InboxItem.objects.filter(pk=item.pk).update(
                tries=locked.tries + 1, state=state, error=str(rows)[:300]
            )
            return False
        _note(locked, rows[0])
        locked.save(update_fields=NOTED)
    return True


def _accepted(
    items: Sequence[Inbound],
    thought: Sequence[Thought],
    blobs: Sequence[Sequence[Blob]],
    accounts: dict[str, Account],
    at: datetime,
) -> list[Accepted]:
    with tx.write():
        known = _known(items, accounts)
        fresh = [i for i, item in enumerate(items) if (item.channel, item.external_id) not in known]
        fresh = _first_of_each(items, fresh)
        made = _make(
            [items[i] for i in fresh], [thought[i] for i in fresh], [blobs[i] for i in fresh], accounts, at
        )
        known |= {(items[i].channel, items[i].external_id): row for i, row in zip(fresh, made, strict=True)}
        new = set(fresh)
        conflicts = {
            i: _keep_conflict(items[i], blobs[i], accounts, at) for i in _conflicting(items, known, new)
        }
    cases = _cases([row for row in known.values() if row.case_number and row.placed is None])
    told = [
        _outcome(conflicts.get(i) or known[item.channel, item.external_id], i in new, i in conflicts, cases)
        for i, item in enumerate(items)
    ]
    # Of files that came with what was known before nothing is kept, so nothing is said.
    return [
        replace(one, refused=attaching.refused(blobs[i])) if i in new and blobs[i] else one
        for i, one in enumerate(told)
    ]


def _thought(item: Inbound, book: Book, account: Account, at: datetime) -> Thought:
    try:
        return pipeline.think(item, book, account, at=at)
    except Exception as error:
        log.error("a message could not be read; it stays in the inbox", exc_info=error)
        return error


def _make(
    items: Sequence[Inbound],
    thought: Sequence[Thought],
    blobs: Sequence[Sequence[Blob]],
    accounts: dict[str, Account],
    at: datetime,
) -> list[InboxItem]:
    if not items:
        return []
    results = _understood(items, thought, blobs, at)
    if isinstance(results, IntegrityError) and len(items) == 1:
        results = _understood(items, thought, blobs, at)
    if isinstance(results, Exception) and len(items) > 1:
        # By halves: among many, the one that fails is found in few tries, and the others stay together.
        half = len(items) // 2
        return [
            row
            for part in (slice(half), slice(half, None))
            for row in _make(items[part], thought[part], blobs[part], accounts, at)
        ]
    rows = []
    for i, (item, files_) in enumerate(zip(items, blobs, strict=True)):
        row = _row(item, files_, accounts, at)
        if isinstance(results, Exception):
            row.state, row.error = InboxItem.WAITING, f"{type(results).__name__}: {results}"[:300]
            _keep_files(files_)
        else:
            _note(row, results[i])
            if row.state == InboxItem.BLOCKED:
                _keep_files(files_)
        rows.append(row)
    insert(rows)
    waiting = [row for row in rows if row.state == InboxItem.WAITING]
    outbox.put_many(
        [
            outbox.Spec("huiyin.automation.tasks.retry_inbox", f"inbox:{row.pk}", {"item": row.pk})
            for row in waiting
        ],
        at=at,
    )
    return rows


def _understood(
    items: Sequence[Inbound],
    thought: Sequence[Thought],
    blobs: Sequence[Sequence[Blob]],
    at: datetime,
) -> list[pipeline.Placed | pipeline.Aside] | Exception:
    ready = [one for one in thought if isinstance(one, pipeline.Thought)]
    if len(ready) < len(thought):
        return next(one for one in thought if isinstance(one, Exception))
    try:
        with tx.attempt():
            return waves.run(items, ready, blobs, at=at)
    except (tx.Busy, tx.Unavailable):
        raise
    except IntegrityError as error:
        log.info("two at once; trying each alone", error=str(error))
        return error
    except DatabaseError:
        raise
    except Exception as error:
        log.error("a message could not be understood; it stays in the inbox", exc_info=error)
        return error


def _note(row: InboxItem, became: pipeline.Placed | pipeline.Aside) -> None:
    if isinstance(became, pipeline.Aside):
        row.state, row.error = InboxItem.BLOCKED, "the customer is blocked"
        row.customer, row.team, row.category = became.customer, became.team, became.category
        return
    row.state, row.case_number, row.entry_seq = InboxItem.DONE, became.case.number, became.seq
    row.error, row.placed = "", became


def _known(items: Sequence[Inbound], accounts: dict[str, Account]) -> dict[tuple[str, str], InboxItem]:
    code_of = {account.pk: code for code, account in accounts.items()}
    found = _FIRST.ask(accounts=sorted(code_of), external_ids=sorted({item.external_id for item in items}))
    known = [made(InboxItem, values) for values in found]
    return {(code_of[row.account_id], row.external_id): row for row in known}


def _first(accounts: Any, external_ids: Any) -> QuerySet[InboxItem, tuple[Any, ...]]:
    rows = InboxItem.objects.filter(account__id__in=accounts, external_id__in=external_ids, variant="")
    return rows.values_list(*columns(InboxItem))


_FIRST = Question(_first)


def _first_of_each(items: Sequence[Inbound], indexes: Sequence[int]) -> list[int]:
    seen: dict[tuple[str, str], int] = {}
    for i in indexes:
        seen.setdefault((items[i].channel, items[i].external_id), i)
    return sorted(seen.values())


def _conflicting(
    items: Sequence[Inbound], known: dict[tuple[str, str], InboxItem], new: set[int]
) -> list[int]:
    return [
        i
        for i, item in enumerate(items)
        if i not in new and known[item.channel, item.external_id].digest != item.digest()
    ]


def _keep_conflict(
    item: Inbound, blobs: Sequence[Blob], accounts: dict[str, Account], at: datetime
) -> InboxItem:
    row = _row(item, blobs, accounts, at)
    row.state, row.error = InboxItem.QUARANTINED, "another message came with this id before"
    kept, made = InboxItem.objects.get_or_create(
        account=row.account,
        external_id=row.external_id,
        variant=row.digest,
        defaults={
            n: getattr(row, n) for n in ("digest", "content", "files", "state", "error", "received_at")
        },
    )
    if made:
        _keep_files(blobs)
    return kept


def _row(item: Inbound, blobs: Sequence[Blob], accounts: dict[str, Account], at: datetime) -> InboxItem:
    return new(
        InboxItem,
        account=accounts[item.channel],
        external_id=item.external_id,
        digest=item.digest(),
        content=item.content(),
        files=[str(blob.uuid) for blob in blobs],
        received_at=at,
    )


def _keep_files(blobs: Sequence[Blob]) -> None:
    for blob in blobs:
        blob.subject = "inbox"
    Blob.objects.bulk_create(blobs)


def _cases(rows: Sequence[InboxItem]) -> dict[str, pipeline.Placed]:
    """Return where messages went that came before: two queries, or none."""
    if not rows:
        return {}
    cases = (
        Case.objects.with_people()
        .filter(number__in=[row.case_number for row in rows])
        .prefetch_related("promises")
    )
    return {case.number: pipeline.Placed(case, 0, tuple(case.promises.all())) for case in cases}


def _outcome(row: InboxItem, fresh: bool, conflict: bool, before: dict[str, pipeline.Placed]) -> Accepted:
    if conflict:
        return Accepted("conflict", row.pk)
    placed = row.placed or before.get(row.case_number)
    if placed is None:
        return Accepted("waiting", row.pk)
    outcome = "new" if fresh else "duplicate"
    return Accepted(outcome, row.pk, placed.case, row.entry_seq, placed.promises, placed.because)
