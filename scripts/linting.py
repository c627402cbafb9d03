"""Everything that reads the code without running it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from scripts import environment
from scripts.environment import PYTHON, VENV
from scripts.steps import ROOT, StepError


def alone() -> int:
    """Prepare the test environment and run every check."""
    environment.prepare("test")
    with tempfile.TemporaryDirectory(prefix="huiyin-lint-") as folder:
        failed = checks_that_fail({**os.environ, "HUIYIN_DATA_DIR": folder})
    if failed:
        raise StepError(f"Failed: {', '.join(failed)}", remedy="Each says above what to change.")
    return 0


def checks_that_fail(settings: Mapping[str, str]) -> list[str]:
    """Run every check, print the output of those that fail, and return their names."""
    failed = []
    for name, command in checks().items():
        print(f"{name} … ", end="", flush=True)
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"{'FAILED' if done.returncode else 'ok'} {time.monotonic() - began:.1f} s", flush=True)
        if done.returncode:
            print(done.stdout, flush=True)
            failed.append(name)
    return failed


def checks() -> dict[str, list[str | Path]]:
    tools = VENV / "bin"
    found: dict[str, list[str | Path]] = {
        "style (ruff check)": [tools / "ruff", "check", "."],
        "format (ruff format)": [tools / "ruff", "format", "--check", "."],
        "types (mypy)": [tools / "mypy"],
        "layers (import-linter)": [tools / "lint-imports", "--config", ".importlinter"],
        "translations": [PYTHON, "-m", "scripts.messages", "check"],
    }
    if any((ROOT / "huiyin").glob("**/templates/**/*.html")):
        found["templates (djlint)"] = [tools / "djlint", "--lint", "--quiet", "huiyin"]
    return found
