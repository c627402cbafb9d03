"""huiyin setup: database, pack, static files, the first administrator. A second run changes nothing."""

import hashlib
import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import huiyin
from huiyin.base import clock, guard
from huiyin.base.actor import OPERATOR
from huiyin.commands.say import Complaint
from huiyin.packs import install, pack
from huiyin.staff import people
from huiyin.staff.models import Staff

FIRST_ADMIN = "admin"


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        "setup", help="migrate, install the general pack, collect static files; idempotent"
    )
    command.set_defaults(run=lambda arguments: set_up())


def set_up() -> None:
    """Bring the installation up to this version, saying each step; what is done already is skipped in silence."""
    settings.HUIYIN.data_dir.mkdir(parents=True, exist_ok=True)
    _migrate()
    _collect_static()
    _install_pack()
    _first_admin()


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        print(f"Database: applying {len(plan)} migrations", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    if missing := guard.missing():
        print(
            f"Audit trail: its guard in the database was gone ({', '.join(missing)}) and is up again",
            flush=True,
        )
        guard.put_up()


def _collect_static() -> None:
    root = Path(huiyin.__file__).parent
    sources = sorted(p for p in root.glob("*/static/**/*") if p.is_file())
    told = [f"{p.relative_to(root)}:{p.stat().st_size}:{p.stat().st_mtime_ns}" for p in sources]
    content = hashlib.sha256("\n".join(told).encode()).hexdigest()
    stamp = settings.STATIC_ROOT / ".collected"
    if not stamp.is_file() or stamp.read_text() != content:
        print("Static files: collecting", flush=True)
        call_command("collectstatic", verbosity=0, interactive=False, stdout=io.StringIO())
        stamp.write_text(content)


def _install_pack() -> None:
    try:
        merged = install.install(install.SHIPPED / "general", by=OPERATOR, at=clock.now())
    except pack.PackRefused as error:
        raise Complaint(f"the general pack is refused: {error.lines[0]}") from None
    created, kept = sum(len(m.created) for m in merged), [line for m in merged for line in m.kept]
    if created:
        print(f"Pack general: {created} rows", flush=True)
    for line in kept:
        print(f"Pack general: kept your edit of {line}", flush=True)


def _first_admin() -> None:
    if Staff.objects.filter(kind="person").exists():
        return
    at = clock.now()
    staff, password = people.join(
        FIRST_ADMIN,
        "管理员" if settings.HUIYIN.language == "zh-hans" else "Administrator",
        role="administrator",
        team=None,
        by=OPERATOR,
        at=at,
        language=settings.HUIYIN.language,
    )
    people.grant(staff, role="manager", team="service", by=OPERATOR, at=at)
    print(
        f"\nFirst administrator: employee number {staff.number}, one-time password {password}\n"
        f"It is good for {settings.HUIYIN.first_password_hours} hours; later: huiyin admin reset {staff.number}\n",
        flush=True,
    )
