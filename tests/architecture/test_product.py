"""Every rule, on the whole product."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.check_clock import clock_reads
from scripts.check_imports import imports_in_functions
from scripts.check_queries import lookups_from_outside, unlimited_queries
from scripts.check_reach import calls_out_elsewhere, renderers
from scripts.check_shape import packages_without_opening, too_long
from scripts.check_source import Finding, Source, product
from scripts.check_stored import html_as_it_comes, text_that_acts, xml_without_defence
from scripts.check_templates import compiled_text
from scripts.check_writes import transactions_elsewhere
from scripts.steps import ROOT

RULES = [
    calls_out_elsewhere,
    clock_reads,
    compiled_text,
    html_as_it_comes,
    imports_in_functions,
    lookups_from_outside,
    packages_without_opening,
    renderers,
    text_that_acts,
    too_long,
    transactions_elsewhere,
    unlimited_queries,
    xml_without_defence,
]
ALLOWED: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("allowed.toml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return product(ROOT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_product_keeps_the_rule(
    rule: Callable[[Source], Iterator[Finding]], sources: list[Source]
) -> None:
    allowed = ALLOWED.get(rule.__name__, {})
    broken = [finding for source in sources for finding in rule(source) if finding.place not in allowed]
    assert not broken, "\n" + "\n".join(map(str, broken))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_an_exception_leaves_the_list_when_it_is_no_longer_needed(
    rule: Callable[[Source], Iterator[Finding]], sources: list[Source]
) -> None:
    places = {finding.place for source in sources for finding in rule(source)}
    assert set(ALLOWED.get(rule.__name__, {})) <= places


def test_exceptions_name_a_rule_and_a_reason() -> None:
    assert set(ALLOWED) <= {rule.__name__ for rule in RULES}
    assert all(len(reason) > 10 for places in ALLOWED.values() for reason in places.values())


def test_no_template_shows_a_text_without_escaping_it() -> None:
    loud = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off|\bdebug\b\s*%}")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "huiyin").rglob("templates/**/*.html")
        if loud.search(path.read_text("utf-8"))
    ]
    assert not found
    assert all(map(loud.search, ("{{ text|safe }}", "{{ text | safeseq }}", "{% autoescape off %}")))
