"""Upgrading a pack: a three-way merge of each field that keeps what was edited here."""

from typing import Any

import pytest

from huiyin.base import configured
from huiyin.rules.models import Category
from tests.given import MONDAY_9

pytestmark = pytest.mark.django_db
NAME = {"zh": "测试", "en": "test"}


def row(**fields: Any) -> dict[str, Any]:
    return {"name": NAME, "priority": "normal", "team": "", **fields}


def apply(*rows: tuple[str, dict[str, Any]], origin: str = "trial") -> configured.Merged:
    return configured.merge(Category, dict(rows), origin=origin, at=MONDAY_9)


def test_the_same_again_changes_nothing_and_keeps_the_version() -> None:
    apply(("a", row()))
    version = configured.version()
    assert not apply(("a", row()))
    assert configured.version() == version


def test_a_field_edited_here_stays_while_the_others_are_upgraded() -> None:
    apply(("a", row()))
    Category.objects.filter(code="a").update(priority="urgent")
    done = apply(("a", row(priority="low", team="service")))
    found = Category.objects.get(code="a")
    assert (found.priority, found.team, done.kept) == ("urgent", "service", ["a.priority"])


def test_an_edit_that_the_upgrade_makes_too_is_no_conflict() -> None:
    apply(("a", row()))
    Category.objects.filter(code="a").update(priority="low")
    assert apply(("a", row(priority="low"))).kept == []


def test_a_row_that_the_pack_names_no_more_is_retired_and_comes_back_with_it() -> None:
    apply(("a", row()), ("b", row()))
    assert apply(("a", row())).retired == ["b"]
    assert Category.objects.get(code="b").retired_at == MONDAY_9
    apply(("a", row()), ("b", row()))
    assert Category.objects.get(code="b").retired_at is None


def test_a_row_retired_here_stays_retired_through_every_upgrade() -> None:
    apply(("a", row()))
    Category.objects.filter(code="a").update(retired_at=MONDAY_9)
    apply(("a", row()))
    apply(("a", row(team="service")))
    assert Category.objects.get(code="a").retired_at == MONDAY_9


def test_a_row_made_here_under_the_same_code_is_not_overwritten() -> None:
    Category.objects.create(code="a", name=NAME, priority="urgent")
    done = apply(("a", row(priority="low")))
    assert Category.objects.get(code="a").priority == "urgent"
    assert "a.priority" in done.kept


def test_rows_of_another_origin_are_left_alone() -> None:
    apply(("a", row()), origin="other")
    apply(("b", row()))
    assert Category.objects.get(code="a").retired_at is None
