"""What the database refuses to do to the audit trail: the product's own guards are passed by here, with plain SQL."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

import huiyin
from huiyin.base import audit, guard
from huiyin.base.actor import CLOCK, OPERATOR
from huiyin.base.models import AuditRow
from huiyin.commands import setup, verify
from tests import given

pytestmark = pytest.mark.django_db
HARDENING = Path(huiyin.__file__).parents[1] / "docs" / "administrators" / "hardening.md"
TRAIL = "base_auditrow"
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="accounts of the server")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def refused(sql: str) -> bool:
    try:
        with transaction.atomic():
            run(sql)
    except DatabaseError:
        return True
    return False


def trail() -> list[tuple[object, ...]]:
    return list(AuditRow.objects.order_by("id").values_list())


@pytest.fixture
def _rows() -> None:
    for n in range(4):
        audit.write("thing.done", f"thing:{n}", by=OPERATOR, at=given.MONDAY_9)
        if n == 1:
            assert sum(iter(audit.seal, 0)) >= 2


CHANGES = [
    *(
        f"UPDATE {TRAIL} SET {name} = {value} WHERE object = 'thing:{n}'"
        for n in (1, 3)
        for name, value in {
            "action": "'x'",
            "at": "'2020-01-01 00:00:00+00:00'",
            "by_kind": "'x'",
            "by_ref": "'eve'",
            "object": "'x'",
            "fields": "'[1]'",
            "reason": "'x'",
            "result": "'x'",
            "network": "'x'",
            "id": "987654",
            "seal": "'x'",
            "seal_seq": "NULL",
        }.items()
    ),
    f"UPDATE {TRAIL} SET seal_seq = 9999, reason = 'x' WHERE object = 'thing:3'",
    f"UPDATE {TRAIL} SET seal_seq = 9999 WHERE object = 'thing:1'",
    f"UPDATE {TRAIL} SET seal_seq = 1 WHERE object = 'thing:3'",
    *(f"DELETE FROM {TRAIL} WHERE object = 'thing:{n}'" for n in (1, 3)),
    f"DELETE FROM {TRAIL}",
    f"INSERT INTO {TRAIL} (action, at, by_kind, by_ref, object, fields, reason, result, network, seal_seq, seal) "
    "VALUES ('x', '2026-03-02 01:00:00+00:00', 'staff', 'eve', 'x', '[]', '', 'ok', '', 9999, 'x')",
]  # fmt: skip
OF_SQLITE = [
    f"INSERT OR REPLACE INTO {TRAIL} SELECT id, 'x', at, by_kind, by_ref, object, fields, reason, result, network, "
    f"NULL, '' FROM {TRAIL} WHERE object = 'thing:1'",
    f"UPDATE OR REPLACE {TRAIL} SET seal_seq = 1 WHERE object = 'thing:3'",
]
OF_POSTGRESQL = [
    f"TRUNCATE {TRAIL}",
    f"TRUNCATE {TRAIL} CASCADE",
    f"INSERT INTO {TRAIL} SELECT * FROM {TRAIL} ON CONFLICT (id) DO UPDATE SET by_ref = 'eve'",
]


@pytest.mark.usefixtures("_rows")
def test_the_database_refuses_every_change_of_a_row_sealed_or_not() -> None:
    before = trail()
    own = OF_POSTGRESQL if connection.vendor == "postgresql" else OF_SQLITE
    obeyed = [sql for sql in (*CHANGES, *own) if not refused(sql)]
    assert not obeyed
    assert trail() == before


@pytest.mark.usefixtures("_rows")
def test_what_a_forged_announcement_lets_go_is_old_and_still_named() -> None:
    sum(iter(audit.seal, 0))
    audit.write(audit.SWEPT, "audit:1-2", by=CLOCK, at=given.MONDAY_9 + given.days(183), reason="2:abc:def")
    assert refused(f"DELETE FROM {TRAIL} WHERE seal_seq <= 2"), "younger than the keeping time"
    audit.write(audit.SWEPT, "audit:1-2", by=CLOCK, at=given.MONDAY_9 + given.days(185), reason="nonsense")
    assert refused(f"DELETE FROM {TRAIL} WHERE seal_seq <= 2"), "nothing is announced"


@pytest.mark.usefixtures("_rows")
def test_sealing_and_the_announced_sweep_pass() -> None:
    sum(iter(audit.seal, 0))
    later = given.MONDAY_9 + given.days(185)
    assert audit.sweep(at=later) >= 4
    assert sum(iter(audit.seal, 0)) == 1
    assert not audit.broken_links()


@pytest.mark.usefixtures("_rows")
def test_rows_taken_from_the_end_are_seen_against_a_head_that_was_noted() -> None:
    sum(iter(audit.seal, 0))
    noted = audit.head()
    assert audit.cut_off(noted) == ""
    audit.write("thing.done", "thing:later", by=OPERATOR, at=given.MONDAY_9)
    audit.seal()
    assert audit.cut_off(noted) == "", "the trail went on"
    place, _, seal = noted.partition(":")
    with guard.away():
        run(f"DELETE FROM {TRAIL} WHERE seal_seq >= {place}")
    assert not audit.broken_links(), "the chain alone does not show it"
    assert "does not any more" in audit.cut_off(noted)
    audit.write("thing.done", "thing:instead", by=OPERATOR, at=given.MONDAY_9)
    audit.seal()
    assert audit.cut_off(noted) == f"another row stands at place {place}"
    for nonsense in ("", "x", "1", f":{seal}", "9" * 30 + ":x", "１:x"):
        assert "is no head" in audit.cut_off(nonsense)


@pytest.mark.usefixtures("_rows")
def test_a_head_that_was_swept_meanwhile_is_believed() -> None:
    sum(iter(audit.seal, 0))
    noted = audit.head()
    audit.sweep(at=given.MONDAY_9 + given.days(185))
    assert audit.cut_off(noted) == ""


@pytest.mark.usefixtures("_rows")
def test_verify_prints_the_head_and_holds_an_earlier_one_against_the_trail(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sum(iter(audit.seal, 0))
    noted = audit.head()
    assert verify._verify(SimpleNamespace(audit_head=noted)) == 0
    assert noted in capsys.readouterr().out
    assert verify._verify(SimpleNamespace(audit_head=noted.replace(":", "0:"))) == 1
    assert "does not any more" in capsys.readouterr().out


def test_doctor_names_a_guard_that_is_gone_and_setup_puts_it_up_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert not guard.missing()
    guard.take_away()
    (state, text, _), *_ = verify._trail()
    assert state == "FAIL" and "could" not in text
    setup._migrate()
    assert not guard.missing() and "up again" in capsys.readouterr().out


@contextmanager
def as_the_program() -> Iterator[None]:
    """Work as the account that the page for administrators makes, in this transaction only."""
    page = HARDENING.read_text("utf-8")
    (grants,) = re.findall(r"<!-- grants -->\n```sql\n(.+?)```", page, flags=re.DOTALL)
    run("CREATE ROLE huiyin_app NOLOGIN")
    run(grants)
    run("SET LOCAL ROLE huiyin_app")
    try:
        yield
    finally:
        with suppress(DatabaseError):
            run("RESET ROLE")


@on_postgresql
@pytest.mark.usefixtures("_rows")
def test_the_account_of_the_documentation_can_work_and_cannot_take_the_guard_away() -> None:
    assert guard.account_could_take_it_away()
    with as_the_program():
        assert guard.account_could_take_it_away() == ""
        assert next(verify._trail())[0] == "ok"
        for sql in (
            *CHANGES,
            *OF_POSTGRESQL,
            f"ALTER TABLE {TRAIL} DISABLE TRIGGER ALL",
            f"DROP TRIGGER audit_row ON {TRAIL}",
            f"DROP TABLE {TRAIL}",
            f"ALTER TABLE {TRAIL} RENAME TO gone",
            "CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "DROP FUNCTION audit_guard() CASCADE",
            "SET session_replication_role = replica",
            f"UPDATE {TRAIL} SET by_ref = 'eve'",
        ):
            assert refused(sql), sql
        assert given.received(given.a_message()).case is not None
        assert sum(iter(audit.seal, 0)) >= 1
        assert audit.sweep(at=given.MONDAY_9 + given.days(185)) >= 4
        assert not audit.broken_links()


@on_postgresql
@pytest.mark.usefixtures("_rows")
def test_a_temporary_table_of_the_same_name_announces_nothing() -> None:
    sum(iter(audit.seal, 0))
    run(f"CREATE TEMP TABLE {TRAIL} (LIKE public.{TRAIL})")
    run(
        f"INSERT INTO pg_temp.{TRAIL} SELECT id, 'audit.swept', at + interval '999 days', by_kind, by_ref, object, "
        f"fields, '9999:a:b', result, network, seal_seq, seal FROM public.{TRAIL}"
    )
    assert refused(f"DELETE FROM public.{TRAIL} WHERE seal_seq <= 2")
    run(f"DROP TABLE pg_temp.{TRAIL}")
