"""Every command with its words."""

import argparse

from huiyin.commands import (
    accounts,
    calendar,
    language,
    mail,
    score,
    serve,
    setup,
    staffing,
    understand,
    verify,
)


def build() -> argparse.ArgumentParser:
    """Return the parser; each module adds its own commands."""
    top = argparse.ArgumentParser(
        prog="huiyin", description="Huiyin 回音: every contact answered, every promise kept in view."
    )
    top.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for module in (serve, setup, accounts, understand, calendar, staffing, score, language, mail, verify):
        module.add_to(commands)
    return top
