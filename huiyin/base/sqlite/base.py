"""Django's SQLite backend with our write gate around every transaction."""

from typing import Any

from django.db.backends.sqlite3 import base

from huiyin.base.sqlite.gate import Gate, gate_for


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the gate before BEGIN IMMEDIATE and frees it whenever the transaction ends, however it ends."""

    _held: Gate | None = None

    def _start_transaction_under_autocommit(self) -> None:
        gate = self._gate()
        if gate is not None:
            left_s = gate.enter()
            self._held = gate
            # A program that knows no gate (a shell, a backup) may hold the file: wait for it no longer than promised.
            self.connection.execute(f"PRAGMA busy_timeout = {max(1, int(left_s * 1000))}")
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._free()
            raise

    def _gate(self) -> Gate | None:
        name = str(self.settings_dict["NAME"])
        return None if ":memory:" in name or "mode=memory" in name else gate_for(name)

    def _free(self) -> None:
        if self._held is not None:
            self._held.leave()
            self._held = None

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        except BaseException:
            # A commit that failed (disk full, input/output error) must not leave its transaction open.
            if self.connection is not None:
                self.connection.rollback()
            raise
        finally:
            self._free()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._free()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._free()
