"""The command line: one parser, one module a noun. Errors are one line with the remedy; `--debug` shows the rest."""

import os
import sys
from collections.abc import Sequence

import django
from django.db import DatabaseError


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 refused or failed, 2 not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
    django.setup()
    from huiyin.commands import parser  # noqa: PLC0415 models exist only after setup

    arguments = parser.build().parse_args(argv)
    try:
        code = arguments.run(arguments)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if arguments.debug:
            raise
        print(f"huiyin: {_in_a_line(error)}", file=sys.stderr)
        sys.exit(1)
    sys.exit(code or 0)


def _in_a_line(error: Exception) -> str:
    if isinstance(error, DatabaseError):
        return (
            f"the database cannot be used: {str(error).splitlines()[0]}. Find the cause with: huiyin doctor"
        )
    if type(error).__name__ == "Complaint":
        return str(error)
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}. Details: huiyin --debug …"
