"""The rows of .importlinter, and what import-linter cannot see: foreign keys, and files outside any row."""

import configparser
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.db.models import ForeignObjectRel, Model

from scripts.check_source import Finding, Source

Rows = Mapping[str, int]


def rows(root: Path) -> dict[str, int]:
    """Return the height of every package: the lowest row is 0; neighbours share a number."""
    contracts = configparser.ConfigParser()
    contracts.read(root / ".importlinter")
    lines = contracts["importlinter:contract:layers"]["layers"].split("\n")
    written = [line for line in lines if line.strip()]
    return {
        name.strip(" ()"): height
        for height, line in enumerate(reversed(written))
        for name in line.replace(":", "|").split("|")
    }


def strangers(source: Source, heights: Rows) -> Iterator[Finding]:
    """Find files that belong to no package of the rows."""
    name = source.package or source.path.split("/")[-1].removesuffix(".py")
    if name not in heights and source.path != "huiyin/__init__.py":
        yield Finding(source.path, 1, f"{name} stands in no row of .importlinter")


def references_upwards(models: Iterable[type[Model]], heights: Rows) -> Iterator[str]:
    """Yield the foreign keys that point to a higher row, or sideways to another package, or to entries.

    Entries are partitioned one day, so others keep case and sequence instead of a key.
    """
    for model in models:
        own = model._meta.app_label
        if own not in heights:
            continue
        for field in model._meta.get_fields(include_parents=False):
            target = field.related_model
            if (
                isinstance(field, ForeignObjectRel)
                or not isinstance(target, type)
                or not issubclass(target, Model)
            ):
                continue
            name, other = f"{model.__name__}.{field.name}", target._meta.app_label
            if other in heights and other != own and heights[other] >= heights[own]:
                yield f"{name} points from {own} to {other}, which is not below it"
            if target._meta.label == "cases.Entry":
                yield f"{name} points to entries: keep case and sequence"
