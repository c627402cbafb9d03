"""What `bench.promises` measures, inside one process with a real worker, on the installation that the settings name."""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 models exist only after setup
from django.db import connection  # noqa: E402

from huiyin.automation import worker  # noqa: E402
from huiyin.base import clock, tx  # noqa: E402
from huiyin.base.actor import OPERATOR  # noqa: E402
from huiyin.base.models import Task  # noqa: E402
from huiyin.cases import indexing  # noqa: E402
from huiyin.cases.models import Case, Entry, Promise  # noqa: E402
from huiyin.notices.models import Notice  # noqa: E402
from huiyin.packs import install  # noqa: E402
from huiyin.staff import people  # noqa: E402
from huiyin.staff.models import Site, Staff, Team  # noqa: E402

PEOPLE = 50
CHUNK = 2000
IDLE_S = 20.0
LATE_ONES = 200
GIVE_UP_S = 300.0


def measure(flood: int, resting: int) -> dict[str, Any]:
    """Return the figures; times in seconds, CPU as a share of one core."""
    call_command("migrate", verbosity=0)
    install.install(install.SHIPPED / "general", by=OPERATOR, at=clock.now())
    clock.follow_database()
    staff = make_staff()
    open_cases(resting, staff, first=0, due=clock.now() + timedelta(days=3), spread_s=3600)
    figures = {"open": resting, "idle_cpu": _idle(), **_lateness(staff, resting)}
    open_cases(flood, staff, first=resting + LATE_ONES, due=clock.now(), spread_s=1)
    return {**figures, "flood": flood, **_flood()}


def make_staff() -> list[Staff]:
    team = Team.objects.get(code="service")
    found = [
        people.join(f"b{n:03}", f"b{n}", role="agent", team="service", by=OPERATOR, at=clock.now())[0]
        for n in range(PEOPLE)
    ]
    team.lead, _ = people.join("lead", "lead", role="lead", team="service", by=OPERATOR, at=clock.now())
    team.save()
    return found


def open_cases(count: int, staff: list[Staff], *, first: int, due: datetime, spread_s: float) -> None:
    """Store cases with one running promise each, due within `spread_s` seconds from `due` on."""
    site, team, at = Site.objects.get(code="main"), Team.objects.get(code="service"), clock.now()
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        cases = [
            Case(
                number=f"990101-{first + n + 1:06}",
                site=site,
                team=team,
                channel="api",
                channel_kind="api",
                category="hardware_fault",
                priority="normal",
                priority_rank=1,
                handler=staff[n % PEOPLE],
                title="无法开机",
                language="zh-hans",
                entry_seq=1,
                next_due=due + timedelta(seconds=spread_s * n / count),
                opened_at=at,
                status="open",
            )
            for n in numbers
        ]
        with tx.write():
            Case.objects.bulk_create(cases)
            Entry.objects.bulk_create(
                [
                    Entry(case=c, seq=1, kind="case.accepted", audience="customer", by_kind="system", at=at)
                    for c in cases
                ]
            )
            Promise.objects.bulk_create(
                [
                    _promise(c, due + timedelta(seconds=spread_s * n / count))
                    for c, n in zip(cases, numbers, strict=True)
                ]
            )


def _promise(case: Case, due: datetime) -> Promise:
    return Promise(
        case=case,
        kind="resolution",
        policy="",
        debtor_id=case.handler_id,
        calendar="always",
        started_at=case.opened_at,
        due_at=due,
        first_due=due,
        next_at=due,
    )


@contextmanager
def _working() -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _idle() -> float:
    while indexing.index_some(at=clock.now()):
        pass  # what was stored a moment ago is no idle load
    with _working():
        time.sleep(3)
        began = time.process_time()
        time.sleep(IDLE_S)
        return round((time.process_time() - began) / IDLE_S, 4)


def _lateness(staff: list[Staff], first: int) -> dict[str, float]:
    with _working():
        time.sleep(2)
        open_cases(LATE_ONES, staff, first=first, due=clock.now() + timedelta(seconds=2), spread_s=10)
        time.sleep(14)
    due = dict(Promise.objects.filter(state="broken").values_list("case_id", "due_at"))
    told = Entry.objects.filter(kind="promise.broken", case_id__in=due).values_list("case_id", "at")
    late = sorted((at - due[case]).total_seconds() for case, at in told)
    return {
        "acted": len(late),
        "late_p50_s": round(late[len(late) // 2], 3),
        "late_p99_s": round(late[int(len(late) * 0.99)], 3),
        "late_max_s": round(late[-1], 3),
    }


def _flood() -> dict[str, Any]:
    due = Promise.objects.filter(next_at__lte=clock.now() + timedelta(seconds=1))
    unfinished = Task.objects.exclude(state__in=("done", "dead"))
    began, cpu, acted_s = time.monotonic(), time.process_time(), 0.0
    with _working():
        while time.monotonic() - began < GIVE_UP_S:
            time.sleep(0.5)
            if not acted_s and not due.exists():
                acted_s = time.monotonic() - began
            if acted_s and not unfinished.exists():
                break
        finished_s = time.monotonic() - began
    digests = Notice.objects.filter(kind="promises.digest").values_list("staff_id", flat=True)
    return {
        "acted_s": round(acted_s, 1),
        "with_tasks_s": round(finished_s, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
        "broken": Promise.objects.filter(state="broken").count(),
        "told": len(digests),
        "most_digests_a_person": max((list(digests).count(one) for one in set(digests)), default=0),
        "single_notices": Notice.objects.exclude(kind="promises.digest").count(),
        "dead_tasks": Task.objects.filter(state="dead").count(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
    connection.close()
