"""huiyin score check|pay|commission: schemes, bands and tiers, tried."""

from typing import Any

from huiyin.commands import say
from huiyin.engines.scoring import wire

QUESTIONS = {
    "check": (wire.check_json, "what is wrong with a scheme, bands or tiers"),
    "pay": (wire.pay_json, "what a score is paid"),
    "commission": (wire.commission_json, "what an amount received earns"),
}


def add_to(commands: Any) -> None:
    parts = commands.add_parser("score", help="schemes and pay (JSON in, JSON out)").add_subparsers(
        required=True
    )
    for name, (ask, about) in QUESTIONS.items():
        command = parts.add_parser(name, help=about)
        say.add_ndjson(command)
        command.set_defaults(run=_runner(ask))


def _runner(ask: Any) -> Any:
    return lambda arguments: say.answer(arguments, ask)
