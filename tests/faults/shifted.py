"""`python -m tests.faults.shifted FILE up` is `huiyin up` with another wall clock: the seconds in FILE are added.

It changes the one place that reads the clock, `base.clock`; monotonic time goes on as ever. A preloaded library such
as libfaketime would reach further, but in its presence the sleeping of Python's threads fails.
"""

import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace

from huiyin.base import clock
from huiyin.commands.main import main


def shift(file: Path) -> None:
    """Let every later look at the clock add what stands in the file at that moment."""

    def now(zone: tzinfo | None = None) -> datetime:
        return datetime.now(zone) + timedelta(seconds=int(file.read_text()))

    vars(clock)["datetime"] = SimpleNamespace(now=now)


if __name__ == "__main__":
    shift(Path(sys.argv[1]))
    main(sys.argv[2:])
