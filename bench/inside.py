"""The intake path inside one process, without HTTP and worker: what it costs, statement by statement.

`python -m bench.inside [--profile]`, with HUIYIN_DATA_DIR set to an installation; prints JSON, or what costs most.
"""

import cProfile
import itertools
import json
import os
import pstats
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
django.setup()

from django.db import connection  # noqa: E402 models exist only after setup

from bench.messages import a_message  # noqa: E402
from huiyin.base import clock  # noqa: E402
from huiyin.base.outbox import worker  # noqa: E402
from huiyin.channels.inbound import Inbound  # noqa: E402
from huiyin.customers.recognise import Sender  # noqa: E402
from huiyin.intake.accept import accept  # noqa: E402

GROUP, GROUPS = 8, 50


class Statements:
    """Counts what is sent to the database, by its first words."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.replace('"', "").split()
        table = next((b for a, b in itertools.pairwise(words) if a in ("INTO", "FROM", "UPDATE")), "")
        self.count[f"{words[0]} {table}"] += 1
        return execute(sql, params, many, context)


def measured(work: Callable[[], object], cases: int) -> dict[str, Any]:
    """Return CPU ms and statements a case of `work`, which takes in or works off this many cases."""
    counting = Statements()
    began = time.process_time()
    with connection.execute_wrapper(counting):
        work()
    cpu_ms = (time.process_time() - began) * 1000
    by_kind = {kind: round(n / cases, 2) for kind, n in counting.count.most_common()}
    total = round(counting.count.total() / cases, 1)
    return {"cpu_ms_per_case": round(cpu_ms / cases, 2), "statements_per_case": total, "by_kind": by_kind}


def take_in(name: str, groups: int = GROUPS, size: int = GROUP) -> None:
    chance = random.Random(name)
    for n in range(groups):
        accept([inbound(a_message(f"{name}-{n}-{i}", chance)) for i in range(size)], at=clock.now())


def inbound(body: dict[str, Any]) -> Inbound:
    return Inbound(
        channel=body["channel"],
        external_id=body["external_id"],
        sender=Sender(**body["sender"]),
        text=body["text"],
        meta=body["meta"],
    )


def main() -> int:
    take_in("warm", 2)
    worker.drain(clock.now)
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.runcall(take_in, "profile")
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        pstats.Stats(profile).sort_stats("cumulative").print_stats("huiyin", 60)
        return 0
    print("warm", flush=True)
    sys.stdin.readline()
    cases = GROUP * GROUPS
    grouped = measured(lambda: take_in("grouped"), cases)
    print(json.dumps({"grouped": grouped, "cases": cases}), flush=True)
    sys.stdin.readline()  # the rows of these cases are read now, before others change them
    single = measured(lambda: take_in("single", GROUPS, 1), GROUPS)
    reactions = measured(lambda: worker.drain(clock.now), cases + GROUPS)
    print(json.dumps({"single": single, "reactions": reactions}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
