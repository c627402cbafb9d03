"""huiyin calendar due|elapsed|day: business time, tried."""

from typing import Any

from pydantic import BaseModel

from huiyin.commands import say
from huiyin.rules import tryout

QUESTIONS: dict[str, tuple[type[BaseModel], Any, str]] = {
    "due": (tryout.DueQuestion, tryout.due, "when working time or working days are over"),
    "elapsed": (tryout.ElapsedQuestion, tryout.elapsed, "working seconds between two moments"),
    "day": (tryout.DayQuestion, tryout.day, "whether a day is worked"),
}


def add_to(commands: Any) -> None:
    parts = commands.add_parser("calendar", help="business time (JSON in, JSON out)").add_subparsers(
        required=True
    )
    for name, (question, ask, about) in QUESTIONS.items():
        command = parts.add_parser(name, help=about)
        say.add_ndjson(command)
        command.set_defaults(run=_runner(say.checked(question), ask))


def _runner(read: Any, ask: Any) -> Any:
    return lambda arguments: say.answer(arguments, lambda given: ask(read(given)))
