"""Tables for spreadsheets: CSV in which no cell can be taken for a formula, whatever somebody wrote into it."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

# A spreadsheet computes a cell that begins so; full-width signs are read as the plain ones.
_BEGINS = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the table as CSV (RFC 4180), every cell quoted and safe, with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value: str) -> str:
    """Return the value as text that stays text: what would begin a formula gets an apostrophe before it."""
    value = value.replace("\x00", "")
    first = next((letter for letter in value if unicodedata.category(letter)[0] not in "ZC"), "")
    computes = unicodedata.normalize("NFKC", first)[:1] in _BEGINS if first else False
    return f"'{value}" if computes or value[:1] in _BREAKS else value
