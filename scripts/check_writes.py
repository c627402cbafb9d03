"""Transactions are opened in one file, so that gate, time limit and errors are the same everywhere."""

import ast
import re
from collections.abc import Iterator

from scripts.check_source import Finding, Source

HOME = "huiyin/base/tx.py"
# The database backend begins what base.tx asks for.
BACKEND = "huiyin/base/sqlite/"
BEGINNINGS = {"atomic", "set_autocommit", "savepoint", "savepoint_commit", "savepoint_rollback", "on_commit"}
STATEMENT = re.compile(r"\s*(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.IGNORECASE)


def transactions_elsewhere(source: Source) -> Iterator[Finding]:
    """Find transactions, savepoints and commit hooks outside base.tx."""
    if source.path == HOME or source.path.startswith(BACKEND):
        return
    for node in ast.walk(source.tree):
        if imports_transaction(node) or (isinstance(node, ast.Attribute) and node.attr in BEGINNINGS):
            yield source.finding(
                node, "opens a transaction: use base.tx.write(), attempt() or after_commit()"
            )
        elif isinstance(node, ast.Call) and runs_a_transaction_statement(node):
            yield source.finding(node, "sends a transaction statement: use base.tx.write()")


def imports_transaction(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        names = {name.name for name in node.names}
        return (
            node.module == "django.db" and "transaction" in names
        ) or node.module == "django.db.transaction"
    return isinstance(node, ast.Import) and any(name.name == "django.db.transaction" for name in node.names)


def runs_a_transaction_statement(call: ast.Call) -> bool:
    is_execute = isinstance(call.func, ast.Attribute) and call.func.attr in ("execute", "executescript")
    if not (is_execute and call.args):
        return False
    statement = call.args[0]
    return (
        isinstance(statement, ast.Constant)
        and isinstance(statement.value, str)
        and bool(STATEMENT.match(statement.value))
    )
