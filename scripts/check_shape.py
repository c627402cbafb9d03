"""Files and functions stay short enough to read at once, and every package says what it owns."""

import ast
import re
from collections.abc import Iterator

from scripts.check_source import Finding, Source

FILE_LINES = 300
FUNCTION_LINES = 60
# Folders that every surface has; the surface says what they are.
PARTS_OF_SURFACES = ("/views/__init__.py", "/templatetags/__init__.py")
OPENING = re.compile(r"Owns .*\n(.*\n)*Does not own .*\n(.*\n)*Start ")


def too_long(source: Source) -> Iterator[Finding]:
    """Find files over 300 lines and functions over 60."""
    lines = source.text.count("\n")
    if lines > FILE_LINES:
        yield Finding(source.path, lines, f"{lines} lines: more than one subject")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield source.finding(node, f"{length} lines: name its parts")


def packages_without_opening(source: Source) -> Iterator[Finding]:
    """Find packages whose `__init__.py` does not say Owns …, Does not own …, Start … in this order."""
    if not (source.path.endswith("/__init__.py") and source.package) or source.path.endswith(
        PARTS_OF_SURFACES
    ):
        return
    if not OPENING.match(ast.get_docstring(source.tree) or ""):
        yield Finding(source.path, 1, "its docstring says in three lines: Owns …, Does not own …, Start …")
