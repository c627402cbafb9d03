"""No stored text is ever compiled as a template: it would read whatever the context holds."""

import ast
from collections.abc import Iterator

from scripts.check_source import Finding, Source

HOMES = ("django.template", "django.template.base", "django.template.engine")


def compiled_text(source: Source) -> Iterator[Finding]:
    """Find every way to make a template from a string."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            from_django = node.module in HOMES and any(name.name == "Template" for name in node.names)
            if from_django or node.module.split(".")[0] == "jinja2":
                yield source.finding(node, f"imports a template compiler from {node.module}")
        elif isinstance(node, ast.Import) and any(name.name.split(".")[0] == "jinja2" for name in node.names):
            yield source.finding(node, "imports a template compiler, jinja2")
        elif isinstance(node, ast.Attribute) and node.attr == "from_string":
            yield source.finding(node, "from_string compiles text as a template")
        elif (
            isinstance(node, ast.Attribute)
            and node.attr == "Template"
            and ast.unparse(node.value)
            in (
                "template",
                *HOMES,
            )
        ):
            yield source.finding(node, "Template compiles text as a template")
