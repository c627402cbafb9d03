"""huiyin understand: what a message would be understood as."""

import argparse
from typing import Any

from huiyin.base import clock
from huiyin.commands import say
from huiyin.rules import tryout


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        "understand", help="what a message would be understood as (JSON in, JSON out)"
    )
    command.add_argument("text", nargs="?", help="the message; without it JSON is read from standard input")
    say.add_ndjson(command)
    command.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.text is not None:
        say.json_line(_ask({"text": arguments.text}))
        return 0
    return say.answer(arguments, _ask)


def _ask(given: Any) -> Any:
    return tryout.understood(say.checked(tryout.UnderstandQuestion)(given), at=clock.now())
