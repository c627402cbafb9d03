"""The only place that opens transactions. Everything written is written inside `write()`.

On SQLite the backend takes the write gate before BEGIN IMMEDIATE; on PostgreSQL rows are locked as they are
changed. A transaction holds no network call and no learning model.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import Error, InterfaceError, OperationalError, transaction

from huiyin.base.sqlite.gate import GateBusy


class Busy(Exception):
    """The store could not take the write in time; nothing was written. Callers answer 503 with Retry-After."""


class Unavailable(Exception):
    """The store cannot be written at all (disk full, read error, server gone); nothing was written."""


# What any access to the store may raise when the store is at fault. A loop that outlives the store catches these:
# a lost connection shows as InterfaceError, which is no DatabaseError.
FAILURES = (Error, Busy, Unavailable)


@contextmanager
def write() -> Iterator[None]:
    """Run the block in one transaction; an inner call joins the outer one.

    Raises Busy when the store stays locked for five seconds, Unavailable when it fails; both leave nothing behind.
    """
    try:
        with transaction.atomic(savepoint=False):
            yield
    except GateBusy as error:
        raise Busy(str(error)) from error
    except OperationalError as error:
        if "locked" in str(error) or "lock timeout" in str(error):
            raise Busy(str(error)) from error
        raise Unavailable(str(error)) from error
    except InterfaceError as error:
        raise Unavailable(str(error)) from error


@contextmanager
def attempt() -> Iterator[None]:
    """Run the block so that its failure undoes only the block: a savepoint inside `write()`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("attempt() belongs inside write()")
    with transaction.atomic():
        yield


def after_commit(act: Callable[[], object]) -> None:
    """Call `act` once the outermost `write()` has committed; never when it is undone."""
    transaction.on_commit(act, robust=True)
