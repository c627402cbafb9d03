"""What `make` calls: prepare the checkout, then run, test, lint or measure.

Standard library only, and no syntax newer than Python 3.8, so that an old Python is told what to
do instead of failing to read this file.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from scripts import environment, linting, prepared, testing
from scripts.environment import PYTHON
from scripts.steps import ROOT, StepError

DEFAULT_PORT = 8000


def main(arguments: list[str]) -> int:
    """Carry out one command; print the cause and the remedy and return 1 when it cannot be done."""
    commands = {
        "run": run,
        "setup": setup,
        "test": testing.everything,
        "lint": linting.alone,
        "messages": messages,
        "faults": testing.faults,
        "bench": bench,
    }
    if len(arguments) != 1 or arguments[0] not in commands:
        print(f"usage: python3 -m scripts.bootstrap {' | '.join(commands)}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, stop)
    try:
        return commands[arguments[0]]()
    except StepError as failure:
        print(f"make {arguments[0]}: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        remedy = "Check its owner, its permissions and the space on the disk."
        print(f"make {arguments[0]}: {error.strerror}: {error.filename}. {remedy}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nmake {arguments[0]}: stopped.", file=sys.stderr)
        return 130


def run() -> int:
    """Set up what is missing, then become the server."""
    if os.environ.get("DEMO") == "1":
        raise StepError("The demo organisation is not built yet", remedy="Start without it: make run.")
    settings = run_settings()
    setup()
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), "-m", "huiyin", "up", "--setup"], settings)


def setup() -> int:
    """Prepare the environment, the translations and the bytecode; a second call does nothing."""
    environment.prepare("base")
    prepared.translations()
    prepared.bytecode()
    return 0


def messages() -> int:
    environment.prepare("base")
    return prepared.extract_translations()


def bench() -> int:
    if not (ROOT / "bench" / "__main__.py").is_file():
        raise StepError("There is no bench/__main__.py yet", remedy="Nothing to measure.")
    environment.prepare("test")
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "bench"])


def run_settings() -> dict[str, str]:
    """Return the environment for the server: PORT and DATA, where given, win over HUIYIN_* settings."""
    settings = dict(os.environ)
    port = settings.get("PORT", "")
    if port and not (port.isdecimal() and 0 < int(port) < 65536):
        raise StepError(
            f"PORT={port} is no port number", remedy="Use a number from 1 to 65535: make run PORT=8123."
        )
    if port:
        settings["HUIYIN_LISTEN"] = f"127.0.0.1:{port}"
    if port or not ("HUIYIN_LISTEN" in settings or (ROOT / "huiyin.toml").exists()):
        check_free(int(port or DEFAULT_PORT))
    folder = settings.get("DATA", "") or ("var/demo" if settings.get("DEMO") == "1" else "")
    if folder:
        settings["HUIYIN_DATA_DIR"] = str((ROOT / Path(folder).expanduser()).resolve())
    return settings


def check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StepError(
                f"Port {port} cannot be used ({error.strerror})",
                remedy="Stop the program that uses it, or take another: make run PORT=8123.",
            ) from error


def stop(signum: int, frame: FrameType | None) -> NoReturn:
    """Leave through the `finally` blocks, so that nothing temporary stays behind."""
    sys.exit(128 + signum)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
