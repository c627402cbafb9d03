"""huiyin staffing: agents needed for a queue."""

from typing import Any

from huiyin.commands import say
from huiyin.engines import staffing


def add_to(commands: Any) -> None:
    command = commands.add_parser("staffing", help="agents needed by Erlang C (JSON in, JSON out)")
    say.add_ndjson(command)
    command.set_defaults(run=lambda arguments: say.answer(arguments, staffing.answer_json))
