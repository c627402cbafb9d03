from collections.abc import Iterator

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
