"""huiyin verify and huiyin doctor: what is stored, and what surrounds it."""

import argparse
import os
import pwd
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import DatabaseError, connection

import huiyin
from huiyin.base import audit, clock, guard, scanner
from huiyin.base.config import OFF, OPEN, STAFF
from huiyin.base.models import Task
from huiyin.base.verify import INVARIANTS
from huiyin.channels import endpoints
from huiyin.channels.models import Endpoint
from huiyin.intake.models import InboxItem
from huiyin.rules import book
from huiyin.staff import teams
from huiyin.staff.models import Team

Finding = tuple[str, str, str]
CODE = (Path(huiyin.__file__).parent, Path(huiyin.__file__), Path(django.__file__).parent, Path(sys.prefix))


def add_to(commands: Any) -> None:
    verify = commands.add_parser("verify", help="check the invariants of what is stored")
    verify.add_argument(
        "--audit-head", metavar="PLACE:SEAL", help="a head of the audit trail that was noted earlier"
    )
    verify.set_defaults(run=_verify)
    doctor = commands.add_parser(
        "doctor", help="check settings, database, queues, disk and clock, with a remedy each"
    )
    doctor.set_defaults(run=_doctor)


def _verify(arguments: argparse.Namespace) -> int:
    broken = 0
    for invariant in INVARIANTS:
        lines = list(invariant.check())
        broken += len(lines)
        print(f"{'ok    ' if not lines else 'BROKEN'} {invariant.rule}")
        for line in lines[:20]:
            print(f"         {line}")
        if len(lines) > 20:
            print(f"         and {len(lines) - 20} more")
    if arguments.audit_head and (wrong := audit.cut_off(arguments.audit_head)):
        broken += 1
        print(f"BROKEN the audit trail goes on from the head that was noted\n         {wrong}")
    print(
        f"       {audit.unsealed()} audit rows are not sealed yet; head of the trail: {audit.head() or 'none'}"
    )
    return 1 if broken else 0


def _doctor(arguments: argparse.Namespace) -> int:
    found = list(_findings())
    for state, text, remedy in found:
        print(f"{state:5} {text}" + (f"\n      → {remedy}" if remedy else ""))
    return 1 if any(state == "FAIL" for state, _, _ in found) else 0


def _findings() -> Iterator[Finding]:
    yield from _settings()
    yield from _api_docs()
    yield from _scanner()
    yield from _code()
    yield from _disk()
    try:
        yield from _database()
        yield from _trail()
        yield from _queues()
        yield from _rules()
    except DatabaseError as error:
        line = str(error).splitlines()[0]
        yield "FAIL", f"the database answers: {line}", "check HUIYIN_DATABASE_URL, then run: huiyin setup"


def _settings() -> Iterator[Finding]:
    config = settings.HUIYIN
    yield "ok", f"data in {config.data_dir}, public address {config.public_url}", ""
    if config.public_url.startswith("http://") and not config.public_url.startswith(
        ("http://127.", "http://localhost")
    ):
        yield (
            "warn",
            "customers are served without encryption",
            "put a proxy with TLS in front, set HUIYIN_PUBLIC_URL",
        )
    if not os.access(config.data_dir, os.W_OK):
        yield "FAIL", f"{config.data_dir} cannot be written", "give the folder to the user that runs Huiyin"


def _api_docs() -> Iterator[Finding]:
    who = {
        OPEN: ("everybody reads the API's document", "to close it: HUIYIN_API_DOCS=staff, or off"),
        STAFF: ("who is signed in or has a token reads the API's document", ""),
        OFF: ("nobody reads the API's document (HUIYIN_API_DOCS=off)", ""),
    }
    yield "ok", *who[settings.HUIYIN.api_docs]


def _scanner() -> Iterator[Finding]:
    if not scanner.is_there():
        yield "ok", "no virus scanner looks at files that come in (HUIYIN_SCANNER)", ""
        return
    try:
        scanner.greet()
    except scanner.Away as error:
        remedy = "start clamd, or mend HUIYIN_SCANNER; until then files are refused and words are kept"
        yield "FAIL", f"the virus scanner gives no answer: {error}", remedy
    else:
        yield "ok", "the virus scanner answers", ""


def _code() -> Iterator[Finding]:
    account = pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() else "root"
    writable = [place for place in CODE if os.access(place, os.W_OK)]
    remedy = "give the code to root, run the service as another account: docs/administrators/hardening.md"
    if os.geteuid() == 0:
        yield "warn", "Huiyin runs as root: whoever gets into it has the whole machine", remedy
    elif writable:
        yield "warn", f"the account {account} may change the code it runs ({writable[0]})", remedy
    else:
        yield "ok", f"the account {account} cannot change the code it runs", ""


def _disk() -> Iterator[Finding]:
    usage = shutil.disk_usage(settings.HUIYIN.data_dir)
    share = usage.free / usage.total
    state = "ok" if share > 0.1 else "warn" if share > 0.02 else "FAIL"
    yield state, f"disk {share:.0%} free", "" if share > 0.1 else "free space, or move HUIYIN_DATA_DIR"


def _database() -> Iterator[Finding]:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            synchronous = cursor.fetchone()[0]
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            durable = synchronous == 2 and journal == "wal"
            yield (
                ("ok" if durable else "FAIL"),
                f"SQLite, journal {journal}, synchronous {synchronous}",
                ""
                if durable
                else ("the file was opened by another program in another mode; close it and start again"),
            )
        else:
            cursor.execute(
                "SELECT current_setting('fsync'), current_setting('synchronous_commit'), clock_timestamp()"
            )
            fsync, commit, moment = cursor.fetchone()
            durable = fsync == "on" and commit != "off"
            yield (
                ("ok" if durable else "warn"),
                f"PostgreSQL, fsync {fsync}, synchronous_commit {commit}",
                "" if durable else ("switch both on, or answered requests can be lost at a power cut"),
            )
            skew = abs((moment - clock.now()).total_seconds())
            yield (
                ("ok" if skew < 2 else "warn"),
                f"clock differs from the database by {skew:.1f} s",
                "" if skew < 2 else "run NTP",
            )
    yield "ok", f"database answers in {(time.perf_counter() - started) * 1000:.1f} ms", ""


def _trail() -> Iterator[Finding]:
    if missing := guard.missing():
        remedy = "find out who took it away; huiyin setup puts it up again"
        yield "FAIL", f"the database would let the audit trail be changed ({', '.join(missing)})", remedy
    elif account := guard.account_could_take_it_away():
        remedy = "run Huiyin with an account of its own: docs/administrators/hardening.md"
        yield "warn", f"the database account {account} owns the audit trail and could change it", remedy
    else:
        yield "ok", "the database refuses changes of the audit trail", ""


def _queues() -> Iterator[Finding]:
    dead = Task.objects.filter(state=Task.DEAD).count()
    yield (
        ("warn" if dead else "ok"),
        f"{dead} dead tasks",
        "read their errors: huiyin doctor shows the newest below" if dead else "",
    )
    for task in Task.objects.filter(state=Task.DEAD).order_by("-ended_at")[:3]:
        yield (
            "warn",
            f"{task.function}: {task.error.splitlines()[0][:120]}",
            "mend the cause; the case stays as it is",
        )
    for endpoint in Endpoint.objects.filter(disabled_why=endpoints.LOOP):
        yield (
            "warn",
            f"the webhook {endpoint.uuid} was disabled: what it was told came back as changes",
            "mend the program behind it, then enable the webhook again",
        )
    late = Task.objects.filter(state=Task.READY, run_at__lt=clock.now()).count()
    yield (
        ("warn" if late > 100 else "ok"),
        f"{late} tasks wait",
        "is a worker running? start: huiyin worker" if late > 100 else "",
    )
    kept = InboxItem.objects.filter(state=InboxItem.QUARANTINED).count()
    yield (
        ("warn" if kept else "ok"),
        f"{kept} messages in quarantine",
        "somebody should read them" if kept else "",
    )


def _rules() -> Iterator[Finding]:
    compiled = book.current()
    if not compiled.categories:
        yield "FAIL", "no categories are installed", "run: huiyin setup"
    default = Team.objects.filter(is_default=True).count()
    if default != 1:
        yield "FAIL", f"{default} teams are marked as the default one", "mark exactly one; messages need it"
    yield from _unserved(compiled)
    year = clock.now().year
    for near in (year, year + 1):
        status = compiled.holidays.status(near)
        if status != "official":
            remedy = (
                "add the announced days when they are published; until then due times there are provisional"
            )
            yield "warn", f"the public holidays of {near} are {status}", remedy


def _unserved(compiled: book.Book) -> Iterator[Finding]:
    """What the rules give to a team or a function that no team in use answers to."""
    known = teams.by_name()
    categories: dict[str, list[str]] = {}
    for code, category in sorted(compiled.categories.items()):
        if category.team and category.team not in known:
            categories.setdefault(category.team, []).append(code)
    default = next((team.code for team in known.values() if team.is_default), "none")
    for name, codes in sorted(categories.items()):
        yield (
            "warn",
            f"no team serves {name}: cases of {', '.join(codes)} go to the default team ({default})",
            f"desk, Sites and teams: write {name} among the functions of the team that serves it",
        )
    if compiled.categories and not categories:
        yield "ok", "every category goes to a team that is there", ""
