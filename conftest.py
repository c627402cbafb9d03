"""Which tests run where, and how the last part of `make test` ends."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent
pytest_plugins = ["tests.database"]
# These touch no database of their own, or bring their own: a second run on PostgreSQL would prove nothing.
ONCE = [ROOT / "huiyin" / "engines", ROOT / "huiyin" / "serving", ROOT / "tests" / "architecture"]

# A limit of time for each example would measure the machine, not the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "once: does not depend on the database; runs on SQLite only")
    config.addinivalue_line("markers", "slow: only in `make faults`")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in ONCE):
            item.add_marker(pytest.mark.once)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what came before, so that the output of `make test` still ends with pytest's own lines."""
    earlier = os.environ.get("HUIYIN_EARLIER_PARTS")
    if earlier:
        terminalreporter.section("before these tests")
        terminalreporter.write_line(earlier)
