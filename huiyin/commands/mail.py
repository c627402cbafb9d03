"""huiyin mail parse: what the mail channel understands of a message."""

import argparse
import sys
from pathlib import Path
from typing import Any

from huiyin.commands import say
from huiyin.engines import mail


def add_to(commands: Any) -> None:
    parts = commands.add_parser("mail", help="mail, tried").add_subparsers(required=True)
    parse = parts.add_parser("parse", help="what was understood of a message, one JSON object a message")
    parse.add_argument("files", nargs="*", metavar="FILE", help="messages; without them standard input")
    parse.set_defaults(run=_parse)


def _parse(arguments: argparse.Namespace) -> int:
    if not arguments.files:
        say.json_line({"file": "-", **mail.to_json(mail.parse(sys.stdin.buffer.read()))})
        return 0
    unread = 0
    for name in arguments.files:
        try:
            raw = Path(name).read_bytes()
        except OSError as error:
            say.json_line({"file": name, "error": {"code": "unreadable", "detail": error.strerror}})
            unread += 1
            continue
        say.json_line({"file": name, **mail.to_json(mail.parse(raw))})
    return 1 if unread else 0
