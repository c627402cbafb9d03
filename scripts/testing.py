"""The whole test run: lint, every test on SQLite, the domain's tests on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from scripts import environment, linting, postgres, prepared, system
from scripts.environment import PYTHON
from scripts.steps import ROOT

WORKERS = str(max(2, min(4, os.cpu_count() or 2)))
ON_SQLITE = "not slow"
# A change is judged by the same chances as the one before it; `make faults` and pytest alone roll new ones.
SEED = "20261122"
SEEDS = {"HUIYIN_WALK_SEED": SEED, "HUIYIN_FAULT_SEED": SEED}
ON_POSTGRESQL = "not slow and not once and not browser and not faults"


def everything() -> int:
    """Run all parts, also after one has failed; return 1 when any failed.

    What the earlier parts gave is shown by the last one just above pytest's closing lines.
    """
    with prepared_for_tests() as settings:
        results: list[str] = []
        failed = 0
        began = time.monotonic()
        wrong = linting.checks_that_fail(settings)
        failed += bool(wrong)
        results.append(outcome("lint", began, f"FAILED: {', '.join(wrong)}" if wrong else "passed"))
        began = time.monotonic()
        settings = {**settings, **SEEDS}
        code = pytest("SQLite", ON_SQLITE, settings, f"--hypothesis-seed={SEED}")
        failed += bool(code)
        results.append(outcome("tests on SQLite", began, verdict(code)))
        settings = {
            **settings,
            "HUIYIN_DATABASE_URL": settings["HUIYIN_TEST_DATABASE_URL"],
            "HUIYIN_EARLIER_PARTS": "\n".join(results),
        }
        failed += bool(pytest("PostgreSQL", ON_POSTGRESQL, settings, f"--hypothesis-seed={SEED}"))
    return 1 if failed else 0


def faults() -> int:
    """Run every fault test, the slow ones too."""
    with prepared_for_tests() as settings:
        return pytest("faults", "faults", settings, workers="0")


@contextmanager
def prepared_for_tests() -> Iterator[dict[str, str]]:
    """Install what is missing and give the environment of a test run, with a database server in it."""
    system.install_missing()
    environment.prepare("test")
    prepared.translations()
    prepared.bytecode()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    with tempfile.TemporaryDirectory(prefix="huiyin-test-") as folder, postgres.running() as url:
        yield {**inherited, "HUIYIN_DATA_DIR": folder, "HUIYIN_TEST_DATABASE_URL": url}


def pytest(title: str, marks: str, settings: Mapping[str, str], *more: str, workers: str = WORKERS) -> int:
    """Run the tests that `marks` chooses; no test at all is a failure (pytest's exit 5)."""
    print(f"\n{title}: tests that are {marks}", flush=True)
    command = [str(PYTHON), "-m", "pytest", "-n", workers, "-m", marks, *more]
    return subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode


def outcome(part: str, began: float, result: str) -> str:
    return f"{part}: {result}, {time.monotonic() - began:.0f} s"


def verdict(code: int) -> str:
    return {0: "passed", 5: "FAILED: no test was found"}.get(code, f"FAILED (exit {code})")
