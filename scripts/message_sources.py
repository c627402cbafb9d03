"""Finds the texts that need a translation, in Python files and templates, without gettext's own programs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

# Function → which of its arguments is the context, the text, the plural.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "noop": (None, 0, None),
    "_": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"""u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*\""""
CALL_IN_TEMPLATE = re.compile(
    rf"(?<![\w.])(gettext|ngettext|pgettext|npgettext|_)\(\s*((?:{STRING})(?:\s*,\s*(?:{STRING}))*)",
    re.DOTALL,
)


@dataclass(slots=True)
class Text:
    """One text of the sources: what is translated, and the files it stands in."""

    msgid: str
    context: str | None = None
    plural: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid


def collect(root: Path) -> dict[tuple[str | None, str], Text]:
    """Return every text under `root`/huiyin by context and msgid; tests and migrations have none."""
    found: dict[tuple[str | None, str], Text] = {}
    for path in sorted((root / "huiyin").rglob("*")):
        if {"tests", "migrations"} & set(path.parts) or path.suffix not in (".py", ".html", ".txt"):
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        for text in in_python(source) if path.suffix == ".py" else in_template(source):
            known = found.setdefault(text.key, text)
            known.plural = known.plural or text.plural
            known.files.add(path.relative_to(root).as_posix())
    return found


def in_python(source: str) -> Iterator[Text]:
    """Yield the texts of one Python source; a call whose text is not literal has none."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            literals = [
                argument.value if isinstance(argument, ast.Constant) else None for argument in node.args
            ]
            yield from text_of(name, literals)


def in_template(source: str) -> Iterator[Text]:
    """Yield the texts of one template: its translate tags, blocks and `_("…")` arguments."""
    for name, arguments in CALL_IN_TEMPLATE.findall(templatize(source)):
        yield from text_of(name, [ast.literal_eval(literal) for literal in re.findall(STRING, arguments)])


def text_of(function: str, arguments: Iterable[object]) -> Iterator[Text]:
    if function not in FUNCTIONS:
        return
    given = dict(enumerate(arguments))
    context_at, text_at, plural_at = FUNCTIONS[function]
    msgid, plural, context = given.get(text_at), given.get(plural_at or -1), given.get(context_at or 0)
    if not isinstance(msgid, str) or not msgid:
        return
    yield Text(
        msgid=msgid,
        context=context if context_at is not None and isinstance(context, str) else None,
        plural=plural if isinstance(plural, str) else None,
    )
