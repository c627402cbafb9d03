"""What surrounds every test that uses the database: quick hashing, own files, the pack, and two guards.

The first guard refuses a row that product code writes outside `tx.write()`; the second runs every invariant of
`huiyin verify` once the test is over. A test that breaks stored rows on purpose says so: `@pytest.mark.tampers`; the
database's own guard of the audit trail is away meanwhile.
"""

import traceback
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection, transaction

from huiyin.base import configured, guard, numbers, rates, tx
from huiyin.base.verify import INVARIANTS
from huiyin.channels import deliver, endpoints
from huiyin.intake import house
from huiyin.rules import book
from huiyin.staff import signin, tokens
from tests import given

PRODUCT = Path(__file__).parents[1] / "huiyin"
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
BY_ITSELF = (PRODUCT / "base" / "sqlite", PRODUCT / "base" / "tx.py")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "tampers: breaks stored rows on purpose, so the invariants are not run"
    )


@pytest.fixture(scope="session", autouse=True)
def _quick_settings() -> Iterator[None]:
    """One Argon2 hash takes longer than most tests; collected files belong to the set-up."""
    patch = pytest.MonkeyPatch()
    patch.setattr(django_settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    patch.setattr(django_settings, "STORAGES", {**django_settings.STORAGES, "staticfiles": plain})
    signin._made.clear()
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(type(connection.ops), "execute_sql_flush", _emptied(connection.ops.execute_sql_flush))
    with django_db_blocker.unblock():
        given.installed()
    yield
    patch.undo()


def _emptied(flush: Any) -> Any:
    """Return the emptying of all tables after a test that commits, which the guard of the audit would refuse."""

    def emptied(ops: Any, statements: list[str]) -> None:
        with guard.away():
            flush(statements)

    return emptied


@pytest.fixture(autouse=True)
def _own_surroundings(request: pytest.FixtureRequest) -> Iterator[None]:
    if not _uses_database(request):
        yield
        return
    request.getfixturevalue("transactional_db" if _is_transactional(request) else "db")
    patch = pytest.MonkeyPatch()
    own = replace(django_settings.HUIYIN, data_dir=request.getfixturevalue("tmp_path"))
    patch.setattr(django_settings, "HUIYIN", own)
    numbers.forget()
    rates.forget()
    deliver.forget()
    endpoints.forget()
    house.forget()
    tokens.forget()
    given.installed()
    version = configured.version()
    tampers = request.node.get_closest_marker("tampers") is not None
    with guard.away() if tampers else nullcontext(), _only_inside_write(patch):
        yield
    if not tampers and not connection.needs_rollback:
        broken = [f"{one.rule}: {line}" for one in INVARIANTS for line in one.check()]
        assert not broken, "\n".join(broken)
    if configured.version() != version:
        book.forget()
    patch.undo()


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """Let it be Monday, 9 o'clock; `monday.move_to(…)` lets time pass for what reads the clock itself."""
    with time_machine.travel(given.MONDAY_9, tick=False) as traveller:
        yield traveller


@pytest.fixture
def any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of every kind come in, as a house may choose; what happens to them then must hold all the same."""
    monkeypatch.setattr(django_settings, "HUIYIN", replace(django_settings.HUIYIN, file_types=("*",)))


class _Marked(transaction.Atomic):
    """A transaction that `tx.write()` opened."""


def _only_inside_write(patch: pytest.MonkeyPatch) -> Any:
    marked = SimpleNamespace(
        atomic=_marked,
        get_connection=transaction.get_connection,
        on_commit=transaction.on_commit,
    )
    patch.setattr(tx, "transaction", marked)
    return connection.execute_wrapper(_refuse_outside)


def _marked(savepoint: bool = True) -> _Marked:
    # The outermost write of a test stands inside the test's own transaction: a savepoint lets it fail alone.
    outermost = not any(isinstance(block, _Marked) for block in connection.atomic_blocks)
    in_test = outermost and connection.in_atomic_block
    return _Marked("default", savepoint=savepoint or in_test, durable=False)


def _refuse_outside(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.lstrip()[:7].upper().startswith(WRITES) and not any(
        isinstance(block, _Marked) for block in context["connection"].atomic_blocks
    ):
        writer = _product_frame()
        assert writer is None, f"written outside tx.write() at {writer}: {sql[:120]}"
    return execute(sql, params, many, context)


def _product_frame() -> str | None:
    for frame, line in traceback.walk_stack(None):
        path = Path(frame.f_code.co_filename)
        is_product = (
            path.is_relative_to(PRODUCT) and "tests" not in path.parts and "migrations" not in path.parts
        )
        if is_product and not any(path.is_relative_to(own) for own in BY_ITSELF):
            return f"{path.relative_to(PRODUCT.parent)}:{line}"
    return None


def _uses_database(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("django_db") is not None or bool(
        {"db", "transactional_db"} & set(request.fixturenames)
    )


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))
