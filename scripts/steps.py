"""How a step is shown: what it does, how long it took, and what to do when it fails."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class StepError(Exception):
    """A step cannot be done. `str()` is one line: the cause, then the remedy."""

    def __init__(self, cause: str, *, remedy: str) -> None:
        super().__init__(f"{cause}. {remedy}")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print `title`, then the seconds that the block took, also when it fails."""
    print(f"{title} … ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(f"failed after {time.monotonic() - began:.1f} s", flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def quiet(
    command: Sequence[str | Path], *, failing: str, remedy: str, env: Mapping[str, str] | None = None
) -> str:
    """Run `command` in the checkout and return what it printed.

    The output is shown only when the command fails, before `StepError(failing, remedy)` is raised.
    """
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as error:
        raise StepError(f"{failing}: {error}", remedy=remedy) from error
    if done.returncode:
        sys.stdout.write(f"\n{done.stdout}\n")
        raise StepError(f"{failing} (exit {done.returncode})", remedy=remedy)
    return done.stdout
