"""Imports stand at the top of a file: a cycle must hurt at once."""

import ast
from collections.abc import Iterator

from scripts.check_source import Finding, Scope, Source


def imports_in_functions(source: Source) -> Iterator[Finding]:
    """Find imports below the top level; heavy/ and `AppConfig.ready` may have them."""
    if source.package == "heavy":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            scopes = list(source.scopes(node))
            if scopes and not is_ready(scopes):
                yield source.finding(node, "import inside a function: move it to the top of the file")


def is_ready(scopes: list[Scope]) -> bool:
    owner = scopes[-1]
    return (
        len(scopes) == 2
        and scopes[0].name == "ready"
        and isinstance(owner, ast.ClassDef)
        and any(ast.unparse(base).endswith("AppConfig") for base in owner.bases)
    )
