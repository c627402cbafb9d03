"""What every check of the code shares: a source with its tree, and a finding that names its place."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that breaks a rule. `place` is `path:function`, stable while lines move."""

    place: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.place} (line {self.line}): {self.says}"


@dataclass(frozen=True)
class Source:
    """One Python file, with `path` relative to the checkout, as in `huiyin/cases/lifecycle.py`."""

    path: str
    text: str

    @classmethod
    def read(cls, root: Path, path: Path) -> Self:
        return cls(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: parent for parent in ast.walk(self.tree) for child in ast.iter_child_nodes(parent)}

    @property
    def package(self) -> str:
        """The package that owns the file: `cases` for `huiyin/cases/lifecycle.py`, empty above packages."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 else ""

    def finding(self, node: ast.AST, says: str) -> Finding:
        names = [scope.name for scope in self.scopes(node)]
        return Finding(":".join([self.path, *[".".join(reversed(names))] * bool(names)]), line_of(node), says)

    def scopes(self, node: ast.AST) -> Iterator[Scope]:
        """Yield the functions and classes around `node`, the innermost first."""
        above: ast.AST | None = node
        while above is not None:
            if isinstance(above, Scope):
                yield above
            above = self.parents.get(above)


def product(root: Path) -> list[Source]:
    """Return the product's own code: no tests, no migrations."""
    paths = sorted((root / "huiyin").rglob("*.py"))
    return [Source.read(root, path) for path in paths if not {"tests", "migrations"} & set(path.parts)]


def line_of(node: ast.AST) -> int:
    return getattr(node, "lineno", 1)


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for a chain of names, with `()` for anything else that stands in front."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "()"
