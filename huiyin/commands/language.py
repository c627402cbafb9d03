"""huiyin language check: what a reply should not say, tried."""

from typing import Any


def add_to(commands: Any) -> None:
    pass
