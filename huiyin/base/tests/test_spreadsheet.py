"""Cells of exported tables: text stays text."""

import csv
import io
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.base import spreadsheet

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u200b=1",
]
texts = st.text(max_size=60) | st.builds(
    lambda begin, rest: begin + rest,
    st.sampled_from(
        ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u200b@", "﹦", '"=']
    ),
    st.text(max_size=40),
)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def computes(value: str) -> bool:
    """Say whether a spreadsheet may compute the cell: the first sign that is seen, in its plain form, begins one."""
    seen = "".join(letter for letter in value if unicodedata.category(letter)[0] not in "ZC")
    return unicodedata.normalize("NFKC", seen)[:1] in ("=", "+", "-", "@") or value[:1] in ("\t", "\r", "\n")


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_would_be_a_formula_is_text(formula: str) -> None:
    assert spreadsheet.cell(formula) == f"'{formula}"


@pytest.mark.parametrize("words", ["", "三处缺货", "a=b", "2026-03-02", "'quoted'", "13:30"])
def test_what_is_no_formula_stays_as_it_is(words: str) -> None:
    assert spreadsheet.cell(words) == words


# The first draw of any text builds a table of all letters, which a busy machine is slow at.
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(texts, min_size=1, max_size=6))
def test_whatever_is_written_comes_back_cell_by_cell_and_nothing_is_computed(row: list[str]) -> None:
    header, came = read(spreadsheet.csv_text(["name"] * len(row), [row]))
    assert len(header) == len(came) == len(row)
    assert not [value for value in came if computes(value)]
    for wrote, value in zip(row, came, strict=True):
        assert value in (wrote.replace("\x00", ""), "'" + wrote.replace("\x00", ""))


def test_the_file_says_that_it_is_utf_8() -> None:
    assert spreadsheet.csv_text(["名称"], []).startswith("\ufeff")
