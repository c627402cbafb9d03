"""Time is an argument: only entry points read the clock and hand the moment down as `at`."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch

from scripts.check_source import Finding, Source, dotted

# What starts work: a request, a command, a due task, a schedule, a live stream.
ENTRY_POINTS = (
    "huiyin/desk/*",
    "huiyin/portal/*",
    "huiyin/api/*",
    "huiyin/commands/*",
    "huiyin/serving/*",
    "huiyin/heavy/*",
    "huiyin/*/web.py",
    "huiyin/automation/worker.py",
    "huiyin/automation/schedule.py",
    "huiyin/automation/tasks.py",
    "huiyin/automation/tasks/*",
    "huiyin/base/health.py",
    "huiyin/base/outbox/worker.py",
    "huiyin/base/live.py",
    "huiyin/base/live/*",
)
HOME = "huiyin/base/clock.py"
OURS = {"clock.now"}
OTHERS = {
    "timezone.now",
    "timezone.localtime",
    "timezone.localdate",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "functions.Now",
}
AUTOMATIC = {"auto_now", "auto_now_add"}


def clock_reads(source: Source) -> Iterator[Finding]:
    """Find reads of the clock: `clock.now` outside entry points, any other clock outside base.clock.

    A monotonic clock measures how long something takes and may stand anywhere but in the engines.
    """
    if source.path == HOME:
        return
    is_entry = any(fnmatch(source.path, pattern) for pattern in ENTRY_POINTS)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and node.arg in AUTOMATIC:
            yield source.finding(node, f"{node.arg} reads the clock in save(): pass `at`")
        if not isinstance(node, ast.Attribute):
            continue
        name = ".".join(dotted(node).split(".")[-2:])
        if name in OTHERS and not takes_a_value(source, node):
            yield source.finding(
                node, f"{name} reads a clock of its own: take `at`, or base.clock.now() where work starts"
            )
        elif name in OURS and not is_entry:
            yield source.finding(node, "reads the clock below the entry points: take `at`")
        elif source.package == "engines" and name in ("time.monotonic", "time.perf_counter"):
            yield source.finding(node, "an engine has no clock")


def takes_a_value(source: Source, node: ast.Attribute) -> bool:
    """Tell whether `timezone.localtime(at)` converts a given moment instead of reading the clock."""
    call = source.parents.get(node)
    return node.attr in ("localtime", "localdate") and isinstance(call, ast.Call) and bool(call.args)
