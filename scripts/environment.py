"""The virtual environment in `.venv`: made once, kept equal to a lock file.

A stamp inside `.venv` remembers which lock it holds, so that a second start does nothing here.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from scripts.steps import ROOT, StepError, quiet, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
OLDEST = (3, 11)
AGAIN = "Check the network and pip's index settings, then run the same command again."


def prepare(lock: str) -> None:
    """Make `.venv` hold exactly what requirements/<lock>.txt names; harmless when it already does.

    An environment with the test tools keeps them, so that `make run` between two `make test` takes
    nothing away: test.txt contains base.txt. Raises StepError.
    """
    check_python()
    if is_stamped(lock):
        return
    if not is_usable():
        with step("Create the virtual environment .venv"):
            create()
    if (VENV / "bin" / "pytest").exists():
        lock = "test"
    lock_file = ROOT / "requirements" / f"{lock}.txt"
    packages = sum("==" in line for line in lock_file.read_text().splitlines())
    for held in STAMPS.glob("*"):
        held.unlink()
    with step(f"Install {packages} locked packages"):
        install(lock_file)
    STAMPS.mkdir(exist_ok=True)
    for held_lock in ("base", lock):
        stamp(held_lock).write_text(fingerprint(held_lock))


def check_python() -> None:
    """Raise StepError when this Python is too old or cannot make virtual environments."""
    if sys.version_info < OLDEST:
        raise StepError(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} is too old",
            remedy="Install Python 3.11 or newer, or name one: make run PYTHON=python3.12.",
        )
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise StepError(
            "This Python has no venv module",
            remedy="On Debian or Ubuntu: apt-get install python3-venv; then run the same command again.",
        )


def is_stamped(lock: str) -> bool:
    """Tell whether `.venv` holds this lock and its Python is still the one it was installed for."""
    return PYTHON.exists() and stamp(lock).is_file() and stamp(lock).read_text() == fingerprint(lock)


def is_usable() -> bool:
    """Tell whether `.venv` is whole: a stopped set-up or an upgraded Python leaves one that is not."""
    asking = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([PYTHON, "-c", asking], stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def create() -> None:
    quiet(
        [sys.executable, "-m", "venv", "--clear", VENV],
        failing="The virtual environment could not be created",
        remedy="On Debian or Ubuntu: apt-get install python3-venv; check that the disk is not full.",
    )


def install(lock_file: Path) -> None:
    """Install with uv; with pip where uv has no build or fails (a mirror that only pip knows)."""
    if not (has_uv() and sync(lock_file)):
        pip_install(lock_file)


def has_uv() -> bool:
    uv_lock = ROOT / "requirements" / "uv.txt"
    pinned = uv_lock.read_text().split()[0].replace("==", "-")
    if any(VENV.glob(f"lib/python3.*/site-packages/{pinned}.dist-info")):
        return True
    try:
        pip_install(uv_lock)
    except StepError:
        print("no uv here, pip takes its place … ", end="", flush=True)
        return False
    return True


def sync(lock_file: Path) -> bool:
    command: list[str | Path] = [
        VENV / "bin" / "uv",
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        # As pip does; otherwise each start compiles them anew where Python is told to keep no bytecode.
        "--compile-bytecode",
        "--python",
        PYTHON,
        lock_file,
    ]
    done = subprocess.run(command, env=uv_settings(), stderr=subprocess.DEVNULL, check=False)
    if done.returncode:
        print("uv failed, pip takes its place … ", end="", flush=True)
    return done.returncode == 0


def uv_settings() -> dict[str, str]:
    """Return the environment for uv with pip's package index in it: uv does not read pip's settings."""
    settings = dict(os.environ)
    if "UV_DEFAULT_INDEX" in settings or "UV_INDEX_URL" in settings:
        return settings
    pip_settings = quiet(
        [PYTHON, "-m", "pip", "config", "list"], failing="pip cannot read its settings", remedy=AGAIN
    )
    for line in pip_settings.splitlines():
        name, _, value = line.partition("=")
        if name.endswith(".index-url"):
            settings["UV_DEFAULT_INDEX"] = value.strip("'\"")
    return settings


def pip_install(lock_file: Path) -> None:
    quiet(
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            lock_file,
        ],
        failing=f"The packages of requirements/{lock_file.name} could not be installed",
        remedy=AGAIN,
    )


def stamp(lock: str) -> Path:
    return STAMPS / lock


def fingerprint(lock: str) -> str:
    content = hashlib.sha256((ROOT / "requirements" / f"{lock}.txt").read_bytes()).hexdigest()
    return f"{content} {PYTHON.resolve()}"
