"""How commands speak: complaints in one line, JSON one object a line."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError


class Complaint(Exception):
    """What went wrong and what to do, in one line."""


def json_line(answer: Any) -> None:
    print(json.dumps(answer, ensure_ascii=False, default=str), flush=True)


def add_ndjson(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--ndjson", action="store_true", help="read one JSON object a line, answer one a line"
    )


def answer(arguments: argparse.Namespace, ask: Callable[[Any], Any]) -> int:
    """Read one JSON object from standard input, or one a line with --ndjson, and print what `ask` makes of each.

    What cannot be answered is answered `{"error": {code, detail}}`; without --ndjson the exit code is then 1.
    """
    if not arguments.ndjson:
        reply = _one(sys.stdin.read(), ask)
        json_line(reply)
        return 1 if isinstance(reply, dict) and "error" in reply else 0
    for line in sys.stdin:
        if line.strip():
            json_line(_one(line, ask))
    return 0


def checked(question: type[BaseModel]) -> Callable[[Any], Any]:
    """Return a reader that turns JSON into the question, or raises ValueError that names the fields."""

    def read(given: Any) -> Any:
        try:
            return question.model_validate(given)
        except ValidationError as error:
            lines = [f"{'.'.join(map(str, e['loc'])) or 'question'}: {e['msg']}" for e in error.errors()]
            raise ValueError("; ".join(lines)) from None

    return read


def _one(text: str, ask: Callable[[Any], Any]) -> Any:
    try:
        return ask(json.loads(text))
    except json.JSONDecodeError as error:
        return {"error": {"code": "not_json", "detail": f"not JSON: {error}"}}
    except (ValueError, LookupError) as error:
        return {"error": {"code": getattr(error, "code", "invalid"), "detail": str(error)}}
