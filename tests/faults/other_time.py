"""A wall clock of its own for the product, which can be set while it runs."""

import sys
from pathlib import Path


class OtherTime:
    """The difference to the true time; `cli` starts the product's command line with this clock."""

    def __init__(self, folder: Path, seconds: int = 0) -> None:
        self._file = folder / "other-time"
        self.set(seconds)
        self.cli = [sys.executable, "-m", "tests.faults.shifted", str(self._file)]

    def set(self, seconds: int) -> None:
        """Let the clock be this far ahead of the true time (behind, when negative)."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self._file)
