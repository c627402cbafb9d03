import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from scripts.check_layers import references_upwards, rows, strangers
from scripts.check_source import Source, product
from scripts.steps import ROOT

HEIGHTS = {"base": 0, "staff": 1, "rules": 2, "records": 2, "cases": 3}


@pytest.fixture
def samples() -> Iterator[None]:
    """Keep sample models out of the product's registry."""
    with isolate_apps():
        yield


def a_model(label: str, *, keyed_to: type[models.Model] | None = None) -> type[models.Model]:
    members: dict[str, object] = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": label})}
    if keyed_to:
        members["target"] = models.ForeignKey(keyed_to, on_delete=models.PROTECT, related_name="+")
    return type(f"{label.title()}Sample", (models.Model,), members)


def test_no_foreign_key_of_the_product_points_upwards() -> None:
    found = list(references_upwards(apps.get_models(include_auto_created=True), rows(ROOT)))
    assert not found, "\n" + "\n".join(found)


def test_every_file_of_the_product_stands_in_a_row() -> None:
    heights = rows(ROOT)
    assert not [str(finding) for source in product(ROOT) for finding in strangers(source, heights)]


def test_the_rows_are_those_of_the_architecture() -> None:
    heights = rows(ROOT)
    assert heights["engines"] == 0
    assert heights["base"] < heights["serving"] < heights["staff"] < heights["customers"] < heights["cases"]
    assert heights["rules"] == heights["records"] == heights["channels"]
    assert (
        heights["desk"] == heights["portal"] == heights["api"] == heights["commands"] > heights["automation"]
    )


@pytest.mark.usefixtures("samples")
def test_a_key_to_a_lower_row_is_right() -> None:
    assert not list(references_upwards([a_model("cases", keyed_to=a_model("staff"))], HEIGHTS))


@pytest.mark.usefixtures("samples")
def test_a_key_to_a_higher_row_is_found() -> None:
    assert list(references_upwards([a_model("base", keyed_to=a_model("staff"))], HEIGHTS))


@pytest.mark.usefixtures("samples")
def test_a_key_to_a_neighbour_is_found() -> None:
    assert list(references_upwards([a_model("records", keyed_to=a_model("rules"))], HEIGHTS))


@pytest.mark.parametrize("path", ["huiyin/misc/thing.py", "huiyin/loose.py"])
def test_a_file_outside_the_rows_is_found(path: str) -> None:
    assert list(strangers(Source(path, ""), rows(ROOT)))


@pytest.mark.parametrize(
    ("place", "text", "kept"),
    [
        ("desk/views.py", "from huiyin.cases import lifecycle", True),
        ("cases/lifecycle.py", "from huiyin.desk import views", False),
        ("desk/views.py", "from huiyin.portal import views", False),
        ("engines/assign.py", "import django", False),
        ("engines/assign.py", "from huiyin import base", False),
        ("misc/__init__.py", "", False),
    ],
)
def test_an_import_upwards_or_sideways_fails_the_lint(
    tmp_path: Path, place: str, text: str, kept: bool
) -> None:
    for name in ("", "engines/", "base/", "cases/", "desk/", "portal/", f"{Path(place).parent}/"):
        (tmp_path / "huiyin" / name).mkdir(exist_ok=True)
        (tmp_path / "huiyin" / name / "__init__.py").touch()
    for name in ("cases/lifecycle.py", "desk/views.py", "portal/views.py"):
        (tmp_path / "huiyin" / name).touch()
    (tmp_path / "huiyin" / place).write_text(text)
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as lint; lint()",
        "--no-cache",
    ]
    done = subprocess.run(
        [*command, "--config", ROOT / ".importlinter"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert f"{0 if kept else 1} broken" in done.stdout, done.stdout
