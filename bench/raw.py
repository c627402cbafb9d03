"""The raw limit: the very rows that cases were made of, put into the same tables by the driver alone."""

import contextlib
import itertools
import sqlite3
import time
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import psycopg
from psycopg.types.json import set_json_loads

BUDGET_S = 3.0
Rows = dict[str, list[tuple[Any, ...]]]


class Store(Protocol):
    """A plain connection in autocommit mode."""

    mark: str

    def execute(self, sql: str) -> Any: ...
    def many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None: ...
    def tables(self) -> list[str]: ...


class Sqlite:
    mark = "?"

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")

    def execute(self, sql: str) -> Any:
        return self._connection.execute(sql)

    def many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self._connection.executemany(sql, rows)

    def tables(self) -> list[str]:
        return [
            name
            for (name,) in self.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not name.startswith("sqlite_") and "_search" not in name
        ]


class Postgres:
    mark = "%s"

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        set_json_loads(lambda raw: raw if isinstance(raw, str) else raw.decode(), self._connection)
        self._cursor = self._connection.cursor()
        # Foreign keys are not looked up: the rows come in an order of their own, and the limit may be generous.
        self._cursor.execute("SET session_replication_role = replica")

    def execute(self, sql: str) -> Any:
        return self._cursor.execute(sql)

    def many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self._cursor.executemany(sql, rows)

    def tables(self) -> list[str]:
        found = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in found.fetchall()]


def marks(store: Store) -> dict[str, int]:
    """Return the highest row number of each table that has one."""
    found = {}
    for table in store.tables():
        with contextlib.suppress(sqlite3.Error, psycopg.Error):
            found[table] = store.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
    return {table: last for table, last in found.items() if isinstance(last, int)}


def rows_since(store: Store, since: dict[str, int]) -> Rows:
    """Return the rows that were added to each table after `since`."""
    found = {
        table: store.execute(f"SELECT * FROM {table} WHERE id > {last} ORDER BY id").fetchall()
        for table, last in since.items()
    }
    return {table: rows for table, rows in found.items() if rows}


def insert_rate(store: Store, rows: Rows, cases: int, at_once: int) -> float:
    """Return cases a second when `at_once` cases share a transaction; stops after BUDGET_S."""
    began = time.perf_counter()
    done = 0
    for share in shares(rows, cases, at_once):
        store.execute("BEGIN")
        for table, part in share:
            places = ", ".join([store.mark] * len(part[0]))
            store.many(f"INSERT INTO {table} VALUES ({places})", part)
        store.execute("COMMIT")
        done += at_once
        if time.perf_counter() - began > BUDGET_S:
            break
    rate = done / (time.perf_counter() - began)
    for table, part in rows.items():
        store.execute(f"DELETE FROM {table} WHERE id >= {min(row[0] for row in part)}")
    return round(rate, 1)


def shares(rows: Rows, cases: int, at_once: int) -> Iterator[list[tuple[str, list[tuple[Any, ...]]]]]:
    """Cut each table's rows into as many parts as there are transactions."""
    cuts = [round(n) for n in range(0, cases + 1, at_once)]
    for start, end in itertools.pairwise(cuts):
        parts = (
            (table, found[len(found) * start // cases : len(found) * end // cases])
            for table, found in rows.items()
        )
        yield [(table, part) for table, part in parts if part]
