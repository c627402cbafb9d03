"""One way out: who calls other machines, and what would read files or addresses that a document names."""

import ast
from collections.abc import Iterator

from scripts.check_source import Finding, Source

CLIENTS = frozenset(
    {
        "aiohttp",
        "ftplib",
        "http.client",
        "httpx",
        "imaplib",
        "paramiko",
        "poplib",
        "requests",
        "smtplib",
        "telnetlib",
        "urllib.request",
        "urllib3",
        "websockets",
        "xmlrpc.client",
    }
)
THE_CLIENT, THE_PICTURES = "huiyin/base/http.py", "huiyin/base/pictures.py"
RENDERERS = frozenset(
    {"PIL", "cairosvg", "fitz", "pdfkit", "pypdf", "reportlab", "svglib", "wand", "weasyprint", "xhtml2pdf"}
)


def calls_out_elsewhere(source: Source) -> Iterator[Finding]:
    """Find clients of other machines beside the one that checks addresses, time and size."""
    if source.path == THE_CLIENT:
        return
    for node in ast.walk(source.tree):
        for module in _modules(node):
            if module in CLIENTS or module.partition(".")[0] in CLIENTS:
                yield source.finding(node, f"imports {module}: call others through base.http")
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("create_connection"):
            yield source.finding(node, "opens a connection: call others through base.http")


def renderers(source: Source) -> Iterator[Finding]:
    """Find what draws or reads documents, which fetches whatever they name, beside what draws plain pictures."""
    if source.path == THE_PICTURES:
        return
    for node in ast.walk(source.tree):
        for module in _modules(node):
            if module.partition(".")[0] in RENDERERS:
                yield source.finding(
                    node, f"imports {module}: a renderer needs a fetcher that refuses, and its test"
                )


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{one.name}" for one in node.names)
