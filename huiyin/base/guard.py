"""What the database itself refuses to do to the audit trail, whatever program asks it.

A row is added, sealed once, and stays: changing anything else and emptying the table are refused. Rows go only from the
sealed beginning of the chain, after a row has said so (`audit.sweep`), and when they are 184 days older than that row.
Whoever owns the table can take this away; `doctor` says whether the running account could.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_SQLITE = {
    # REPLACE takes rows out without asking the trigger on DELETE: no insert may meet a row that is there.
    "audit_added": """BEFORE INSERT ON base_auditrow
        WHEN NEW.seal_seq IS NOT NULL OR EXISTS (SELECT 1 FROM base_auditrow WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END""",
    "audit_changed": """BEFORE UPDATE ON base_auditrow
        WHEN OLD.seal_seq IS NOT NULL OR NEW.seal_seq IS NULL
            OR EXISTS (SELECT 1 FROM base_auditrow WHERE seal_seq = NEW.seal_seq)
            OR (OLD.id, OLD.action, OLD.at, OLD.by_kind, OLD.by_ref, OLD.object, OLD.fields, OLD.reason,
                OLD.result, OLD.network)
            IS NOT (NEW.id, NEW.action, NEW.at, NEW.by_kind, NEW.by_ref, NEW.object, NEW.fields, NEW.reason,
                NEW.result, NEW.network)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END""",
    "audit_taken_out": """BEFORE DELETE ON base_auditrow
        WHEN OLD.seal_seq IS NULL OR NOT EXISTS (
            SELECT 1 FROM base_auditrow AS told WHERE told.action = 'audit.swept'
            AND CAST(told.reason AS INTEGER) >= OLD.seal_seq
            AND julianday(OLD.at) <= julianday(told.at) - 184)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END""",
}
_POSTGRESQL = {
    "audit_row": "BEFORE INSERT OR UPDATE OR DELETE ON base_auditrow FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    "audit_all": "BEFORE TRUNCATE ON base_auditrow FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()",
}
_FUNCTION = """CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE announced boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.seal_seq IS NULL THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.seal_seq IS NULL AND NEW.seal_seq IS NOT NULL
            AND (OLD.id, OLD.action, OLD.at, OLD.by_kind, OLD.by_ref, OLD.object, OLD.fields, OLD.reason,
                OLD.result, OLD.network)
            IS NOT DISTINCT FROM (NEW.id, NEW.action, NEW.at, NEW.by_kind, NEW.by_ref, NEW.object, NEW.fields,
                NEW.reason, NEW.result, NEW.network)
        THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'DELETE' THEN
        -- The table by its schema: a temporary one of the same name must not answer for it.
        EXECUTE format($question$
            SELECT EXISTS (SELECT 1 FROM %I.%I WHERE action = 'audit.swept'
            AND substring(reason FROM '^[0-9]{1,18}')::bigint >= $1 AND $2 <= at - interval '4416 hours')
        $question$, TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO announced USING OLD.seal_seq, OLD.at;
        IF announced THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is only added to' USING ERRCODE = 'restrict_violation';
END $$"""


def put_up() -> None:
    """Let the database refuse; a second call changes nothing."""
    if connection.vendor == "postgresql":
        _run(_FUNCTION)
    take_away()
    for name, rest in _triggers().items():
        _run(f"CREATE TRIGGER {name} {rest}")


def take_away() -> None:
    """Let the database obey again: to empty a database of tests, or to undo the migration."""
    on = " ON base_auditrow" if connection.vendor == "postgresql" else ""
    for name in _triggers():
        _run(f"DROP TRIGGER IF EXISTS {name}{on}")


@contextmanager
def away() -> Iterator[None]:
    """Do without it for a while."""
    take_away()
    try:
        yield
    finally:
        put_up()


def missing() -> list[str]:
    """Return the names of what the database should refuse by and does not."""
    question = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'base_auditrow'"
    if connection.vendor == "postgresql":
        question = (
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'base_auditrow'::regclass AND tgenabled <> 'D'"
        )
    return sorted(_triggers().keys() - {name for (name,) in _run(question)})


def account_could_take_it_away() -> str:
    """Return the account of this connection if it owns the trail or may do anything, else nothing.

    On SQLite every program that may write the file could: the answer is empty there, for accounts do not exist.
    """
    if connection.vendor != "postgresql":
        return ""
    question = """SELECT current_user FROM pg_class AS trail JOIN pg_roles AS mine ON mine.rolname = current_user
        WHERE trail.oid = 'base_auditrow'::regclass
        AND (mine.rolsuper OR pg_has_role(current_user, trail.relowner, 'MEMBER'))"""
    return "".join(name for (name,) in _run(question))


def _triggers() -> dict[str, str]:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE


def _run(sql: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []
