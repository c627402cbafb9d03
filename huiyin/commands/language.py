"""huiyin language check: what a reply should not say, tried."""

from typing import Any

from huiyin.commands import say
from huiyin.rules import tryout


def add_to(commands: Any) -> None:
    parts = commands.add_parser("language", help="checks of what is written to customers").add_subparsers(
        required=True
    )
    command = parts.add_parser("check", help="what a reply should not say or lacks (JSON in, JSON out)")
    say.add_ndjson(command)
    command.set_defaults(run=lambda arguments: say.answer(arguments, _ask))


def _ask(given: Any) -> Any:
    return tryout.language_check(say.checked(tryout.LanguageQuestion)(given))
