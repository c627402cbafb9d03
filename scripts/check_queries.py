"""What surfaces ask the database for: only what the viewer may see, and never with lookups from outside."""

import ast
from collections.abc import Iterator

from scripts.check_source import Finding, Source

SURFACES = {"desk", "portal", "api"}
MANAGERS = {"objects", "_default_manager", "_base_manager", "all_objects"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404"}
LOOKUPS = {"filter", "exclude", "get", "get_or_create", "update_or_create", "annotate", "alias", "Q"}


def unlimited_queries(source: Source) -> Iterator[Finding]:
    """Find queries of a surface that do not start with `X.objects.visible_to(viewer)`."""
    if source.package not in SURFACES:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            following = source.parents.get(node)
            if not (isinstance(following, ast.Attribute) and following.attr == "visible_to"):
                yield source.finding(node, f"{ast.unparse(node)} without visible_to(viewer)")
        elif isinstance(node, ast.Call) and name_of(node) in SHORTCUTS and node.args:
            if isinstance(node.args[0], ast.Name) and node.args[0].id[:1].isupper():
                yield source.finding(
                    node, f"{name_of(node)} on a whole table: pass a visible_to(viewer) query"
                )
        elif isinstance(node, ast.Call) and name_of(node) in ("raw", "cursor"):
            yield source.finding(node, "SQL in a surface: give the package that owns the rows a function")


def lookups_from_outside(source: Source) -> Iterator[Finding]:
    """Find `filter(**values)` where the keys are not written in the code.

    Whoever chooses a key chooses the column and, by `_connector`, the logic.
    """
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and name_of(node) in LOOKUPS:
            for keyword in node.keywords:
                if keyword.arg is None and not has_literal_keys(keyword.value):
                    yield source.finding(node, f"{name_of(node)}(**…) with keys that are not in the code")


def has_literal_keys(value: ast.expr) -> bool:
    return isinstance(value, ast.Dict) and all(isinstance(key, ast.Constant) for key in value.keys)


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))
