"""The clock of promises: a flood in one second, lateness, and the cost of many open ones, with a real worker.

`python -m bench.promises [--flood N] [--open N] [sqlite] [postgresql]`
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from bench.intake import _server


def main(arguments: list[str]) -> int:
    """Measure the named databases, or both; the last line holds all figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.promises")
    parser.add_argument("--flood", type=int, default=50_000, help="promises due in one second")
    parser.add_argument("--open", type=int, default=100_000, help="open promises while nothing is due")
    parser.add_argument("databases", nargs="*", default=[], help="sqlite, postgresql; both when left out")
    given = parser.parse_args(arguments)
    figures = {}
    for name in given.databases or ["sqlite", "postgresql"]:
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="huiyin-bench-"))
            url = stack.enter_context(_server()) if name == "postgresql" else ""
            settings = {**os.environ, "HUIYIN_DATA_DIR": folder, "HUIYIN_DATABASE_URL": url}
            command = [sys.executable, "-m", "bench.promises_inside", str(given.flood), str(given.open)]
            done = subprocess.run(command, env=settings, check=True, stdout=subprocess.PIPE, text=True)
            figures[name] = json.loads(done.stdout.splitlines()[-1])
            print(name, json.dumps(figures[name]), flush=True)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
