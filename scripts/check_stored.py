"""What comes from outside or out of the store is read, never run: no pickles, no format strings, no bare XML parser."""

import ast
from collections.abc import Iterator

from scripts.check_source import Finding, Source

RUNS = frozenset(
    {"pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}
)
XML = frozenset({"xml", "lxml", "xmltodict", "expat", "pyexpat", "untangle"})
CALLS = frozenset({"eval", "exec", "compile", "__import__"})
COMPILERS = frozenset({"Template", "Formatter"})
PLAIN_HTML = frozenset({"mark_safe", "SafeString", "SafeText", "format_html", "format_html_join"})
YAML = frozenset({"load", "load_all", "unsafe_load", "full_load", "unsafe_load_all", "full_load_all"})


def text_that_acts(source: Source) -> Iterator[Finding]:
    """Find what would run, or read for, a text that somebody else wrote."""
    for node in ast.walk(source.tree):
        for module, names in _imported(node):
            if module.partition(".")[0] in RUNS:
                yield source.finding(node, f"imports {module}, whose reading runs what it reads")
            if module == "string" and names & COMPILERS:
                yield source.finding(node, "imports a compiler of format strings")
        if isinstance(node, ast.Call):
            yield from _call(source, node)


def xml_without_defence(source: Source) -> Iterator[Finding]:
    """Find XML parsers that follow entities; `defusedxml` does not."""
    for node in ast.walk(source.tree):
        for module, _ in _imported(node):
            if module.partition(".")[0] in XML:
                yield source.finding(node, f"imports {module}: read XML with defusedxml")


def html_as_it_comes(source: Source) -> Iterator[Finding]:
    """Find values that a page would show without escaping them."""
    for node in ast.walk(source.tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in PLAIN_HTML:
            yield source.finding(node, f"{name} shows a text without escaping it")


def _call(source: Source, node: ast.Call) -> Iterator[Finding]:
    called = node.func
    if isinstance(called, ast.Name) and called.id in CALLS:
        yield source.finding(node, f"{called.id} runs a text")
    if not isinstance(called, ast.Attribute):
        return
    if called.attr in ("format", "format_map") and not isinstance(called.value, ast.Constant):
        yield source.finding(node, f"{called.attr} reads whatever a stored text asks it for")
    is_safe = any(
        one.arg == "Loader" and ast.unparse(one.value).endswith("SafeLoader") for one in node.keywords
    )
    if called.attr in YAML and ast.unparse(called.value) == "yaml" and not is_safe:
        yield source.finding(node, f"yaml.{called.attr} makes objects: use a SafeLoader")


def _imported(node: ast.AST) -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(node, ast.Import):
        yield from ((one.name, frozenset()) for one in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module, frozenset(one.name for one in node.names)
